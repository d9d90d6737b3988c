/* Why the board started, and a number by which its starts differ. */
#pragma once
#include <stdint.h>

/* Settles the boot id. Call it once, early. */
void reset_identify(void);

/* Bit 0 power-on, 1 external, 2 brown-out, 3 watchdog; 0 when a bootloader wiped it. */
uint8_t reset_causes(void);

/* Different after each reset. */
uint32_t reset_boot_id(void);
