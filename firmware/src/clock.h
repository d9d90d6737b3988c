/* Time since reset: 4 us ticks for the tachometers, milliseconds for everything else. */
#pragma once
#include <avr/io.h>
#include <stdint.h>

#define CLOCK_TICKS_PER_MS 250
#define CLOCK_US_PER_TICK 4

extern volatile uint32_t clock_overflows; /* of the 8-bit counter, one each 1.024 ms */

void clock_start(void);

/* Ticks since reset; wraps after 4.7 hours. Call it with interrupts off. */
uint32_t clock_ticks(void);

/* The low half of the ticks, for interrupts: in line, so that they need not save what a call may
 * change. An overflow that waits for its interrupt belongs to a low count just past zero. */
static inline uint16_t clock_short_ticks(void) {
    uint8_t high = *(volatile uint8_t *)&clock_overflows; /* its lowest byte, and no other */
    uint8_t low = TCNT0;
    if ((TIFR0 & _BV(TOV0)) && low < 128) {
        high++;
    }
    return (uint16_t)(high << 8 | low);
}

extern uint16_t clock_polled_overflows; /* at the last clock_poll(), the low half */

/* Carries the ticks over into milliseconds; returns how many went by since the last call. */
uint8_t clock_poll(void);

/* Milliseconds since reset at the last clock_poll(); wraps after 49 days. */
uint32_t clock_ms(void);
