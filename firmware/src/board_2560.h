/* ATmega2560 at 16 MHz (Arduino Mega). Pins and timers: docs/board_protocol.md, "Pins". */
#pragma once
#include <avr/io.h>

#define BOARD_PART 2
#define BOARD_CHANNELS 11
#define BOARD_TACHS 8

/* The tachometers are port K, A8 to A15: one interrupt and one read serve all eight.
 * DO(tachometer, bit in board_tach_levels()) */
#define BOARD_EACH_TACH(DO) \
    DO(0, PK0) DO(1, PK1) DO(2, PK2) DO(3, PK3) DO(4, PK4) DO(5, PK5) DO(6, PK6) DO(7, PK7)
#define BOARD_TACH_MASK 0xFF
#define BOARD_TACH_VECTOR PCINT2_vect

#define BOARD_RECEIVED_VECTOR USART0_RX_vect
#define BOARD_SEND_VECTOR USART0_UDRE_vect

static inline uint8_t board_tach_levels(void) {
    return PINK;
}
