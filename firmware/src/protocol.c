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

static bool acceptable(const uint8_t *entry, bool has_tach) {
    uint16_t value = get16(entry + 1);
    uint16_t ttl_ms = get16(entry + 3);
    bool duty = entry[0] == MODE_DUTY && value <= DUTY_FULL;
    bool rpm = entry[0] == MODE_RPM && has_tach && value >= PROTOCOL_LEAST_RPM &&
               value <= PROTOCOL_MOST_RPM;
    return (duty || rpm) && ttl_ms > 0 && ttl_ms <= PROTOCOL_MAX_TTL_MS;
}

enum refusal check_set(struct body body, uint32_t boot_id, uint8_t channels, uint16_t tachs) {
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
    const uint8_t *entry = body.bytes + SET_HEAD;
    for (; channels > 0; channels--, entry += SET_ENTRY, tachs >>= 1) {
        if (!acceptable(entry, tachs & 1)) {
            return REFUSED_VALUE;
        }
    }
    return ACCEPTED;
}
