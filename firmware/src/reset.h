/* Why the board started, and a number by which its starts differ. */
#pragma once
#include <stdint.h>

/* Settles the boot id. Call it once, early. */
void reset_identify(void);

/* Bit 0 power-on, 1 external, 2 brown-out, 3 watchdog. When a bootloader has wiped them from the
 * chip's register, one of the bits below says how they are known. */
#define RESET_HANDED_OVER 0x10 /* the bootloader told */
#define RESET_INFERRED 0x20    /* from what the RAM kept; a brown-out it survived is "external" */

uint8_t reset_causes(void);

/* Different after each reset. */
uint32_t reset_boot_id(void);
