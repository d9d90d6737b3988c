#include "protocol.h"
#include "duty.h"

#define HELLO_LENGTH 2
#define CLEAR_LENGTH 2
#define SET_HEAD 5 /* boot id, number of channels */
#define SET_ENTRY 5 /* mode, value, TTL */
#define MODE_DUTY 0

static uint16_t get16(const uint8_t *bytes) {
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint32_t get32(const uint8_t *bytes) {
    return get16(bytes) | (uint32_t)get16(bytes + 2) << 16;
}

/* A longer body than this version knows is a newer minor's: its end is not ours to judge. */
enum refusal check_hello(struct body body) {
    return body.length < HELLO_LENGTH ? REFUSED_LENGTH : ACCEPTED;
}

enum refusal check_clear(struct body body) {
    return body.length < CLEAR_LENGTH ? REFUSED_LENGTH : ACCEPTED;
}

enum refusal check_set(struct body body, uint32_t boot_id, uint8_t channels) {
    if (body.length < SET_HEAD) {
        return REFUSED_LENGTH;
    }
    if (get32(body.bytes) != boot_id) {
        return REFUSED_BOOT_ID;
    }
    if (body.bytes[4] != channels) {
        return REFUSED_VALUE;
    }
    if (body.length < SET_HEAD + channels * SET_ENTRY) {
        return REFUSED_LENGTH;
    }
    const uint8_t *entry = body.bytes + SET_HEAD;
    for (; channels > 0; channels--, entry += SET_ENTRY) {
        uint16_t ttl_ms = get16(entry + 3);
        if (entry[0] != MODE_DUTY || get16(entry + 1) > DUTY_FULL || ttl_ms == 0 ||
            ttl_ms > PROTOCOL_MAX_TTL_MS) {
            return REFUSED_VALUE;
        }
    }
    return ACCEPTED;
}

struct set_channel set_channel(struct body body, uint8_t channel) {
    const uint8_t *entry = body.bytes + SET_HEAD + channel * SET_ENTRY;
    return (struct set_channel){ .permille = get16(entry + 1), .ttl_ms = get16(entry + 3) };
}

uint16_t clear_mask(struct body body) {
    return get16(body.bytes);
}
