#include "duty.h"

uint16_t duty_to_steps(uint16_t permille, uint16_t steps) {
    return (uint16_t)(((uint32_t)permille * steps + DUTY_FULL - 1) / DUTY_FULL);
}

uint16_t duty_from_steps(uint16_t compare, uint16_t steps) {
    return (uint16_t)((uint32_t)compare * DUTY_FULL / steps);
}
