#include "hostile.h"
#include <stdlib.h>
#include <string.h>
#include "../vectors.h"
#include "random.h"
#include "reference.h"

#define MOST_ORIGINALS 256
/* Longer than a payload may be, so that too long ones are sent as well. */
#define LONGEST 260

struct payload {
    uint8_t bytes[LONGEST + 2]; /* and the CRC */
    size_t length;              /* without it */
};

static struct payload originals[MOST_ORIGINALS];
static size_t original_count;

static void keep_original(const uint8_t *line, size_t length) {
    uint8_t bytes[512];
    int whole = reference_unstuff(line, length, bytes);
    if (whole >= 4 && whole <= LONGEST && original_count < MOST_ORIGINALS) {
        struct payload *kept = &originals[original_count++];
        kept->length = (size_t)whole - 2;
        memcpy(kept->bytes, bytes, kept->length);
    }
}

void hostile_start(void) {
    for (size_t i = 0; i < session_count; i++) {
        for (size_t step = 0; step < sessions[i].length; step++) {
            uint8_t line[512];
            size_t length = 0;
            const char *hex = sessions[i].steps[step].send;
            for (; hex[0] != 0 && length < sizeof line; hex += 2) {
                char digits[3] = { hex[0], hex[1], 0 };
                line[length] = (uint8_t)strtoul(digits, NULL, 16);
                if (line[length++] == 0) {
                    keep_original(line, length - 1);
                    length = 0;
                }
            }
        }
    }
}

/* With its CRC and its end. */
static size_t frame(uint8_t *line, struct payload *payload) {
    uint16_t crc = reference_crc(payload->bytes, payload->length);
    payload->bytes[payload->length] = (uint8_t)crc;
    payload->bytes[payload->length + 1] = (uint8_t)(crc >> 8);
    size_t code_at = 0;
    size_t end = 1;
    for (size_t i = 0; i < payload->length + 2; i++) {
        if (end - code_at == 255) {
            line[code_at] = 255;
            code_at = end++;
        }
        if (payload->bytes[i] == 0) {
            line[code_at] = (uint8_t)(end - code_at);
            code_at = end++;
        } else {
            line[end++] = payload->bytes[i];
        }
    }
    line[code_at] = (uint8_t)(end - code_at);
    line[end++] = 0;
    return end;
}

static uint16_t odd_word(void) {
    static const uint16_t odd[] = { 0,     1,     2,     99,    100,   255,   256,
                                    999,   1000,  1001,  9999,  10000, 10001, 20000,
                                    20001, 30000, 30001, 32767, 32768, 65535 };
    return one_in(3) ? (uint16_t)random_next() : odd[below(sizeof odd / sizeof odd[0])];
}

static uint16_t nearly(uint16_t value) {
    return one_in(60) ? odd_word() : value;
}

static void put8(struct payload *payload, uint32_t value) {
    payload->bytes[payload->length++] = (uint8_t)value;
}

static void put16(struct payload *payload, uint16_t value) {
    put8(payload, value);
    put8(payload, value >> 8);
}

static void put_boot_id(struct payload *payload) {
    put16(payload, nearly(BOOT_ID));
    put16(payload, nearly(0));
}

static uint16_t ttl_ms(void) {
    static const uint16_t edges[] = { 1, 2, 49, 50, 51, 9999, 10000 };
    return one_in(4) ? edges[below(7)] : (uint16_t)(1 + below(one_in(3) ? 10000 : 300));
}

static uint16_t permille(void) {
    return (uint16_t)(one_in(4) ? 1000 * below(2) : below(1001));
}

static void put_set(struct payload *payload) {
    put_boot_id(payload);
    uint8_t channels = (uint8_t)nearly(CHANNELS);
    put8(payload, channels);
    for (uint8_t i = 0; i < (one_in(40) ? channels % 30 : CHANNELS); i++) {
        bool rpm = one_in(4);
        put8(payload, nearly(rpm));
        put16(payload, nearly(rpm ? (uint16_t)(100 + below(5000)) : permille()));
        put16(payload, nearly(ttl_ms()));
    }
}

static void change_board(uint8_t *block) {
    switch (below(4)) {
    case 0:
        memset(block, 0, 16);
        for (uint32_t i = below(17); i > 0; i--) {
            block[i - 1] = (uint8_t)(' ' + below(95)) | (one_in(4) ? 0x80 : 0);
            block[i - 1] -= block[i - 1] == 127;
        }
        break;
    case 1:
        block[16] = (uint8_t)below(2);
        break;
    case 2:
        block[17] = 0xA0; /* 4000 */
        block[18] = 0x0F;
        break;
    default:
        for (uint8_t point = 0; point < 5; point++) {
            uint16_t duty = (uint16_t)(200 * point + below(200));
            block[19 + 3 * point] = (uint8_t)(30 * point + below(30) - 60);
            block[20 + 3 * point] = (uint8_t)duty;
            block[21 + 3 * point] = (uint8_t)(duty >> 8);
        }
    }
}

