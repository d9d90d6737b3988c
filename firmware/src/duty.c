#include "duty.h"

/* Every channel's period has a multiple of 40 steps, so permille and steps meet in 25ths of a
 * fortieth: 16-bit divisions, a third of the time of 32-bit ones. */
#define FORTIETHS 40
#define PER_FORTIETH (DUTY_FULL / FORTIETHS)

uint16_t duty_to_steps(uint16_t permille, uint16_t steps) {
    uint16_t unit = steps / FORTIETHS;
    return (uint16_t)(permille * unit + PER_FORTIETH - 1) / PER_FORTIETH;
}

uint16_t duty_from_steps(uint16_t compare, uint16_t steps) {
    uint16_t unit = steps / FORTIETHS;
    return (uint16_t)(compare * PER_FORTIETH) / unit;
}
