/* The board's thermistor, on the first analog input (A0), under 10 kilohm to 5 V. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define TEMPERATURE_UNKNOWN INT16_MIN

enum thermistor {
    THERMISTOR_UNKNOWN, /* not read yet */
    THERMISTOR_OK,
    THERMISTOR_OPEN,
    THERMISTOR_SHORT,
};

void thermistor_start(void);

/* Takes a reading each 10 ms, and makes a temperature of 16 of them. */
void thermistor_poll(uint8_t elapsed_ms);

enum thermistor thermistor_state(void);

/* Tenths of a degree Celsius; TEMPERATURE_UNKNOWN unless the state is OK. */
int16_t thermistor_decicelsius(void);
