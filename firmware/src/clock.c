#include "clock.h"
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>
#include "event.h"

volatile uint32_t clock_overflows;
uint16_t clock_polled_overflows;
static uint32_t counted_ticks; /* how far `milliseconds` has come */
static uint32_t milliseconds;

/* Budget: 80 cycles (5 us), 977 times a second. It is also what wakes the main loop. */
ISR(TIMER0_OVF_vect) {
    clock_overflows++;
    event_note();
}

void clock_start(void) {
    TCCR0A = 0;                    /* count 0..255 for ever */
    TCCR0B = _BV(CS01) | _BV(CS00); /* clock / 64 = 4 us */
    TIMSK0 = _BV(TOIE0);
}

uint32_t clock_ticks(void) {
    uint32_t ticks = clock_overflows << 8;
    uint16_t low = clock_short_ticks();
    /* The short count may be one overflow ahead, never behind. */
    return ticks + (uint16_t)(low - (uint16_t)ticks);
}

uint8_t clock_poll(void) {
    uint32_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        now = clock_ticks();
        clock_polled_overflows = (uint16_t)clock_overflows;
    }
    uint8_t elapsed = 0;
    /* Signed: should an overflow be lost, the clock stands for a millisecond. Unsigned it would
     * hurry after five hours, and every frame and every command would seem old. */
    while ((int32_t)(now - counted_ticks) >= CLOCK_TICKS_PER_MS && elapsed < UINT8_MAX) {
        counted_ticks += CLOCK_TICKS_PER_MS;
        elapsed++;
    }
    milliseconds += elapsed;
    return elapsed;
}

uint32_t clock_ms(void) {
    return milliseconds;
}
