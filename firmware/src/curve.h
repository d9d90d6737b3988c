/* The duty that the configured curve asks for at a temperature. Pure. */
#pragma once
#include <stdint.h>
#include "config.h"

/* Linear between the points, flat before the first and behind the last. */
uint16_t curve_permille(const struct curve_point *points, int16_t decicelsius);
