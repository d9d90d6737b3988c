#include "judge.h"
#include <string.h>
#include "../../src/board.h"
#include "../../src/channels.h"
#include "../../src/config.h"
#include "../../src/counters.h"
#include "../../src/pwm.h"
#include "../../src/store.h"
#include "../host.h"
#include "reference.h"

#define LINES_OF_TEXT 6 /* of an answer to a question, with the empty one before it */
#define AT_COPIES 16
#define COPY_SPACE 256
#define COPY_SIZE (4 + CONFIG_SIZE + 2)

struct judged judged;

static uint8_t saved[CONFIG_SIZE]; /* what a reset would load */
static bool any_saved;
static bool lost;        /* both copies, when it started: nothing is driven until one is saved */
static bool was_writing;
static uint8_t being_saved[CONFIG_SIZE];
static uint8_t eeprom_before[HOST_EEPROM_SIZE]; /* at the last look */
static uint64_t acted_before;

static uint8_t segment[2048]; /* of what is sent, up to a zero */
static size_t segment_length;
static struct expected_answer last_answer;
static uint8_t config_before[CONFIG_SIZE]; /* when the answers were looked at last */
static uint16_t told[6]; /* the counters of the last status */
static bool any_telemetry;
static uint8_t telemetry_number;

void judge_start(const uint8_t *copy, bool both_lost) {
    any_saved = copy != NULL;
    if (any_saved) {
        memcpy(saved, copy, sizeof saved);
    }
    lost = both_lost;
    memcpy(eeprom_before, host_eeprom, sizeof eeprom_before);
    acted_before = UINT64_MAX;
    was_writing = any_telemetry = false;
    segment_length = 0;
    memset(told, 0, sizeof told);
}

/* The next full step at or above. */
static uint16_t steps_of(uint8_t channel, uint16_t permille) {
    return (uint16_t)((permille * board_outputs[channel].steps + FULL - 1) / FULL);
}

static uint16_t greater(uint16_t one, uint16_t other) {
    return one > other ? one : other;
}

/* Whether a channel may be driven so, once all is settled. */
static bool level_fits(uint8_t i, uint16_t compare) {
    const struct reference_channel *channel = &reference.channels[i];
    uint8_t size;
    const uint8_t *block = reference_block(i + 1, &size);
    if (lost) {
        return compare == board_outputs[i].steps;
    }
    if (!channel->live) {
        bool curve = (block[0] & 1) && host_thermistor == THERMISTOR_OK;
        return curve || compare == steps_of(i, channel->told ? word_at(block + 2) : FULL);
    }
    if (channel->mode == 1) {
        return true; /* what the loop finds, or the safe level */
    }
    uint16_t least = word_at(block + 4);
    uint16_t start = word_at(block + 6);
    uint16_t permille = channel->value > 0 ? greater(channel->value, least) : 0;
    if (compare == steps_of(i, permille)) {
        return true;
    }
    /* A standing fan waits for its turn to be kicked. */
    return start > 0 && permille > 0 &&
           (compare == 0 || compare == steps_of(i, greater(permille, start)));
}

static void judge_channel(uint8_t i) {
    const struct reference_channel *channel = &reference.channels[i];
    const struct pwm_output *output = &board_outputs[i];
    struct channel_report report = channels_read(i, reference.now_ms);
    uint32_t left_ms = channel->live ? channel->deadline_ms - reference.now_ms : 0;
    EXPECT(report.compare <= output->steps);
    EXPECT(report.permille <= FULL);
    EXPECT(!(report.flags & FLAG_FAILSAFE) == channel->live);
    EXPECT(!(report.flags & FLAG_EXPIRED) == !channel->expired);
    EXPECT(report.ttl_left_ms == left_ms && left_ms <= MAX_TTL_MS);
    EXPECT(!(report.flags & FLAG_RELEASED) == (report.compare < output->steps));
    EXPECT(!(DDR & output->pin) == (report.compare == output->steps));
    if (output->compare16 != NULL) {
        EXPECT(*output->compare16 == report.compare);
    } else if (report.compare > 0) {
        EXPECT(*output->compare8 == report.compare - 1);
    }
    if (reference.now_ms >= reference.unsettled_until_ms) {
        EXPECT(level_fits(i, report.compare));
    }
}

