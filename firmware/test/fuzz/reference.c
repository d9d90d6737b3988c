#include "reference.h"
#include <string.h>

/* A frame whose next byte stays away for so long is dropped. */
#define AGE_MS 50
#define STEP_MS 50

struct reference reference;
static struct reference *const board = &reference;

uint16_t reference_crc(const uint8_t *bytes, size_t length) {
    uint16_t crc = 0xFFFF;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1;
        }
    }
    return crc;
}

uint8_t *reference_block(uint8_t index, uint8_t *length) {
    *length = index == 0 ? BOARD_BLOCK : CHANNEL_BLOCK;
    return board->config + (index == 0 ? 0 : BOARD_BLOCK + (index - 1) * CHANNEL_BLOCK);
}

int reference_unstuff(const uint8_t *in, size_t length, uint8_t *out) {
    int written = 0;
    for (size_t at = 0; at < length;) {
        size_t code = in[at++];
        if (code == 0 || at + code - 1 > length) {
            return -1;
        }
        memcpy(out + written, in + at, code - 1);
        written += (int)code - 1;
        at += code - 1;
        if (code < 255 && at < length) {
            out[written++] = 0;
        }
    }
    return written;
}

static void add(uint16_t *counter) {
    *counter += *counter < 65535;
}

static bool is_name(const uint8_t *name) {
    size_t length = strnlen((const char *)name, 16);
    for (size_t i = 0; i < 16; i++) {
        if (i < length ? name[i] < 32 || name[i] == 127 : name[i] != 0) {
            return false;
        }
    }
    return true;
}

static bool is_board_block(const uint8_t *block) {
    uint16_t beta = word_at(block + 17);
    bool good = is_name(block) && block[16] <= 1 && beta >= 2000 && beta <= 6000;
    for (int point = 0; point < 5; point++) {
        const uint8_t *now = block + 19 + 3 * point;
        good = good && word_at(now + 1) <= FULL;
        if (point > 0) {
            good = good && (int8_t)now[0] >= (int8_t)now[-3] &&
                   word_at(now + 1) >= word_at(now - 2);
        }
    }
    return good;
}

static bool is_channel_block(const uint8_t *block) {
    return block[0] <= 3 && block[1] >= 1 && block[1] <= 8 && word_at(block + 2) <= FULL &&
           word_at(block + 4) <= FULL && word_at(block + 6) <= FULL && block[8] >= 1 &&
           block[8] <= 100 && block[9] >= 1 && word_at(block + 10) <= 30000;
}

static bool boot_id_fits(const uint8_t *body) {
    return word_at(body) == BOOT_ID % 65536 && word_at(body + 2) == BOOT_ID / 65536;
}

static uint8_t refuse_set(const uint8_t *body, size_t length) {
    if (length < 5) {
        return 2;
    }
    if (!boot_id_fits(body)) {
        return 3;
    }
    if (body[4] != CHANNELS) {
        return 4;
    }
    if (length < 5 + 5 * CHANNELS) {
        return 2;
    }
    for (uint8_t channel = 0; channel < CHANNELS; channel++) {
        const uint8_t *entry = body + 5 + 5 * channel;
        uint16_t value = word_at(entry + 1);
        uint16_t ttl_ms = word_at(entry + 3);
        uint8_t size;
        bool no_tach = reference_block(channel + 1, &size)[0] & 2;
        bool duty = entry[0] == 0 && value <= FULL;
        bool rpm = entry[0] == 1 && value >= 100 && value <= 20000 && !no_tach;
        if (!(duty || rpm) || ttl_ms == 0 || ttl_ms > MAX_TTL_MS) {
            return 4;
        }
    }
    return 0;
}

