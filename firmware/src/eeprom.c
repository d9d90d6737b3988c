#include "eeprom.h"
#include <avr/io.h>
#include <util/atomic.h>

bool eeprom_busy(void) {
    return (EECR & _BV(EEPE)) != 0;
}

uint8_t eeprom_read(uint16_t address) {
    EEAR = address;
    EECR |= _BV(EERE);
    return EEDR;
}

void eeprom_write(uint16_t address, uint8_t value) {
    EEAR = address;
    EEDR = value;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        EECR |= _BV(EEMPE);
        EECR |= _BV(EEPE);
    }
}
