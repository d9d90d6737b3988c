#include "reset.h"
#include <avr/io.h>
#include <avr/wdt.h>
#include <stdbool.h>
#include "eeprom.h"

#define CAUSES (_BV(PORF) | _BV(EXTRF) | _BV(BORF) | _BV(WDRF))

#define KEPT __attribute__((section(".noinit")))

static uint8_t causes KEPT;
/* Survives every reset but a loss of power; `check` is its complement when it did. */
static uint32_t boot_id KEPT;
static uint32_t check KEPT;

/* Before the data segment is set up: after a watchdog reset the watchdog is still running, at its
 * shortest period, and would bite again before main(). */
void keep_causes(void) __attribute__((naked, used, section(".init3")));
void keep_causes(void) {
    causes = MCUSR & CAUSES;
    MCUSR = 0;
    wdt_disable();
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
    bool kept = boot_id == (uint32_t)~check && !(causes & _BV(PORF));
    if (kept) {
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
