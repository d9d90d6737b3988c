/* The one frame that is on its way out: put together piece by piece while there is room for it, and
 * sent as it grows. What is begun is ended; the next one waits for that. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum outgoing_body {
    BODY_HELLO,
    BODY_STATUS,
    BODY_CONFIG,  /* the block `detail` */
    BODY_REFUSAL, /* of the command `refused`, for the reason `detail` */
};

struct outgoing {
    uint8_t type;
    uint8_t sequence;
    uint8_t body;
    uint8_t refused;
    uint8_t detail;
};

bool outgoing_busy(void);

/* Begins a frame; only when none is under way. */
void outgoing_begin(const struct outgoing *frame);

/* Goes on with it until there is no room, or something is received: a command waits for one piece
 * of it, not for the whole. */
void outgoing_poll(void);
