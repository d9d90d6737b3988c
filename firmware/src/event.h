/* Whether an interrupt left something to do for the main loop: one bit of a register that an
 * instruction sets and another tests, so that the interrupts that leave nothing cost little. */
#pragma once
#include <avr/io.h>
#include <stdbool.h>

#define EVENT_BIT 0

static inline void event_note(void) {
    GPIOR0 |= _BV(EVENT_BIT);
}

static inline bool event_noted(void) {
    return GPIOR0 & _BV(EVENT_BIT);
}

static inline void event_forget(void) {
    GPIOR0 &= (uint8_t)~_BV(EVENT_BIT);
}
