/* The temperature of a 10 kilohm thermistor under a 10 kilohm resistor to the converter's own
 * reference. Pure, without floating point. */
#pragma once
#include <stdint.h>

#define NTC_SAMPLES 16 /* of 10 bits, in one sum */

/* Tenths of a degree Celsius; `sum` of NTC_SAMPLES readings, none of them at either end; `beta` in
 * kelvin, 2000 to 6000. Within 0.2 degrees of the exact formula from -20 to 100. */
int16_t ntc_decicelsius(uint16_t sum, uint16_t beta);
