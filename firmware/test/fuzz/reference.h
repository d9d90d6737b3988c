/* What docs/board_protocol.md says a board does with what it is sent. It shares nothing with the
 * firmware's sources, and goes frame by frame where they go byte by byte: each can be held against
 * the other. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHANNELS 3
#define BLOCKS (1 + CHANNELS)
#define BOARD_BLOCK 34
#define CHANNEL_BLOCK 12
#define CONFIG_SIZE (BOARD_BLOCK + CHANNELS * CHANNEL_BLOCK)
#define BOOT_ID 7u
#define MAX_PAYLOAD 192
#define MAX_TTL_MS 10000
#define FULL 1000

enum { HELLO = 1, SET, STATUS, CLEAR, CONFIG_GET, CONFIG_SET, CONFIG_SAVE, TELEMETRY_SET };
enum { TELEMETRY = 0xC0, REFUSAL = 0xFF };

struct expected_answer {
    uint8_t type;
    uint8_t sequence;
    uint8_t refused; /* of a refusal: the command's type, and why */
    uint8_t reason;  /* of a block of the configuration: which */
};

/* Commands whose answers are not seen yet; what waits longer than these is not waited for. */
#define MOST_EXPECTED 64

struct reference_channel {
    uint32_t deadline_ms;
    uint16_t value;
    uint8_t mode;
    bool live;
    bool told;
    bool expired;
};

struct reference {
    uint32_t now_ms;
    uint8_t raw[256]; /* since the last end of a frame */
    size_t raw_length;
    bool skipping; /* to the next zero */
    enum { LINE_BEGIN, LINE_QUESTION, LINE_AFTER_TEXT, LINE_NO_TEXT } line;
    uint32_t heard_at_ms;
    uint32_t unsettled_until_ms; /* from then on all that changed is obeyed */

    bool known;
    uint8_t type, sequence;
    uint16_t crc;

    /* Counters: of frames, of numbers, of channels. */
    uint16_t crc_errors, cobs_errors, overruns, sequence_errors, expired, rejected, repeated;

    uint8_t config[CONFIG_SIZE]; /* in force */
    bool writing;
    uint8_t minor; /* the host's, of its last hello */
    uint16_t telemetry_ms;
    uint32_t frame_heard_ms;
    struct reference_channel channels[CHANNELS];

    struct expected_answer expected[MOST_EXPECTED];
    size_t expected_length;
    uint64_t commands, acted, questions;
};

extern struct reference reference;

/* A board that was just started, with `config` in force. */
void reference_start(const uint8_t *config);

/* Takes a byte of the line. */
void reference_receive(uint8_t byte);

/* The receiver lost something. */
void reference_lose_input(void);

/* Time has passed. */
void reference_pass_time(uint32_t now_ms);

/* Something changed that a channel obeys only with its next step. */
void reference_unsettle(void);

/* CRC-16/MCRF4XX, bit by bit. */
uint16_t reference_crc(const uint8_t *bytes, size_t length);

/* A block of the configuration in force. */
uint8_t *reference_block(uint8_t index, uint8_t *length);

/* Takes COBS apart; the length, or -1 when it is cut short. `out` holds as many bytes as `in`. */
int reference_unstuff(const uint8_t *in, size_t length, uint8_t *out);

static inline uint16_t word_at(const uint8_t *bytes) {
    return (uint16_t)(bytes[0] + 256 * bytes[1]);
}
