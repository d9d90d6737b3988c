#include <string.h>
#include "../src/config.h"
#include "../src/crc16.h"
#include "host.h"
#include "tests.h"

static void defaults(const void *argument) {
    (void)argument;
    config_set_defaults();
    EXPECT(config_acceptable());
    EXPECT(sizeof config.board == 34);
    EXPECT(sizeof config.channels[0] == 12);
    EXPECT(config.board.stage == STAGE_OPEN_DRAIN);
    EXPECT(config.channels[2].safe_permille == 1000);
    EXPECT(config_block(CONFIG_BLOCKS).length == 0);
}

static void is_refused(struct channel_config channel) {
    EXPECT(!config_is_block(1, (const uint8_t *)&channel));
}

static void refuses_values(const void *argument) {
    (void)argument;
    config_set_defaults();
    struct channel_config good = config.channels[0];
    struct channel_config bad = good;
    bad.options = 4;
    is_refused(bad);
    bad = good, bad.pulses = 0;
    is_refused(bad);
    bad = good, bad.pulses = 9;
    is_refused(bad);
    bad = good, bad.safe_permille = 1001;
    is_refused(bad);
    bad = good, bad.min_permille = 1001;
    is_refused(bad);
    bad = good, bad.start_permille = 65535;
    is_refused(bad);
    bad = good, bad.kick_ds = 0;
    is_refused(bad);
    bad = good, bad.kick_ds = 101;
    is_refused(bad);
    bad = good, bad.pause_s = 0;
    is_refused(bad);
    bad = good, bad.max_rpm = 30001;
    is_refused(bad);
}

static bool takes_board(struct board_config board) {
    return config_is_block(0, (const uint8_t *)&board);
}

static void refuses_boards(const void *argument) {
    (void)argument;
    config_set_defaults();
    struct board_config good = config.board;
    EXPECT(takes_board(good));
    struct board_config board = good;
    memcpy(board.name, "rack 7, \xC3\xBC" "ber", 13);
    EXPECT(takes_board(board));
    memcpy(board.name, "sixteen letters!", 16);
    EXPECT(takes_board(board));
    board.name[3] = '\n';
    EXPECT(!takes_board(board));
    board.name[3] = 0;
    EXPECT(!takes_board(board));
    board = good, board.stage = 2;
    EXPECT(!takes_board(board));
    board = good, board.ntc_beta = 1999;
    EXPECT(!takes_board(board));
    board = good, board.ntc_beta = 6001;
    EXPECT(!takes_board(board));
    board = good, board.curve[2].celsius = 39;
    EXPECT(!takes_board(board));
    board = good, board.curve[2].permille = 499;
    EXPECT(!takes_board(board));
    board = good, board.curve[4].permille = 1001;
    EXPECT(!takes_board(board));
}

static void crc_follows(const void *argument) {
    (void)argument;
    config_set_defaults();
    config_seal();
    uint16_t before = config_crc();
    struct channel_config channel = config.channels[1];
    channel.min_permille = 200;
    config_change(2, (const uint8_t *)&channel);
    EXPECT(config.channels[1].min_permille == 200);
    EXPECT(config_crc() != before);
    channel.min_permille = 0;
    config_change(2, (const uint8_t *)&channel);
    EXPECT(config_crc() == before);
}

void config_tests(void) {
    run_test("the defaults are acceptable", defaults, 0);
    run_test("a channel's block is refused for each value out of range", refuses_values, 0);
    run_test("the board's block is refused for each value out of range", refuses_boards, 0);
    run_test("the CRC is that of what is in force", crc_follows, 0);
}
