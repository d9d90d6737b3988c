/* Frames in and out of the serial line. A frame that is damaged is counted and never acts. */
#pragma once
#include <stdint.h>
#include "usart.h"

/* Takes in what was received; hands at most one whole frame to command_received(). */
void link_take_input(void);

/* The same, if there is any: nearly always there is not, and that costs little in line. */
static inline void link_poll(void) {
    if (usart_has_input() || usart_lost) {
        link_take_input();
    }
}

/* Drops a frame that its sender did not end. */
void link_pass_time(uint8_t elapsed_ms);

/* A frame is written a piece at a time, straight into the transmit ring. Only outgoing.c begins and
 * ends one. */
void reply_begin(uint8_t type, uint8_t sequence);
void reply_put8(uint8_t value);
void reply_put16(uint16_t value);
void reply_put32(uint32_t value);
/* How many more bytes go in. */
uint8_t reply_room(void);
/* Sends what is there of it, as far as it is final. */
void reply_release(void);
void reply_end(void);
/* How much longer than its body a frame is on the line: type, sequence, CRC, one code byte (at most
 * 254 bytes go in) and the end. */
#define FRAME_GROWTH 6

void link_start(void);
