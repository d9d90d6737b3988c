/* Time since reset: 4 us ticks for the tachometers, milliseconds for everything else. */
#pragma once
#include <stdint.h>

#define CLOCK_TICKS_PER_MS 250
#define CLOCK_US_PER_TICK 4

void clock_start(void);

/* Ticks since reset; wraps after 4.7 hours. Call it with interrupts off. */
uint32_t clock_ticks(void);

/* Carries the ticks over into milliseconds; returns how many went by since the last call. */
uint8_t clock_poll(void);

/* Milliseconds since reset at the last clock_poll(); wraps after 49 days. */
uint32_t clock_ms(void);
