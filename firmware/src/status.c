#include "status.h"
#include "board.h"
#include "channels.h"
#include "clock.h"
#include "config.h"
#include "counters.h"
#include "fan_state.h"
#include "link.h"
#include "protocol.h"
#include "reset.h"
#include "store.h"
#include "tach.h"
#include "thermistor.h"
#include "version.h"

#define CHANNEL_PIECE 2
#define DETAILS_PIECE (CHANNEL_PIECE + 2 * BOARD_CHANNELS)
#define LAST_PIECE (DETAILS_PIECE + 1 + BOARD_CHANNELS)
_Static_assert(STATUS_PIECES == LAST_PIECE + 1, "each has its number");

static uint8_t host_minor;
static bool with_details; /* the status under way, whoever says hello meanwhile */

void status_host_minor(uint8_t minor) {
    host_minor = minor;
}

void status_put_hello(void) {
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

static uint8_t channel_flags; /* of the channel whose first half was put */

static void put_drive(uint8_t channel) {
    struct channel_report report = channels_read(channel, clock_ms());
    reply_put16(report.permille);
    reply_put16(report.compare);
    reply_put16(report.ttl_left_ms);
    channel_flags = report.flags;
}

static void put_tach(uint8_t channel) {
    struct tach_report tach = tach_read(channel);
    reply_put32(tach.span_us);
    reply_put16(tach.edges);
    reply_put16(tach.age_ms);
    reply_put8(channel_flags | (tach.valid ? FLAG_TACH_VALID : 0));
}

static uint8_t config_state(void) {
    return (store_matches() ? CONFIG_STORED : 0) | (store_writing() ? CONFIG_WRITING : 0) |
           (store_state() == STORE_LOST ? CONFIG_LOST : 0);
}

static void put_details(void) {
    reply_put16(config_crc());
    reply_put8(config_state());
    reply_put16((uint16_t)thermistor_decicelsius());
    reply_put8(thermistor_state());
}

static void put_channel_details(uint8_t channel) {
    reply_put8(channels_mode(channel));
    reply_put8(fan_state(channel));
    reply_put8(fan_faults(channel));
}

static void put_head(void) {
    reply_put32(reset_boot_id());
    reply_put32(clock_ms());
    reply_put8(reset_causes());
}

static void put_counters(void) {
    reply_put16(counters.crc);
    reply_put16(counters.cobs);
    reply_put16(counters.overrun);
    reply_put16(counters.sequence);
    reply_put16(counters.ttl_expired);
    reply_put16(counters.rejected);
    reply_put8(BOARD_CHANNELS);
}

void status_put_piece(uint8_t piece) {
    if (piece == 0) {
        with_details = host_minor > 0;
        put_head();
    } else if (piece == 1) {
        put_counters();
    } else if (piece < DETAILS_PIECE) {
        uint8_t half = piece - CHANNEL_PIECE;
        if (half % 2 == 0) {
            put_drive(half / 2);
        } else {
            put_tach(half / 2);
        }
    } else if (!with_details) {
        return; /* such a host takes payloads of 192 bytes, which eleven channels fill without */
    } else if (piece == DETAILS_PIECE) {
        put_details();
    } else if (piece == LAST_PIECE) {
        reply_put16(counters.repeated);
    } else {
        put_channel_details(piece - DETAILS_PIECE - 1);
    }
}
