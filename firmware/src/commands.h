/* What the board does when a whole frame arrives. */
#pragma once
#include <stdint.h>
#include "protocol.h"

struct command {
    uint8_t type;
    uint8_t sequence;
    uint16_t crc;
    struct body body;
};

/* Checks, acts and answers; the answer waits until there is room for it. */
void command_received(const struct command *command);

/* Gives the answer that is due, when there is room. */
void commands_poll(void);
