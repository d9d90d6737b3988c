#include "duty.h"

/* Every channel's period has a multiple of 40 steps, so permille and steps meet in 25ths of a
 * fortieth, in 16 bits. */
#define FORTIETHS 40
#define PER_FORTIETH (DUTY_FULL / FORTIETHS)

/* Exact below 40 000, at a tenth of the time of a division. */
static uint16_t divided_by_25(uint16_t value) {
    return (uint16_t)(((uint32_t)value * 20972) >> 19);
}

uint16_t duty_to_steps(uint16_t permille, uint16_t steps) {
    uint8_t unit = (uint8_t)(steps / FORTIETHS);
    return divided_by_25((uint16_t)(permille * unit + PER_FORTIETH - 1));
}

uint16_t duty_from_steps(uint16_t compare, uint16_t steps) {
    uint8_t unit = (uint8_t)(steps / FORTIETHS);
    return (uint16_t)(compare * PER_FORTIETH) / unit;
}
