#include "ntc.h"
#include <stdbool.h>

#define FULL_SCALE ((uint16_t)(NTC_SAMPLES * 1023))
#define FRACTION_BITS 12
#define LN_2 2839 /* 0.6931 in 4096ths */
/* The resistance is 10 kilohm at 298.15 K, 25 degrees. */
#define KELVIN_16THS 4770      /* 298.15 K in 16ths of a kelvin */
#define DECIKELVIN_16THS 47704 /* 2981.5 tenths of a kelvin, times 16 */
#define ZERO_CELSIUS 2732      /* tenths of a kelvin */

/* The logarithm to base 2 in 4096ths. Squaring a number between 1 and 2 doubles its logarithm: each
 * time it passes 2 is a bit. */
static int32_t log2_of(uint16_t value) {
    int32_t log = 15;
    while (!(value & 0x8000)) {
        value <<= 1;
        log--;
    }
    uint16_t mantissa = value; /* 0x8000 is 1 */
    for (uint8_t bit = 0; bit < FRACTION_BITS; bit++) {
        uint32_t square = (uint32_t)mantissa * mantissa;
        bool past_two = square & 0x80000000;
        log = log * 2 + past_two;
        mantissa = (uint16_t)(square >> (past_two ? 16 : 15));
    }
    return log;
}

/* 1 / T = 1 / T25 + ln(R / R25) / beta, and R / R25 = reading / (full scale - reading). */
int16_t ntc_decicelsius(uint16_t sum, uint16_t beta) {
    int32_t ln_ratio = (log2_of(sum) - log2_of(FULL_SCALE - sum)) * LN_2 / 4096;
    int32_t divisor = (int32_t)beta * 16 + KELVIN_16THS * ln_ratio / 4096;
    return (int16_t)((int32_t)DECIKELVIN_16THS * beta / divisor - ZERO_CELSIUS);
}
