#include "store.h"
#include "config.h"
#include "crc16.h"
#include "eeprom.h"

/* A copy: the mark, its length, a sequence number, the configuration, and a CRC over all before.
 * A write takes the mark away first and puts it back last, so that no half of a new copy together
 * with a half of an old one is ever looked at, whatever the CRC would say. */
#define COPIES 2
#define FIRST_COPY 16
#define COPY_SPACE 256
#define MARK 0xA5
#define ERASED 0xFF
#define AT_LENGTH 1
#define AT_SEQUENCE 2
#define AT_CONFIG 4
#define AT_CRC (AT_CONFIG + (uint8_t)sizeof config)
#define COPY_SIZE (AT_CRC + 2)

_Static_assert(AT_CONFIG + sizeof(struct config) + 2 <= COPY_SPACE, "a copy has its space");

static uint8_t newer;         /* the copy that counts, or would be written last */
static uint16_t sequence;     /* of that copy */
static uint16_t stored_crc;   /* config_crc() of that copy */
enum store_state store_now;
static bool writing;
static uint8_t written; /* how many bytes of the copy being written are done */
static uint16_t write_crc;

static uint16_t address_of(uint8_t copy, uint8_t offset) {
    return FIRST_COPY + copy * COPY_SPACE + offset;
}

static uint16_t read16(uint8_t copy, uint8_t offset) {
    return (uint16_t)(eeprom_read(address_of(copy, offset)) |
                      eeprom_read(address_of(copy, offset + 1)) << 8);
}

static bool copy_valid(uint8_t copy) {
    if (eeprom_read(address_of(copy, 0)) != MARK ||
        eeprom_read(address_of(copy, AT_LENGTH)) != sizeof config) {
        return false;
    }
    uint16_t crc = CRC16_START;
    for (uint8_t offset = 0; offset < COPY_SIZE; offset++) {
        crc = crc16_update(crc, eeprom_read(address_of(copy, offset)));
    }
    return crc == 0;
}

static bool copies_blank(void) {
    for (uint8_t offset = 0; offset < COPY_SIZE; offset++) {
        if ((eeprom_read(address_of(0, offset)) & eeprom_read(address_of(1, offset))) != ERASED) {
            return false;
        }
    }
    return true;
}

static void load_copy(uint8_t copy) {
    for (uint8_t i = 0; i < sizeof config; i++) {
        ((uint8_t *)&config)[i] = eeprom_read(address_of(copy, AT_CONFIG + i));
    }
    newer = copy;
    sequence = read16(copy, AT_SEQUENCE);
}

void store_load(void) {
    bool valid[COPIES] = { copy_valid(0), copy_valid(1) };
    config_set_defaults();
    newer = 0;
    sequence = 0;
    writing = false;
    if (valid[0] || valid[1]) {
        bool both = valid[0] && valid[1];
        bool second_newer = (int16_t)(read16(1, AT_SEQUENCE) - read16(0, AT_SEQUENCE)) > 0;
        load_copy(both ? second_newer : valid[1]);
        store_now = STORE_VALID;
        if (!config_acceptable()) { /* of a firmware with other rules */
            config_set_defaults();
            store_now = STORE_LOST;
        }
    } else {
        store_now = copies_blank() ? STORE_BLANK : STORE_LOST;
    }
    config_seal();
    stored_crc = config_crc();
}

void store_begin(void) {
    newer ^= 1;
    sequence++;
    written = 0;
    writing = true;
}

/* The bytes of a copy in the order in which they are written: no mark, the rest, the mark. The
 * configuration does not change meanwhile: config_change() is not called while store_writing(). */
static uint8_t byte_at(uint8_t offset) {
    switch (offset) {
    case 0:
        return MARK;
    case AT_LENGTH:
        return sizeof config;
    case AT_SEQUENCE:
        return (uint8_t)sequence;
    case AT_SEQUENCE + 1:
        return (uint8_t)(sequence >> 8);
    case AT_CRC:
        return (uint8_t)write_crc;
    case AT_CRC + 1:
        return (uint8_t)(write_crc >> 8);
    default:
        return ((const uint8_t *)&config)[offset - AT_CONFIG];
    }
}

static void write_next(void) {
    uint8_t step = written++;
    if (step == 0) {
        eeprom_write(address_of(newer, 0), ERASED);
        write_crc = crc16_update(CRC16_START, MARK);
    } else if (step < COPY_SIZE) {
        uint8_t byte = byte_at(step);
        eeprom_write(address_of(newer, step), byte);
        if (step < AT_CRC) {
            write_crc = crc16_update(write_crc, byte);
        }
    } else {
        eeprom_write(address_of(newer, 0), MARK);
    }
}

void store_poll(void) {
    if (!writing || eeprom_busy()) {
        return;
    }
    if (written <= COPY_SIZE) {
        write_next();
        return;
    }
    writing = false;
    /* What counts is what can be read back: an EEPROM wears out. */
    if (copy_valid(newer)) {
        store_now = STORE_VALID;
        stored_crc = config_crc();
    } else {
        newer ^= 1;
        sequence--;
    }
}

bool store_writing(void) {
    return writing;
}

bool store_matches(void) {
    return store_now == STORE_VALID && stored_crc == config_crc();
}
