/* Starts standing fans: a kick until the tachometer answers or its time is up, then again after a
 * pause. Kicks of several channels begin one after the other, so that their surges do not add. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* What to drive the channel with now, when `permille` is wanted. Call it once a step; `start` is
 * the duty of a kick. */
uint16_t spinup_step(uint8_t channel, uint16_t permille, uint16_t start);

/* Ends a kick: the channel is not to be started any more. */
void spinup_cancel(uint8_t channel);

/* Whether a fan stands and would be kicked if it was driven. */
bool spinup_needed(uint8_t channel);

/* Whether it is being kicked, or waits for its turn. */
bool spinup_under_way(uint8_t channel);

/* Whether a kick was in vain and the next one is not due yet. */
bool spinup_paused(uint8_t channel);

/* Lets a step's time go by for the turns. */
void spinup_pass_time(void);