static void set_word(uint8_t *bytes, uint32_t value) {
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static void change_channel(uint8_t *block) {
    switch (below(6)) {
    case 0:
        block[0] = (uint8_t)below(4);
        break;
    case 1:
        block[1] = (uint8_t)(1 + below(8));
        break;
    case 2:
        set_word(block + 2, permille());
        break;
    case 3:
        set_word(block + 4, one_in(2) ? 0 : permille());
        break;
    case 4:
        set_word(block + 6, one_in(2) ? 0 : permille());
        block[8] = (uint8_t)(1 + below(100));
        block[9] = (uint8_t)(1 + below(255));
        break;
    default:
        set_word(block + 10, below(30001));
    }
}

void hostile_block(uint8_t index, uint8_t *block) {
    if (index == 0) {
        change_board(block);
    } else {
        change_channel(block);
    }
}

static void put_config_set(struct payload *payload) {
    uint8_t block[BOARD_BLOCK];
    uint8_t size;
    uint8_t index = (uint8_t)below(BLOCKS);
    memcpy(block, reference_block(index, &size), index == 0 ? BOARD_BLOCK : CHANNEL_BLOCK);
    hostile_block(index, block);
    if (one_in(8)) {
        block[below(size)] = (uint8_t)random_next();
    }
    put_boot_id(payload);
    put8(payload, nearly(index));
    memcpy(payload->bytes + payload->length, block, size);
    payload->length += size;
}

static uint8_t type_of_command(void) {
    static const uint8_t types[] = { HELLO,  SET,        SET,        SET,        SET,
                                     SET,    STATUS,     CLEAR,      CONFIG_GET, CONFIG_SET,
                                     CONFIG_SET, CONFIG_SAVE, TELEMETRY_SET, SET, SET, STATUS };
    return one_in(60) ? (uint8_t)random_next() : types[below(sizeof types)];
}

/* The number that is due, mostly. */
static uint8_t number(void) {
    static const uint8_t ahead[] = { 0, 2, 3, 126, 127, 128, 129, 254, 255 };
    return reference.sequence + (one_in(20) ? ahead[below(sizeof ahead)] : 1);
}

/* By the grammar of the protocol, as far as nothing in it is odd. */
static void put_command(struct payload *payload) {
    uint8_t type = type_of_command();
    payload->length = 0;
    put8(payload, type);
    put8(payload, number());
    switch (type) {
    case HELLO:
        put8(payload, nearly(1));
        put8(payload, below(3));
        break;
    case SET:
        put_set(payload);
        break;
    case CLEAR:
        put16(payload, odd_word());
        break;
    case CONFIG_GET:
        put8(payload, nearly((uint16_t)below(BLOCKS)));
        break;
    case CONFIG_SET:
        put_config_set(payload);
        break;
    case CONFIG_SAVE:
        put_boot_id(payload);
        put16(payload, nearly(reference_crc(reference.config, CONFIG_SIZE)));
        break;
    case TELEMETRY_SET:
        put16(payload, nearly((uint16_t)(one_in(2) ? 0 : 50 + below(500))));
        break;
    }
}

static void put_noise(struct payload *payload, size_t bytes) {
    while (bytes-- > 0 && payload->length < LONGEST) {
        put8(payload, random_next());
    }
}

/* Another body, or none, or too much of one. */
static void spoil(struct payload *payload) {
    switch (below(4)) {
    case 0:
        payload->length = below((uint32_t)payload->length + 1);
        break;
    case 1:
        put_noise(payload, one_in(4) ? below(LONGEST) : below(8));
        break;
    default:
        for (uint32_t i = 1 + below(4); i > 0 && payload->length > 0; i--) {
            uint8_t *byte = payload->bytes + below((uint32_t)payload->length);
            *byte = one_in(2) ? (uint8_t)random_next() : *byte ^ (uint8_t)(1 << below(8));
        }
    }
}

static void put_original(struct payload *payload) {
    *payload = originals[below((uint32_t)original_count)];
    if (payload->length >= 2 && !one_in(4)) {
        payload->bytes[1] = number();
    }
}

static size_t damage(uint8_t *line, size_t length) {
    for (uint32_t i = 1 + below(4); i > 0 && length > 1; i--) {
        size_t at = below((uint32_t)length);
        switch (below(5)) {
        case 0:
            line[at] = (uint8_t)random_next();
            break;
        case 1:
            line[at] ^= (uint8_t)(1 << below(8));
            break;
        case 2: /* a byte is missing */
            memmove(line + at, line + at + 1, --length - at);
            break;
        case 3: /* one too many */
            memmove(line + at + 1, line + at, length++ - at);
            break;
        default: /* the rest is missing */
            length = at + 1;
        }
    }
    return length;
}

static size_t question(uint8_t *line) {
    size_t length = 0;
    static const uint8_t signs[] = { 0, '?', '?', '\r', '\n', '\r', 'a', ' ', '~', 127, 200 };
    if (one_in(2)) {
        line[length++] = 0;
    }
    line[length++] = '?';
    for (uint32_t i = below(12); i > 0; i--) {
        line[length++] = signs[below(sizeof signs)];
    }
    return length;
}

static size_t noise(uint8_t *line) {
    size_t length = 1 + below(one_in(6) ? 400 : 40);
    uint32_t kind = below(3); /* any byte, none that ends a frame, long blocks */
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = (uint8_t)random_next();
        line[i] = kind == 0 ? byte : kind == 1 ? byte | 1 : byte | 0xE0;
    }
    return length;
}

size_t hostile_line(uint8_t *line) {
    struct payload payload = { .length = 0 };
    uint32_t kind = below(20);
    if (kind == 0) {
        return noise(line);
    }
    if (kind == 1) {
        return question(line);
    }
    if (kind < 5) {
        put_original(&payload);
    } else {
        put_command(&payload);
    }
    if (one_in(5)) {
        spoil(&payload);
    }
    size_t length = frame(line, &payload);
    return one_in(6) ? damage(line, length) : length;
}
