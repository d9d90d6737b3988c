#include "speed_loop.h"
#include <stdbool.h>

/* The rotor is a delay of first order, 1 to 2 s. An integral time of 1.5 s cancels it; the gain of
 * 2.5 makes the loop that many times as fast as the fan by itself, still far from what the 50 to
 * 100 ms of measuring could upset. */
#define SCALE 256
#define PROPORTIONAL 640 /* 2.5 */
#define INTEGRAL 21      /* 2.5 / 1.5 s * 50 ms */
#define MOST ((int32_t)1000 * SCALE)
/* The integral finds what the expected duty is off by; on the way there the rest does the work, and
 * summing up the whole error would be paid back as overshoot. */
#define FULL_RATE_ERROR 60
/* From 0 to 100 % in half a second: no fan follows faster, and its current has no jumps. */
#define SLEW ((int32_t)100 * SCALE)

static int32_t limited(int32_t value, int32_t low, int32_t high) {
    return value < low ? low : value > high ? high : value;
}

void speed_loop_begin(struct speed_loop *loop, uint16_t permille, uint16_t expected) {
    loop->output = (int32_t)permille * SCALE;
    loop->integral = (int32_t)expected * SCALE;
    loop->expected = expected;
}

uint16_t speed_loop_step(struct speed_loop *loop, int16_t error, uint16_t expected,
                         uint16_t least) {
    /* Another target moves the integral to where it is expected to end. */
    loop->integral += ((int32_t)expected - loop->expected) * SCALE;
    loop->expected = expected;
    int32_t wanted = loop->integral + (int32_t)PROPORTIONAL * error;
    int32_t low = limited(loop->output - SLEW, (int32_t)least * SCALE, MOST);
    int32_t high = limited(loop->output + SLEW, low, MOST);
    loop->output = limited(wanted, low, high);
    /* No windup: what cannot be put out is not summed up. */
    bool held = error > 0 ? wanted > high : wanted < low;
    if (!held) {
        loop->integral += INTEGRAL * limited(error, -FULL_RATE_ERROR, FULL_RATE_ERROR);
    }
    loop->integral = limited(loop->integral, 0, MOST);
    return (uint16_t)((loop->output + SCALE / 2) / SCALE);
}
