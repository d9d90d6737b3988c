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
#define DETAILS_PIECE (CHANNEL_PIECE + BOARD_CHANNELS)
_Static_assert(STATUS_PIECES == DETAILS_PIECE + 1 + BOARD_CHANNELS, "each has its number");

static uint8_t host_minor;

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
        put_head();
    } else if (piece == 1) {
        put_counters();
    } else if (piece < DETAILS_PIECE) {
        put_channel(piece - CHANNEL_PIECE);
    } else if (host_minor == 0) {
        return; /* such a host takes payloads of 192 bytes, which eleven channels fill without */
    } else if (piece == DETAILS_PIECE) {
        put_details();
    } else {
        put_channel_details(piece - DETAILS_PIECE - 1);
    }
}

void status_put(void) {
    for (uint8_t piece = 0; piece < STATUS_PIECES; piece++) {
        status_put_piece(piece);
    }
}
