/* The words of docs/board_protocol.md: numbers, layouts, and what makes a body acceptable. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define PROTOCOL_MAJOR 1
#define PROTOCOL_MINOR 0
#define PROTOCOL_MAX_PAYLOAD 192
#define PROTOCOL_MAX_TTL_MS 10000
#define PROTOCOL_CAPABILITIES 0

enum message_type {
    MESSAGE_HELLO = 0x01,
    MESSAGE_SET = 0x02,
    MESSAGE_STATUS = 0x03,
    MESSAGE_CLEAR = 0x04,
    MESSAGE_REPLY = 0x80, /* added to the type of the request */
    MESSAGE_NAK = 0xFF,
};

enum refusal {
    ACCEPTED = 0,
    REFUSED_TYPE = 1,
    REFUSED_LENGTH = 2,
    REFUSED_BOOT_ID = 3,
    REFUSED_VALUE = 4,
    REFUSED_STALE = 5,
};

/* A channel's flags in the status. */
#define FLAG_FAILSAFE 0x01
#define FLAG_EXPIRED 0x02
#define FLAG_RELEASED 0x04
#define FLAG_TACH_VALID 0x08

struct body {
    const uint8_t *bytes;
    uint8_t length;
};

struct set_channel {
    uint16_t permille;
    uint16_t ttl_ms;
};

/* Whether a body can be taken as it is; checks all of it before anything is done with any of it. */
enum refusal check_hello(struct body body);
enum refusal check_set(struct body body, uint32_t boot_id, uint8_t channels);
enum refusal check_clear(struct body body);

/* The entry of one channel in a `set` that was accepted. */
struct set_channel set_channel(struct body body, uint8_t channel);
/* The mask of a `clear` that was accepted. */
uint16_t clear_mask(struct body body);
