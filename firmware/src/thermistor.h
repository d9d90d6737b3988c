/* The board's thermistor. */
#pragma once
#include <stdint.h>

#define TEMPERATURE_UNKNOWN INT16_MIN

enum thermistor {
    THERMISTOR_UNKNOWN, /* not read yet */
    THERMISTOR_OK,
    THERMISTOR_OPEN,
    THERMISTOR_SHORT,
};
