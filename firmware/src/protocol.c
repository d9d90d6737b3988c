#include "protocol.h"
#include "duty.h"

enum refusal check_length(struct body body, uint8_t least) {
    return body.length < least ? REFUSED_LENGTH : ACCEPTED;
}

enum refusal check_boot_id(struct body body, uint32_t boot_id, uint8_t least) {
    if (body.length < least) {
        return REFUSED_LENGTH;
    }
    return get32(body.bytes) != boot_id ? REFUSED_BOOT_ID : ACCEPTED;
}

static bool acceptable(const struct set_channel *entry) {
    uint16_t value = entry->value;
    bool duty = entry->mode == MODE_DUTY && value <= DUTY_FULL;
    bool rpm = entry->mode == MODE_RPM && value >= PROTOCOL_LEAST_RPM &&
               value <= PROTOCOL_MOST_RPM;
    return (duty || rpm) && entry->ttl_ms > 0 && entry->ttl_ms <= PROTOCOL_MAX_TTL_MS;
}

enum refusal check_set(struct body body, uint32_t boot_id, uint8_t channels) {
    enum refusal refusal = check_boot_id(body, boot_id, SET_HEAD);
    if (refusal != ACCEPTED) {
        return refusal;
    }
    if (body.bytes[4] != channels) {
        return REFUSED_VALUE;
    }
    if (body.length < SET_HEAD + channels * SET_ENTRY) {
        return REFUSED_LENGTH;
    }
    const struct set_channel *entry = set_channels(body);
    for (; channels > 0; channels--, entry++) {
        if (!acceptable(entry)) {
            return REFUSED_VALUE;
        }
    }
    return ACCEPTED;
}
