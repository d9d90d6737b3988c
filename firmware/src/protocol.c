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

static const uint8_t *set_entry(struct body body, uint8_t channel) {
    return body.bytes + SET_HEAD + channel * SET_ENTRY;
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
    for (uint8_t channel = 0; channel < channels; channel++) {
        struct set_channel entry = set_channel(body, channel);
        if (set_entry(body, channel)[0] != MODE_DUTY || entry.permille > DUTY_FULL ||
            entry.ttl_ms == 0 || entry.ttl_ms > PROTOCOL_MAX_TTL_MS) {
            return REFUSED_VALUE;
        }
    }
    return ACCEPTED;
}

struct set_channel set_channel(struct body body, uint8_t channel) {
    const uint8_t *entry = set_entry(body, channel);
    return (struct set_channel){ .permille = get16(entry + 1), .ttl_ms = get16(entry + 3) };
}

uint16_t clear_mask(struct body body) {
    return get16(body.bytes);
}
