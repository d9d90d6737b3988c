#include "telemetry.h"
#include "link.h"
#include "protocol.h"
#include "status.h"
#include "usart.h"

#define NO_PIECE STATUS_PIECES

static uint16_t interval_ms;
static uint16_t due_ms;
static uint16_t silent_ms;
static uint8_t sequence;
static uint8_t next_piece = NO_PIECE; /* of the frame that is being put together */

void telemetry_set(uint16_t new_interval_ms) {
    interval_ms = new_interval_ms;
    due_ms = new_interval_ms;
    next_piece = NO_PIECE; /* what was begun is never sent */
}

void telemetry_host_heard(void) {
    silent_ms = 0;
}

bool telemetry_under_way(void) {
    return next_piece != NO_PIECE;
}

void telemetry_poll(void) {
    while (telemetry_under_way()) {
        status_put_piece(next_piece);
        if (++next_piece == NO_PIECE) {
            reply_end();
        } else if (usart_has_input()) {
            return;
        }
    }
}

void telemetry_pass_time(uint8_t elapsed_ms) {
    if (interval_ms == 0) {
        return;
    }
    silent_ms += elapsed_ms;
    if (silent_ms > PROTOCOL_MAX_TTL_MS) {
        telemetry_set(0);
        return;
    }
    if (due_ms > elapsed_ms) {
        due_ms -= elapsed_ms;
        return;
    }
    due_ms = 1; /* until the line is free, which an answer has before it */
    if (!telemetry_under_way() && usart_send_room() == USART_SEND_ROOM) {
        due_ms = interval_ms;
        next_piece = 0;
        reply_begin(MESSAGE_TELEMETRY, sequence++);
    }
}
