/* What the board says about itself: the bodies of `hello` and of the status. */
#pragma once
#include <stdint.h>
#include "board.h"

/* Notes which minor version of the protocol the host speaks; 0 until it has said. */
void status_host_minor(uint8_t minor);

/* Writes the body of a hello's answer into the frame under way. */
void status_put_hello(void);

/* The same for a status, a piece at a time and in order: the head, the counters, each channel in
 * two halves, the details of the board and of each channel, the details' own counter. */
#define STATUS_PIECES (3 * BOARD_CHANNELS + 4)
void status_put_piece(uint8_t piece);
#define STATUS_LONGEST (22 + 15 * BOARD_CHANNELS + 6 + 3 * BOARD_CHANNELS + 2)
#define STATUS_LAST 2 /* of them are the last piece */