static uint8_t refuse_config_set(const uint8_t *body, size_t length) {
    uint8_t size;
    if (length < 5) {
        return 2;
    }
    if (!boot_id_fits(body)) {
        return 3;
    }
    if (body[4] >= BLOCKS) {
        return 4;
    }
    reference_block(body[4], &size);
    if (length < 5u + size) {
        return 2;
    }
    if (board->writing) {
        return 6;
    }
    return (body[4] == 0 ? is_board_block(body + 5) : is_channel_block(body + 5)) ? 0 : 4;
}

static uint8_t refuse_config_save(const uint8_t *body, size_t length) {
    if (length < 6) {
        return 2;
    }
    if (!boot_id_fits(body)) {
        return 3;
    }
    if (board->writing) {
        return 6;
    }
    return word_at(body + 4) == reference_crc(board->config, CONFIG_SIZE) ? 0 : 7;
}

/* Why a command is refused; 0 = it is not. */
static uint8_t refuse(uint8_t type, const uint8_t *body, size_t length) {
    switch (type) {
    case HELLO:
    case CLEAR:
        return length < 2 ? 2 : 0;
    case SET:
        return refuse_set(body, length);
    case STATUS:
        return 0;
    case CONFIG_GET:
        return length < 1 ? 2 : body[0] >= BLOCKS ? 4 : 0;
    case CONFIG_SET:
        return refuse_config_set(body, length);
    case CONFIG_SAVE:
        return refuse_config_save(body, length);
    case TELEMETRY_SET:
        if (length < 2) {
            return 2;
        }
        return word_at(body) == 0 || (word_at(body) >= 50 && word_at(body) <= 10000) ? 0 : 4;
    default:
        return 1;
    }
}

static void act_on_set(const uint8_t *body) {
    for (uint8_t i = 0; i < CHANNELS; i++) {
        const uint8_t *entry = body + 5 + 5 * i;
        struct reference_channel *channel = &board->channels[i];
        channel->mode = entry[0];
        channel->value = word_at(entry + 1);
        channel->deadline_ms = board->now_ms + word_at(entry + 3);
        channel->live = channel->told = true;
        uint8_t size;
        if (word_at(reference_block(i + 1, &size) + 6) > 0) {
            reference_unsettle(); /* a fan that stands waits for its turn */
        }
    }
}

static void act_on_config(const uint8_t *body) {
    uint8_t size;
    bool other_stage = body[4] == 0 && body[5 + 16] != board->config[16];
    uint8_t *block = reference_block(body[4], &size);
    memcpy(block, body + 5, size);
    for (uint8_t i = 0; i < CHANNELS; i++) {
        if (other_stage) {
            board->channels[i].live = board->channels[i].told = false;
        }
    }
    reference_unsettle();
}

static void act(uint8_t type, const uint8_t *body) {
    switch (type) {
    case HELLO:
        board->minor = body[0] == 1 ? body[1] : 0;
        board->telemetry_ms = 0;
        break;
    case SET:
        act_on_set(body);
        break;
    case CLEAR:
        for (uint8_t i = 0; i < CHANNELS; i++) {
            board->channels[i].expired &= !(body[0] >> i & 1);
        }
        break;
    case CONFIG_SET:
        act_on_config(body);
        break;
    case CONFIG_SAVE:
        board->writing = true;
        break;
    case TELEMETRY_SET:
        board->telemetry_ms = word_at(body);
        break;
    }
}

static void expect(struct expected_answer answer) {
    if (board->expected_length == MOST_EXPECTED) {
        memmove(board->expected, board->expected + 1, (MOST_EXPECTED - 1) * sizeof answer);
        board->expected_length--;
    }
    board->expected[board->expected_length++] = answer;
}

