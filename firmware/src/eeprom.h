/* Bytes of the EEPROM. Writing one takes 3.4 ms, in the background. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Whether a byte is still being written. Until it is done nothing else can be read or written. */
bool eeprom_busy(void);

uint8_t eeprom_read(uint16_t address);

/* Begins to write a byte. */
void eeprom_write(uint16_t address, uint8_t value);
