/* Chance with a seed (xorshift), so that a failure comes again. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

extern uint32_t random_state; /* never 0 */

static inline uint32_t random_next(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* 0 to `limit` - 1. */
static inline uint32_t below(uint32_t limit) {
    return (uint32_t)(((uint64_t)random_next() * limit) >> 32);
}

static inline bool one_in(uint32_t times) {
    return below(times) == 0;
}
