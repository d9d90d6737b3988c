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

/* Checks, acts and answers. */
void command_received(const struct command *command);
