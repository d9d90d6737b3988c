/* Holds a speed: a PI controller without floating point. Pure.
 * Speeds are taken in permille of the fan's greatest, so that the plant's gain is about 1. */
#pragma once
#include <stdint.h>

struct speed_loop {
    int32_t integral; /* 256ths of a permille */
    int32_t output;   /* the same */
    uint16_t expected;
};

/* Goes on from the duty that the fan is driven with to about the one that is expected to hold. */
void speed_loop_begin(struct speed_loop *loop, uint16_t permille, uint16_t expected);

/* The duty for the next 50 ms, `least` to 1000 permille. `error` is what the speed is short of,
 * -1000 to 1000; `expected` the duty at which the target should be reached. */
uint16_t speed_loop_step(struct speed_loop *loop, int16_t error, uint16_t expected,
                         uint16_t least);
