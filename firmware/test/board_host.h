/* A board of plain memory: the ATmega328P's three channels without its chip. */
#pragma once
#include <stdint.h>

#define BOARD_PART 1
#define BOARD_CHANNELS 3
#define BOARD_TACHS 3
#define BOARD_EACH_TACH(DO) DO(0, 4) DO(1, 5) DO(2, 6)
#define BOARD_TACH_VECTOR tach_interrupt

extern uint8_t host_tach_levels;

static inline uint8_t board_tach_levels(void) {
    return host_tach_levels;
}

void tach_interrupt(void);
/* The tick that ends a blanking. */
void TIMER0_COMPA_vect(void);
