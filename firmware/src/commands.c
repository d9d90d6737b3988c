#include "commands.h"
#include <stdbool.h>
#include "board.h"
#include "channels.h"
#include "clock.h"
#include "counters.h"
#include "link.h"
#include "reset.h"
#include "tach.h"
#include "version.h"

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

static enum refusal check(const struct command *command) {
    switch (command->type) {
    case MESSAGE_HELLO:
        return check_hello(command->body);
    case MESSAGE_SET:
        return check_set(command->body, reset_boot_id(), BOARD_CHANNELS);
    case MESSAGE_STATUS:
        return ACCEPTED;
    case MESSAGE_CLEAR:
        return check_clear(command->body);
    default:
        return REFUSED_TYPE;
    }
}

static void act(const struct command *command) {
    if (command->type == MESSAGE_SET) {
        for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
            struct set_channel entry = set_channel(command->body, channel);
            channels_set(channel, entry.permille, entry.ttl_ms, clock_ms());
        }
    } else if (command->type == MESSAGE_CLEAR) {
        channels_clear(clear_mask(command->body));
    }
}

static void put_hello(void) {
    reply_put8(PROTOCOL_MAJOR);
    reply_put8(PROTOCOL_MINOR);
    reply_put8(VERSION_MAJOR);
    reply_put8(VERSION_MINOR);
    reply_put8(VERSION_PATCH);
    reply_put8(BOARD_PART);
    reply_put32(reset_boot_id());
    reply_put8(BOARD_CHANNELS);
    reply_put8(PROTOCOL_MAX_PAYLOAD);
    reply_put16(PROTOCOL_MAX_TTL_MS);
    reply_put16(PROTOCOL_CAPABILITIES);
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        reply_put16(board_outputs[channel].steps);
        reply_put8(channel < BOARD_TACHS);
    }
}

static void put_channel(uint8_t channel) {
    struct channel_report report = channels_read(channel, clock_ms());
    struct tach_report tach = tach_read(channel);
    reply_put16(report.permille);
    reply_put16(report.compare);
    reply_put16(report.ttl_left_ms);
    reply_put32(tach.span_us);
    reply_put16(tach.edges);
    reply_put16(tach.age_ms);
    reply_put8(report.flags | (tach.valid ? FLAG_TACH_VALID : 0));
}

static void put_status(void) {
    reply_put32(reset_boot_id());
    reply_put32(clock_ms());
    reply_put8(reset_causes());
    reply_put16(counters.crc);
    reply_put16(counters.cobs);
    reply_put16(counters.overrun);
    reply_put16(counters.sequence);
    reply_put16(counters.ttl_expired);
    reply_put16(counters.rejected);
    reply_put8(BOARD_CHANNELS);
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        put_channel(channel);
    }
}

static void refuse(const struct command *command, enum refusal reason) {
    reply_begin(MESSAGE_NAK, command->sequence);
    reply_put8(command->type);
    reply_put8(reason);
    reply_end();
}

static void answer(const struct command *command) {
    reply_begin(MESSAGE_REPLY | command->type, command->sequence);
    if (command->type == MESSAGE_HELLO) {
        put_hello();
    } else {
        put_status();
    }
    reply_end();
}

void command_received(const struct command *command) {
    if (command->type & MESSAGE_REPLY) {
        /* Our own voice from a looped line. An answer to it would never end. */
        count(&counters.rejected);
        return;
    }
    enum order order = order_of(command);
    enum refusal refusal = order == STALE ? REFUSED_STALE : check(command);
    if (order == IN_ORDER) {
        last.known = true;
        last.type = command->type;
        last.sequence = command->sequence;
        last.crc = command->crc;
    }
    if (refusal != ACCEPTED) {
        if (order != REPEATED) {
            count(&counters.rejected);
        }
        refuse(command, refusal);
        return;
    }
    /* A repetition is answered again but does not act: a line that replays its last frame for ever
     * must not keep a TTL alive. */
    if (order != REPEATED) {
        act(command);
    }
    answer(command);
}
