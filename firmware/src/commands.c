#include "commands.h"
#include <stdbool.h>
#include "board.h"
#include "channels.h"
#include "clock.h"
#include "config.h"
#include "counters.h"
#include "outgoing.h"
#include "reset.h"
#include "status.h"
#include "store.h"
#include "tach.h"
#include "telemetry.h"

/* The last command, by which a repetition and a straggler are told. */
static struct {
    bool known;
    uint8_t type;
    uint8_t sequence;
    uint16_t crc;
} last;

/* Where a command stands to the one before it. */
enum order { IN_ORDER, REPEATED, STALE };

static enum order order_of(const struct command *command) {
    if (command->type == MESSAGE_HELLO || !last.known) {
        return IN_ORDER; /* a session begins: its numbers begin where it likes */
    }
    int8_t ahead = (int8_t)(command->sequence - last.sequence);
    if (ahead == 0 && command->type == last.type && command->crc == last.crc) {
        return REPEATED;
    }
    if (ahead != 1) {
        count(&counters.sequence);
    }
    return ahead > 0 ? IN_ORDER : STALE;
}

#define HELLO_LENGTH 2
#define CLEAR_LENGTH 2
#define CONFIG_GET_LENGTH 1
#define CONFIG_SET_HEAD 5 /* boot id, block */
#define CONFIG_SAVE_LENGTH 6
#define TELEMETRY_LENGTH 2

static enum refusal check_config_get(struct body body) {
    enum refusal refusal = check_length(body, CONFIG_GET_LENGTH);
    if (refusal == ACCEPTED && body.bytes[0] >= CONFIG_BLOCKS) {
        refusal = REFUSED_VALUE;
    }
    return refusal;
}

static enum refusal check_config_set(struct body body) {
    enum refusal refusal = check_boot_id(body, reset_boot_id(), CONFIG_SET_HEAD);
    if (refusal != ACCEPTED) {
        return refusal;
    }
    struct config_block block = config_block(body.bytes[4]);
    if (block.length == 0) {
        return REFUSED_VALUE;
    }
    if (body.length < CONFIG_SET_HEAD + block.length) {
        return REFUSED_LENGTH;
    }
    if (store_writing()) {
        return REFUSED_BUSY;
    }
    return config_is_block(body.bytes[4], body.bytes + CONFIG_SET_HEAD) ? ACCEPTED : REFUSED_VALUE;
}

static enum refusal check_config_save(struct body body) {
    enum refusal refusal = check_boot_id(body, reset_boot_id(), CONFIG_SAVE_LENGTH);
    if (refusal != ACCEPTED) {
        return refusal;
    }
    if (store_writing()) {
        return REFUSED_BUSY;
    }
    return get16(body.bytes + 4) == config_crc() ? ACCEPTED : REFUSED_CONFIG;
}

static enum refusal check_telemetry(struct body body) {
    enum refusal refusal = check_length(body, TELEMETRY_LENGTH);
    if (refusal != ACCEPTED) {
        return refusal;
    }
    uint16_t interval_ms = get16(body.bytes);
    bool good = interval_ms == 0 ||
                (interval_ms >= TELEMETRY_FASTEST_MS && interval_ms <= TELEMETRY_SLOWEST_MS);
    return good ? ACCEPTED : REFUSED_VALUE;
}

static enum refusal check_set_here(struct body body) {
    enum refusal refusal = check_set(body, reset_boot_id(), BOARD_CHANNELS);
    if (refusal != ACCEPTED) {
        return refusal;
    }
    const struct set_channel *entry = set_channels(body);
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++, entry++) {
        if (entry->mode == MODE_RPM && !tach_fitted(channel)) {
            return REFUSED_VALUE;
        }
    }
    return ACCEPTED;
}

static enum refusal check(const struct command *command) {
    switch (command->type) {
    case MESSAGE_HELLO:
        return check_length(command->body, HELLO_LENGTH);
    case MESSAGE_SET:
        return check_set_here(command->body);
    case MESSAGE_STATUS:
        return ACCEPTED;
    case MESSAGE_CLEAR:
        return check_length(command->body, CLEAR_LENGTH);
    case MESSAGE_CONFIG_GET:
        return check_config_get(command->body);
    case MESSAGE_CONFIG_SET:
        return check_config_set(command->body);
    case MESSAGE_CONFIG_SAVE:
        return check_config_save(command->body);
    case MESSAGE_TELEMETRY_SET:
        return check_telemetry(command->body);
    default:
        return REFUSED_TYPE;
    }
}

static void act(const struct command *command) {
    const uint8_t *bytes = command->body.bytes;
    switch (command->type) {
    case MESSAGE_HELLO:
        telemetry_set(0);
        status_host_minor(bytes[0] == PROTOCOL_MAJOR ? bytes[1] : 0);
        break;
    case MESSAGE_SET:
        channels_set(set_channels(command->body), clock_ms());
        break;
    case MESSAGE_CLEAR:
        channels_clear(get16(bytes));
        break;
    case MESSAGE_CONFIG_SET:
        config_change(bytes[4], bytes + CONFIG_SET_HEAD);
        channels_config_changed();
        break;
    case MESSAGE_CONFIG_SAVE:
        store_begin();
        break;
    case MESSAGE_TELEMETRY_SET:
        telemetry_set(get16(bytes));
        break;
    default:
        break;
    }
}

/* The answer that is due, while what went out before is not yet put together. */
static struct outgoing answer;
static bool answer_due;

void commands_poll(void) {
    if (answer_due && !outgoing_busy()) {
        answer_due = false;
        outgoing_begin(&answer);
    }
}

static void answer_command(const struct command *command, enum refusal refusal) {
    answer_due = true;
    answer.sequence = command->sequence;
    if (refusal != ACCEPTED) {
        answer.type = MESSAGE_NAK;
        answer.body = BODY_REFUSAL;
        answer.refused = command->type;
        answer.detail = refusal;
    } else {
        answer.type = MESSAGE_REPLY | command->type;
        answer.body = command->type == MESSAGE_HELLO        ? BODY_HELLO
                      : command->type == MESSAGE_CONFIG_GET ? BODY_CONFIG
                                                            : BODY_STATUS;
        answer.detail = command->body.bytes[0];
    }
    commands_poll();
}

void command_received(const struct command *command) {
    if (command->type & MESSAGE_REPLY) {
        /* Our own voice from a looped line. An answer to it would never end. */
        count(&counters.rejected);
        return;
    }
    telemetry_host_heard();
    enum order order = order_of(command);
    enum refusal refusal = order == STALE ? REFUSED_STALE : check(command);
    if (order == IN_ORDER) {
        last.known = true;
        last.type = command->type;
        last.sequence = command->sequence;
        last.crc = command->crc;
    }
    if (order == REPEATED) {
        count(&counters.repeated);
    } else if (refusal != ACCEPTED) {
        count(&counters.rejected);
    }
    /* A repetition is answered again but does not act: a line that replays its last frame for ever
     * must not keep a TTL alive. */
    if (refusal == ACCEPTED && order != REPEATED) {
        act(command);
    }
    answer_command(command, refusal);
}