void judge_state(void) {
    bool holds = false;
    for (uint8_t i = 0; i < CHANNELS; i++) {
        judge_channel(i);
        holds = pwm_round_holds();
    }
    EXPECT(holds);
    EXPECT(counters.crc == reference.crc_errors);
    EXPECT(counters.cobs == reference.cobs_errors);
    EXPECT(counters.overrun == reference.overruns);
    EXPECT(counters.sequence == reference.sequence_errors);
    EXPECT(counters.ttl_expired == reference.expired);
    EXPECT(counters.rejected == reference.rejected);
    EXPECT(counters.repeated == reference.repeated);
    EXPECT(memcmp(&config, reference.config, CONFIG_SIZE) == 0);
}

/* Counters only grow, and tell no more than there was. */
static void judge_counters(const uint8_t *bytes) {
    const uint16_t most[] = {
        reference.crc_errors,      reference.cobs_errors, reference.overruns,
        reference.sequence_errors, reference.expired,     reference.rejected,
    };
    for (size_t i = 0; i < 6; i++) {
        uint16_t value = word_at(bytes + 2 * i);
        EXPECT(value >= told[i] && value <= most[i]);
        told[i] = value;
    }
}

static void judge_status(const uint8_t *body, size_t length) {
    size_t short_length = 22 + 15 * CHANNELS;
    EXPECT(length == short_length || length == short_length + 8 + 3 * CHANNELS);
    if (length < short_length) {
        return;
    }
    EXPECT(word_at(body) == BOOT_ID && word_at(body + 2) == 0);
    EXPECT(word_at(body + 4) + 65536u * word_at(body + 6) <= reference.now_ms);
    EXPECT(body[21] == CHANNELS);
    judge_counters(body + 9);
    for (uint8_t i = 0; i < CHANNELS; i++) {
        const uint8_t *channel = body + 22 + 15 * i;
        EXPECT(word_at(channel) <= FULL);
        EXPECT(word_at(channel + 2) <= board_outputs[i].steps);
        EXPECT(word_at(channel + 4) <= MAX_TTL_MS);
        EXPECT((channel[14] & 1) == 0 || word_at(channel + 4) == 0 || host_slow_line);
    }
}

static void judge_block(const uint8_t *body, size_t length) {
    uint8_t size = 0;
    EXPECT(length > 2 && body[0] < BLOCKS && body[1] == BLOCKS);
    const uint8_t *block = reference_block(body[0], &size);
    EXPECT(length == 2u + size);
    /* It may have changed behind the answer, in what came at one go. */
    const uint8_t *block_before = config_before + (block - reference.config);
    EXPECT(host_slow_line || memcmp(body + 2, block, size) == 0 ||
           memcmp(body + 2, block_before, size) == 0);
}

static void judge_telemetry(uint8_t number) {
    EXPECT(!any_telemetry || number == telemetry_number);
    EXPECT(host_slow_line || reference.telemetry_ms > 0);
    telemetry_number = number + 1;
    any_telemetry = true;
    judged.telemetry++;
}

static bool same_answer(const struct expected_answer *one, const struct expected_answer *other) {
    return one->type == other->type && one->sequence == other->sequence &&
           one->refused == other->refused && one->reason == other->reason;
}

/* The oldest command that this may answer; those before it lost their answers to its. */
static void judge_answer(uint8_t type, uint8_t sequence, const uint8_t *body, size_t length) {
    last_answer = (struct expected_answer){ type, sequence, 0, 0 };
    if (type == REFUSAL && length == 2) {
        last_answer.refused = body[0];
        last_answer.reason = body[1];
    } else if (type == 128 + CONFIG_GET && length > 0) {
        last_answer.reason = body[0];
    }
    size_t at = 0;
    while (at < reference.expected_length &&
           !same_answer(&reference.expected[at], &last_answer)) {
        at++;
    }
    bool was_asked = at < reference.expected_length;
    EXPECT(was_asked);
    if (was_asked) {
        reference.expected_length -= at + 1;
        memmove(reference.expected, reference.expected + at + 1,
                reference.expected_length * sizeof reference.expected[0]);
    }
    judged.answers++;
    judged.refusals += type == REFUSAL;
}

