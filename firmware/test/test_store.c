#include <string.h>
#include "../src/channels.h"
#include "../src/clock.h"
#include "../src/config.h"
#include "../src/store.h"
#include "host.h"
#include "tests.h"

struct cut {
    long after;
    uint8_t torn;
};

static void write_out(void) {
    store_begin();
    while (store_writing()) {
        store_poll();
    }
}

static void name_board(const char *name, enum output_stage stage) {
    struct board_config board = config.board;
    memset(board.name, 0, sizeof board.name);
    strncpy(board.name, name, sizeof board.name);
    board.stage = stage;
    config_change(0, (const uint8_t *)&board);
}

/* Whatever the EEPROM holds: no pin is driven before a set, nor after its time is up. */
static void failsafe_is_released(void) {
    channels_start();
    EXPECT(DDR == 0);
    struct set_channel entries[BOARD_CHANNELS];
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        entries[channel] = (struct set_channel){ MODE_DUTY, 200, 100 };
    }
    uint32_t start_ms = clock_ms();
    channels_set(entries, start_ms);
    EXPECT(store_state() == STORE_LOST ? DDR == 0 : DDR == 0x0E);
    channels_expire(start_ms + 100);
    EXPECT(DDR == 0);
    EXPECT(PORT == 0);
}

/* A board that was in use, cut while it writes its third configuration. */
static void cut_write(const void *argument) {
    const struct cut *cut = argument;
    host_start(1, 0);
    name_board("first", STAGE_DIRECT);
    write_out();
    name_board("old", STAGE_DIRECT);
    write_out();
    struct config old = config;
    name_board("new", STAGE_OPEN_DRAIN);
    struct config new = config;
    host_eeprom_cut = cut->after;
    host_eeprom_torn = cut->torn;
    write_out();
    host_eeprom_cut = -1;
    store_load();
    EXPECT(store_state() == STORE_VALID);
    EXPECT(store_matches());
    bool is_old = memcmp(&config, &old, sizeof config) == 0;
    bool is_new = memcmp(&config, &new, sizeof config) == 0;
    EXPECT(is_old || is_new);
    failsafe_is_released();
    /* And the next write finds its way. */
    name_board("next", STAGE_DIRECT);
    write_out();
    EXPECT(store_matches());
    store_load();
    EXPECT(strcmp(config.board.name, "next") == 0);
}

/* A board that was never configured, cut while it writes its first configuration. */
static void cut_first_write(const void *argument) {
    const struct cut *cut = argument;
    host_start(1, 0);
    struct config defaults = config;
    name_board("new", STAGE_DIRECT);
    struct config new = config;
    host_eeprom_cut = cut->after;
    host_eeprom_torn = cut->torn;
    write_out();
    host_eeprom_cut = -1;
    store_load();
    bool is_new = memcmp(&config, &new, sizeof config) == 0;
    EXPECT(is_new || memcmp(&config, &defaults, sizeof config) == 0);
    EXPECT(store_state() == (is_new ? STORE_VALID : cut->after == 0 && cut->torn == 0xFF
                                          ? STORE_BLANK : store_state()));
    failsafe_is_released();
}

static void keeps_what_was_saved(const void *argument) {
    (void)argument;
    host_start(1, 0);
    EXPECT(store_state() == STORE_BLANK);
    EXPECT(!store_matches());
    for (unsigned round = 0; round < 70000; round++) {
        struct channel_config channel = config.channels[0];
        channel.max_rpm = (uint16_t)(round % 30000);
        config_change(1, (const uint8_t *)&channel);
        EXPECT(!store_matches());
        write_out();
        EXPECT(store_matches());
        store_load();
        EXPECT(config.channels[0].max_rpm == round % 30000);
    }
}

static void worn_out(const void *argument) {
    (void)argument;
    host_start(1, 0);
    name_board("old", STAGE_DIRECT);
    write_out();
    name_board("new", STAGE_OPEN_DRAIN);
    host_eeprom_cut = 0;
    write_out();
    host_eeprom_cut = -1;
    EXPECT(!store_matches());
    store_load();
    EXPECT(strcmp(config.board.name, "old") == 0);
}

static void both_lost(const void *argument) {
    (void)argument;
    host_start(1, 0);
    host_eeprom[20] = 0;
    store_load();
    EXPECT(store_state() == STORE_LOST);
    failsafe_is_released();
    write_out();
    EXPECT(store_state() == STORE_VALID);
    failsafe_is_released();
}

void store_tests(void) {
    static const uint8_t torn[] = { 0xFF, 0x00, 0xA5, 0x21 };
    for (unsigned i = 0; i < sizeof torn; i++) {
        for (long after = 0; after < 8 + (long)sizeof(struct config); after++) {
            struct cut cut = { after, torn[i] };
            run_test("a cut write leaves one whole configuration", cut_write, &cut);
            run_test("a cut first write inverts nothing", cut_first_write, &cut);
        }
    }
    run_test("what was saved is what is loaded, 70 000 times", keeps_what_was_saved, 0);
    run_test("a copy that cannot be read back does not count", worn_out, 0);
    run_test("with both copies lost nothing is driven until a new one is saved", both_lost, 0);
}
