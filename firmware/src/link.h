/* Frames in and out of the serial line. A frame that is damaged is counted and never acts. */
#pragma once
#include <stdint.h>

/* Takes in what was received; hands at most one whole frame to command_received(). */
void link_poll(void);

/* Drops a frame that its sender did not end. */
void link_pass_time(uint8_t elapsed_ms);

/* A reply is written a piece at a time, straight into the transmit ring. When the ring has no room
 * for all of it, nothing of it is sent. */
void reply_begin(uint8_t type, uint8_t sequence);
void reply_put8(uint8_t value);
void reply_put16(uint16_t value);
void reply_put32(uint32_t value);
/* 0 when it was sent; otherwise the room that it needs. */
uint8_t reply_end(void);

void link_start(void);