static void command(uint8_t type, uint8_t sequence, const uint8_t *body, size_t length) {
    if (type >= 128) {
        add(&board->rejected);
        return;
    }
    uint16_t crc = word_at(body + length);
    uint8_t ahead = (uint8_t)(sequence - board->sequence);
    bool begins = type == HELLO || !board->known;
    bool again = !begins && ahead == 0 && type == board->type && crc == board->crc;
    bool stale = !begins && !again && (ahead == 0 || ahead > 127);
    uint8_t reason = stale ? 5 : refuse(type, body, length);
    board->commands++;
    board->frame_heard_ms = board->now_ms;
    if (!begins && !again && ahead != 1) {
        add(&board->sequence_errors);
    }
    if (again) {
        add(&board->repeated);
    } else if (reason != 0) {
        add(&board->rejected);
    } else {
        act(type, body);
        board->acted++;
    }
    if (!stale) {
        board->known = true;
        board->type = type;
        board->sequence = sequence;
        board->crc = crc;
    }
    expect(reason != 0 ? (struct expected_answer){ REFUSAL, sequence, type, reason }
                       : (struct expected_answer){ type + 128, sequence, 0,
                                                   type == CONFIG_GET ? body[0] : 0 });
}

static void end_of_frame(void) {
    uint8_t payload[sizeof board->raw];
    /* A payload's code bytes make it longer: what does not fit here is too long in any case. */
    bool fits = board->raw_length < sizeof board->raw;
    int length = fits ? reference_unstuff(board->raw, board->raw_length, payload) : -1;
    if (length < 4 || length > MAX_PAYLOAD) {
        add(&board->cobs_errors);
    } else if (reference_crc(payload, (size_t)length - 2) != word_at(payload + length - 2)) {
        add(&board->crc_errors);
    } else {
        command(payload[0], payload[1], payload + 2, (size_t)length - 4);
    }
}

void reference_start(const uint8_t *config) {
    memset(board, 0, sizeof *board);
    memcpy(board->config, config, CONFIG_SIZE);
    board->skipping = true;
}

void reference_lose_input(void) {
    add(&board->overruns);
    board->skipping = true;
    board->raw_length = 0;
}

/* A line of text that begins with "?" is a question; the line ends behind it mean nothing. True
 * when the byte ends one, and with it whatever the line could have been. */
static bool ends_text(uint8_t byte) {
    bool line_end = byte == 13 || byte == 10;
    if (line_end && board->line == LINE_QUESTION) {
        board->questions++;
        board->line = LINE_AFTER_TEXT;
        return true;
    }
    if (line_end && board->line == LINE_AFTER_TEXT) {
        return true;
    }
    bool goes_on = board->line == LINE_QUESTION && byte >= 32 && byte <= 126;
    bool begins = byte == '?' && (board->line == LINE_BEGIN || board->line == LINE_AFTER_TEXT);
    board->line = goes_on || begins ? LINE_QUESTION : LINE_NO_TEXT;
    return false;
}

void reference_receive(uint8_t byte) {
    board->heard_at_ms = board->now_ms;
    if (byte == 0) {
        board->line = LINE_BEGIN;
        if (!board->skipping && board->raw_length > 0) {
            end_of_frame();
        }
    }
    if (byte == 0 || ends_text(byte)) {
        board->skipping = false;
        board->raw_length = 0;
    } else if (!board->skipping && board->raw_length < sizeof board->raw) {
        board->raw[board->raw_length++] = byte;
    }
}

void reference_pass_time(uint32_t now_ms) {
    board->now_ms = now_ms;
    if (!board->skipping && board->raw_length > 0 && board->line != LINE_QUESTION &&
        now_ms - board->heard_at_ms >= AGE_MS) {
        add(&board->cobs_errors);
        board->skipping = true;
        board->raw_length = 0;
    }
    for (uint8_t i = 0; i < CHANNELS; i++) {
        struct reference_channel *channel = &board->channels[i];
        if (channel->live && now_ms >= channel->deadline_ms) {
            channel->live = false;
            channel->expired = true;
            add(&board->expired);
        }
    }
    if (now_ms - board->frame_heard_ms > MAX_TTL_MS) {
        board->telemetry_ms = 0;
    }
}

void reference_unsettle(void) {
    board->unsettled_until_ms = board->now_ms + STEP_MS + 2;
}
