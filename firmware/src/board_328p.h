/* ATmega328P at 16 MHz (Arduino Uno, Nano). Pins and timers: docs/board_protocol.md, "Pins". */
#pragma once
#include <avr/io.h>

#define BOARD_PART 1
#define BOARD_CHANNELS 3
#define BOARD_TACHS 3

/* Every tachometer pin is on port D, so that one interrupt and one read serve them all.
 * DO(tachometer, bit in board_tach_levels()) */
#define BOARD_EACH_TACH(DO) DO(0, PD2) DO(1, PD4) DO(2, PD5)
#define BOARD_TACH_MASK (_BV(PD2) | _BV(PD4) | _BV(PD5))
#define BOARD_TACH_VECTOR PCINT2_vect

#define BOARD_RECEIVED_VECTOR USART_RX_vect
#define BOARD_SEND_VECTOR USART_UDRE_vect

static inline uint8_t board_tach_levels(void) {
    return PIND & BOARD_TACH_MASK;
}