static void judge_frame(const uint8_t *bytes, size_t size) {
    uint8_t payload[sizeof segment];
    int length = reference_unstuff(bytes, size, payload);
    bool whole = length >= 4 && length <= 252 &&
                 reference_crc(payload, (size_t)length - 2) == word_at(payload + length - 2);
    EXPECT(whole);
    if (!whole) {
        return;
    }
    const uint8_t *body = payload + 2;
    size_t body_length = (size_t)length - 4;
    uint8_t type = payload[0];
    if (type == TELEMETRY) {
        judge_telemetry(payload[1]);
    } else {
        judge_answer(type, payload[1], body, body_length);
    }
    if (type == 128 + HELLO) {
        EXPECT(body_length == 16 + 3 * CHANNELS && body[10] == CHANNELS);
    } else if (type == 128 + CONFIG_GET) {
        judge_block(body, body_length);
    } else if (type != REFUSAL) {
        judge_status(body, body_length);
    }
}

static void judge_text(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        EXPECT(bytes[i] == '\r' || bytes[i] == '\n' || (bytes[i] >= ' ' && bytes[i] != 127));
        judged.text_lines += bytes[i] == '\n';
    }
    EXPECT(length > 2 && memcmp(bytes + length - 2, "\r\n", 2) == 0);
    EXPECT(judged.text_lines <= LINES_OF_TEXT * reference.questions);
}

void judge_sent(bool idle) {
    for (size_t i = 0; i < host_sent_length; i++) {
        if (host_sent[i] != 0) {
            EXPECT(segment_length < sizeof segment);
            segment[segment_length++ % sizeof segment] = host_sent[i];
            continue;
        }
        /* The second byte of a frame is its type, which of a board's is 128 or above. */
        if (segment_length >= 2 && segment[1] >= 128) {
            judge_frame(segment, segment_length);
        } else if (segment_length > 0 || reference.questions == 0) {
            judge_text(segment, segment_length);
        }
        segment_length = 0;
    }
    host_sent_length = 0;
    memcpy(config_before, reference.config, sizeof config_before);
    if (idle) {
        /* A command that came twice may have one answer, which was taken for the first's. */
        size_t left = reference.expected_length;
        EXPECT(left == 0 || same_answer(&reference.expected[left - 1], &last_answer));
        reference.expected_length = 0;
        EXPECT(segment_length == 0 || segment[1] < 128); /* of text, a line at a time */
    }
}

static bool copy_holds(unsigned copy, const uint8_t *configuration) {
    const uint8_t *bytes = host_eeprom + AT_COPIES + copy * COPY_SPACE;
    return bytes[0] == 0xA5 && bytes[1] == CONFIG_SIZE &&
           memcmp(bytes + 4, configuration, CONFIG_SIZE) == 0 &&
           reference_crc(bytes, COPY_SIZE - 2) == word_at(bytes + COPY_SIZE - 2);
}

/* Whatever is being written, what was saved before stays whole; nothing else is touched. */
static void judge_eeprom(void) {
    EXPECT(!any_saved || copy_holds(0, saved) || copy_holds(1, saved));
    for (size_t at = 0; at < sizeof host_eeprom; at += at == 15 || at == 271 ? 1 + COPY_SIZE : 1) {
        EXPECT(host_eeprom[at] == 0xFF);
    }
    memcpy(eeprom_before, host_eeprom, sizeof eeprom_before);
}

void judge_store(void) {
    bool ended = false;
    if (!was_writing && reference.writing) {
        memcpy(being_saved, reference.config, sizeof being_saved);
    }
    if (was_writing || reference.writing) {
        was_writing = store_writing();
        if (!was_writing) {
            memcpy(saved, being_saved, sizeof saved);
            any_saved = true;
            lost = reference.writing = false;
            judged.saves++;
            reference_unsettle();
            ended = true;
        }
    }
    EXPECT(store_writing() == was_writing);
    EXPECT((store_state() == STORE_LOST) == lost);
    if (was_writing || ended) {
        judge_eeprom();
    }
    EXPECT(memcmp(eeprom_before, host_eeprom, sizeof eeprom_before) == 0);
    if (ended || reference.acted != acted_before) {
        uint16_t crc = reference_crc(reference.config, CONFIG_SIZE);
        acted_before = reference.acted;
        EXPECT(config_crc() == crc);
        /* By the CRC: of two configurations in 65536 one is taken for the other. */
        EXPECT(store_matches() == (any_saved && reference_crc(saved, CONFIG_SIZE) == crc));
    }
}

void judge_reset(void) {
    store_load();
    channels_start();
    bool is_new = was_writing && memcmp(&config, being_saved, sizeof being_saved) == 0;
    EXPECT(is_new || !any_saved || memcmp(&config, saved, sizeof saved) == 0);
    EXPECT(is_new || !any_saved || store_state() == STORE_VALID);
    EXPECT(DDR == 0 && PORT == 0);
}
