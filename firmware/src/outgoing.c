#include "outgoing.h"
#include "config.h"
#include "link.h"
#include "status.h"
#include "usart.h"

/* What a piece needs, CRC and end included. That a status's is little keeps a frame without a zero
 * in it, of which nothing is sent before its end, from waiting for itself. */
#define STATUS_PIECE_ROOM 20
#define PIECE_ROOM 64

_Static_assert(STATUS_LONGEST + FRAME_GROWTH + STATUS_PIECE_ROOM <= USART_SEND_ROOM + STATUS_LAST,
               "the ring holds a status");

static struct outgoing frame;
static uint8_t next_piece;
static bool busy;

bool outgoing_busy(void) {
    return busy;
}

void outgoing_begin(const struct outgoing *new_frame) {
    frame = *new_frame;
    next_piece = 0;
    busy = true;
    reply_begin(frame.type, frame.sequence);
}

static void put_config(uint8_t index) {
    struct config_block block = config_block(index);
    reply_put8(index);
    reply_put8(CONFIG_BLOCKS);
    for (uint8_t i = 0; i < block.length; i++) {
        reply_put8(block.bytes[i]);
    }
}

/* Whether it was the last one. */
static bool put_piece(void) {
    switch (frame.body) {
    case BODY_HELLO:
        status_put_hello();
        return true;
    case BODY_CONFIG:
        put_config(frame.detail);
        return true;
    case BODY_REFUSAL:
        reply_put8(frame.refused);
        reply_put8(frame.detail);
        return true;
    default:
        status_put_piece(next_piece);
        return ++next_piece == STATUS_PIECES;
    }
}

void outgoing_poll(void) {
    while (busy && reply_room() >= (frame.body == BODY_STATUS ? STATUS_PIECE_ROOM : PIECE_ROOM)) {
        if (put_piece()) {
            busy = false;
            reply_end();
        } else {
            reply_release();
        }
        if (usart_has_input()) {
            return;
        }
    }
}
