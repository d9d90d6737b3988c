#include "watchdog.h"
#include <avr/interrupt.h>
#include <avr/wdt.h>
#include "clock.h"

#define EVERY_STAGE (STAGE_RECEIVE | STAGE_CONTROL | STAGE_TACH | STAGE_OUTPUT)

uint16_t watchdog_fed_at;
static uint8_t ran;

/* An interrupt that nobody asked for: the chip is not in the state this program believes in. The
 * default would jump to the start with the outputs driven; the watchdog resets them as well. */
ISR(BADISR_vect) {
    for (;;) {
    }
}

void watchdog_start(void) {
    wdt_enable(WDTO_500MS);
}

void watchdog_stage_ran(enum stage stage) {
    ran |= stage;
    if (ran == EVERY_STAGE) {
        wdt_reset();
        watchdog_fed_at = clock_polled_overflows;
        ran = 0;
    }
}
