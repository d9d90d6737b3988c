#include "duty.h"

/* Every channel's period has 40 steps times a power of two, so permille and steps meet in 25ths of
 * a fortieth, in 16 bits. */
#define FORTIETHS 40
#define PER_FORTIETH (DUTY_FULL / FORTIETHS)

/* Exact below 40 000, at a tenth of the time of a division. */
static uint16_t divided_by_25(uint16_t value) {
    return (uint16_t)((uint32_t)value * 20972 >> 16) >> 3;
}

/* Steps in a fortieth: exact for a multiple of 40, again without a division. */
static uint8_t unit_of(uint16_t steps) {
    return (uint8_t)((uint8_t)(steps / 8) * 205u >> 10);
}

uint16_t duty_to_steps(uint16_t permille, uint16_t steps) {
    uint8_t unit = unit_of(steps);
    return divided_by_25((uint16_t)(permille * unit + PER_FORTIETH - 1));
}

uint16_t duty_from_steps(uint16_t compare, uint16_t steps) {
    uint16_t permille = compare * PER_FORTIETH;
    for (uint8_t unit = unit_of(steps); unit > 1; unit /= 2) {
        permille /= 2;
    }
    return permille;
}
