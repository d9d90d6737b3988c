/* The output stage: a compare value on a pin, or the pin let go. Waveforms are the timers' work. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "board.h"
#include "config.h"

/* Releases every channel and starts the timers. */
void pwm_start(enum output_stage stage);

/* Releases every channel and takes another output stage from now on. */
void pwm_change_stage(enum output_stage stage);

/* Makes the pin an input without pull-up: it drives neither a gate, which its pull-down holds low,
 * nor the fan's line, so that the fan's own pull-up lifts it: full speed on either stage. */
void pwm_release(uint8_t channel);

/* Drives the pin so that the fan's line is high for `compare` of the channel's steps, which is less
 * than all of them; 0 is a true level. */
void pwm_drive(uint8_t channel, uint16_t compare);

extern uint16_t pwm_wanted[BOARD_CHANNELS]; /* written by pwm.c */

/* What the channel was told last; all of its steps = released. */
static inline uint16_t pwm_compare(uint8_t channel) {
    return pwm_wanted[channel];
}

/* Looks at one channel after the other, one a call. Whether the registers of all of them still held
 * what was asked for last, when the round is complete; false before. */
bool pwm_round_holds(void);
