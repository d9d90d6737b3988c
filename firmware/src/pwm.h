/* The output stage: a compare value on a pin, or the pin let go. Waveforms are the timers' work. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Releases every channel and starts the timers. */
void pwm_start(void);

/* Makes the pin an input without pull-up: the gate's pull-down shuts the FET, the fan's own
 * pull-up lifts its line, the fan runs at full speed. */
void pwm_release(uint8_t channel);

/* Drives the pin so that the fan's line is high for `compare` of the channel's steps; 0 is a true
 * level. */
void pwm_drive(uint8_t channel, uint16_t compare);

/* Whether the registers still hold what was asked for last, on every channel. */
bool pwm_holds(void);
