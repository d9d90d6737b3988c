#include "reset.h"
#include <avr/io.h>
#include <avr/wdt.h>
#include <stdbool.h>
#include "clock.h"
#include "eeprom.h"
#include "watchdog.h"

/* In ticks of 1.024 ms: the watchdog bites after 0.5 s, by an oscillator that may be 20 % off. */
#define HUNGRY_TICKS 380
#define BITTEN_TICKS 700

#define CAUSES (_BV(PORF) | _BV(EXTRF) | _BV(BORF) | _BV(WDRF))

#define KEPT __attribute__((section(".noinit")))

static uint8_t causes KEPT;
/* Survives every reset but a loss of power; `check` is its complement when it did. */
static uint32_t boot_id KEPT;
static uint32_t check KEPT;

static uint8_t handed_over KEPT; /* r2 as it was at the start */
static uint16_t hungry_ticks KEPT; /* how long the watchdog had not been fed before the reset */

/* Before the data segment is set up: after a watchdog reset the watchdog is still running, at its
 * shortest period, and would bite again before main(). What the last run left in the variables is
 * still there, and r2 is what a bootloader put into it. */
void keep_causes(void) __attribute__((naked, used, section(".init3")));
void keep_causes(void) {
    __asm__ volatile("sts %0, r2" : "=m"(handed_over));
    hungry_ticks = (uint16_t)clock_overflows - watchdog_fed_at;
    causes = MCUSR & CAUSES;
    MCUSR = 0;
    wdt_disable();
}

/* A bootloader that clears MCUSR leaves 0. Some hand it over in r2; but others leave anything
 * there, so it has to agree with whether the RAM kept its contents. Otherwise that is what there is
 * to tell by: a chip that kept its RAM had power, and one whose watchdog was hungry was bitten. */
static uint8_t worked_out_causes(bool kept) {
    bool known = handed_over != 0 && (handed_over & (uint8_t)~CAUSES) == 0;
    if (known && kept == !(handed_over & (_BV(PORF) | _BV(BORF)))) {
        return handed_over | RESET_HANDED_OVER;
    }
    if (!kept) {
        return _BV(PORF) | RESET_INFERRED;
    }
    bool bitten = hungry_ticks >= HUNGRY_TICKS && hungry_ticks <= BITTEN_TICKS;
    return (bitten ? _BV(WDRF) : _BV(EXTRF)) | RESET_INFERRED;
}

static void store_byte(uint16_t address, uint8_t value) {
    /* At most one write came before, of 3.4 ms. A chip whose EEPROM never gets ready still has to
     * run fans, so the wait ends. */
    for (uint16_t i = 0; i < 20000 && eeprom_busy(); i++) {
    }
    eeprom_write(address, value);
}

/* Counts power-ons in the first two bytes of the EEPROM. Other resets do not write: a board in a
 * watchdog loop must not wear it out. */
static uint16_t next_power_on(void) {
    uint8_t low = (uint8_t)(eeprom_read(0) + 1);
    uint8_t high = eeprom_read(1);
    store_byte(0, low);
    if (low == 0) {
        store_byte(1, ++high);
    }
    return (uint16_t)(low | high << 8);
}

void reset_identify(void) {
    bool kept = boot_id == (uint32_t)~check;
    if (causes == 0) {
        causes = worked_out_causes(kept);
    }
    if (kept && !(causes & _BV(PORF))) {
        /* Only the lower half counts on, so that no later power-on gets the same number. */
        boot_id = (boot_id & 0xFFFF0000) | (uint16_t)(boot_id + 1);
    } else {
        boot_id = (uint32_t)next_power_on() << 16 | 1;
    }
    check = ~boot_id;
}

uint8_t reset_causes(void) {
    return causes;
}

uint32_t reset_boot_id(void) {
    return boot_id;
}
