/* The words of docs/board_protocol.md: numbers, layouts, and what makes a body acceptable. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define PROTOCOL_MAJOR 1
#define PROTOCOL_MINOR 1
#define PROTOCOL_MAX_PAYLOAD 192 /* that the board takes */
#define PROTOCOL_MAX_TTL_MS 10000

/* What this board can do beyond protocol 1.0. */
#define CAPABILITY_DETAILS 0x0001 /* a status ends with the details, for hosts of minor 1 */
#define CAPABILITY_CONFIG 0x0002  /* config get, set, save */
#define CAPABILITY_RPM 0x0004     /* mode 1 of `set` */
#define CAPABILITY_TELEMETRY 0x0008
#define CAPABILITY_CURVE 0x0010 /* a thermistor, and the curve for when the host is silent */
#define PROTOCOL_CAPABILITIES                                        \
    (CAPABILITY_DETAILS | CAPABILITY_CONFIG | CAPABILITY_RPM | CAPABILITY_TELEMETRY | \
     CAPABILITY_CURVE)

/* The speeds that a loop may be told to hold. */
#define PROTOCOL_LEAST_RPM 100
#define PROTOCOL_MOST_RPM 20000

enum message_type {
    MESSAGE_HELLO = 0x01,
    MESSAGE_SET = 0x02,
    MESSAGE_STATUS = 0x03,
    MESSAGE_CLEAR = 0x04,
    MESSAGE_CONFIG_GET = 0x05,
    MESSAGE_CONFIG_SET = 0x06,
    MESSAGE_CONFIG_SAVE = 0x07,
    MESSAGE_TELEMETRY_SET = 0x08,
    MESSAGE_REPLY = 0x80, /* added to the type of the request */
    MESSAGE_TELEMETRY = 0xC0, /* no reply: by itself */
    MESSAGE_NAK = 0xFF,
};

enum refusal {
    ACCEPTED = 0,
    REFUSED_TYPE = 1,
    REFUSED_LENGTH = 2,
    REFUSED_BOOT_ID = 3,
    REFUSED_VALUE = 4,
    REFUSED_STALE = 5,
    REFUSED_BUSY = 6,
    REFUSED_CONFIG = 7,
};

/* A channel's flags in the status. */
#define FLAG_FAILSAFE 0x01
#define FLAG_EXPIRED 0x02
#define FLAG_RELEASED 0x04
#define FLAG_TACH_VALID 0x08

/* The state of the configuration in the details. */
#define CONFIG_STORED 0x01
#define CONFIG_WRITING 0x02
#define CONFIG_LOST 0x04

/* What a channel's duty comes from, in `set` and in the details. */
enum mode {
    MODE_DUTY = 0,
    MODE_RPM = 1,
    MODE_CURVE = 2, /* details only */
    MODE_SAFE = 3,  /* details only */
};

struct body {
    const uint8_t *bytes;
    uint8_t length;
};

/* A `set`: the head, then an entry for each channel. */
#define SET_HEAD 5 /* boot id, number of channels */
#define SET_ENTRY 5 /* mode, value, TTL */

/* An entry as it is on the line. */
struct set_channel {
    uint8_t mode;
    uint16_t value;
    uint16_t ttl_ms;
} __attribute__((packed));

_Static_assert(sizeof(struct set_channel) == SET_ENTRY, "an entry is its bytes");

static inline const struct set_channel *set_channels(struct body body) {
    return (const struct set_channel *)(body.bytes + SET_HEAD);
}

/* Whether a body can be taken as it is; checks all of it before anything is done with any of it.
 * Whether a channel that shall hold a speed has a tachometer is not its to know. */
enum refusal check_set(struct body body, uint32_t boot_id, uint8_t channels);
/* That there are so many bytes. A longer body than this version knows is a newer minor's: its end
 * is not ours to judge. */
enum refusal check_length(struct body body, uint8_t least);
/* The same for a body that begins with the boot id. */
enum refusal check_boot_id(struct body body, uint32_t boot_id, uint8_t least);

/* Integers in a body. */
static inline uint16_t get16(const uint8_t *bytes) {
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t get32(const uint8_t *bytes) {
    return get16(bytes) | (uint32_t)get16(bytes + 2) << 16;
}
