/* Duty in permille against duty in timer steps. Pure. `steps` is a multiple of 40, at most 1280. */
#pragma once
#include <stdint.h>

#define DUTY_FULL 1000

/* The number of steps for a duty of 0..1000 permille. Rounds up: never less air than was asked
 * for, and 0 steps only for 0 permille. */
uint16_t duty_to_steps(uint16_t permille, uint16_t steps);

/* What that many steps are in permille, rounded down, so that asking for the answer again gives
 * the same number of steps. */
uint16_t duty_from_steps(uint16_t compare, uint16_t steps);
