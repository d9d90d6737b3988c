/* What the board says about itself: the bodies of `hello` and of the status. */
#pragma once
#include <stdint.h>
#include "board.h"

/* Notes which minor version of the protocol the host speaks; 0 until it has said. */
void status_host_minor(uint8_t minor);

/* Writes the body into the reply under way. */
void status_put_hello(void);
void status_put(void);

/* The same a piece at a time, in order: the head, the counters, each channel, the details of the
 * board and of each channel. */
#define STATUS_PIECES (2 * BOARD_CHANNELS + 3)
void status_put_piece(uint8_t piece);
