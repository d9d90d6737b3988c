/* What an operator declares about a board and its fans. Lives in RAM, in the very bytes of the
 * protocol's blocks and of the EEPROM; block 0 is the board, block c + 1 is channel c. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "board.h"

#define CONFIG_NAME_SIZE 16
#define CONFIG_CURVE_POINTS 5
#define CONFIG_BLOCKS (1 + BOARD_CHANNELS)

enum output_stage {
    STAGE_OPEN_DRAIN = 0, /* pin high pulls the fan's line low */
    STAGE_DIRECT = 1,     /* the pin is the fan's line */
};

/* Bits of a channel's options. */
#define OPTION_CURVE 0x01   /* when the host is silent, follow the thermistor's curve */
#define OPTION_NO_TACH 0x02 /* no tachometer is wired to the input */

struct curve_point {
    int8_t celsius;
    uint16_t permille;
} __attribute__((packed));

struct board_config {
    char name[CONFIG_NAME_SIZE]; /* UTF-8, zeros behind */
    uint8_t stage;
    uint16_t ntc_beta; /* kelvin */
    struct curve_point curve[CONFIG_CURVE_POINTS]; /* neither value ever falls */
} __attribute__((packed));

struct channel_config {
    uint8_t options;
    uint8_t pulses;          /* of the tachometer, a revolution */
    uint16_t safe_permille;  /* when the TTL is over */
    uint16_t min_permille;   /* the least duty but 0 */
    uint16_t start_permille; /* that starts a standing fan; 0 = as told, without a kick */
    uint8_t kick_ds;         /* the longest kick, tenths of a second */
    uint8_t pause_s;         /* between a kick in vain and the next */
    uint16_t max_rpm;        /* at full duty; 0 = not known */
} __attribute__((packed));

struct config {
    struct board_config board;
    struct channel_config channels[BOARD_CHANNELS];
} __attribute__((packed));

/* Changed by the functions below alone. */
extern struct config config;

/* What holds on a board that was never configured. */
void config_set_defaults(void);

/* Where a block is and how long; a length of 0 says that there is no such block. */
struct config_block {
    uint8_t *bytes;
    uint8_t length;
};
struct config_block config_block(uint8_t index);

/* Whether a block holds nothing that is out of range; `bytes` holds at least its length. */
bool config_is_block(uint8_t index, const uint8_t *bytes);

/* Takes a block that is one. */
void config_change(uint8_t index, const uint8_t *bytes);

/* Whether every block is one. */
bool config_acceptable(void);

/* Notes the CRC of what is in force, after it was written otherwise than by config_change(). */
void config_seal(void);

/* Over the whole configuration, in the blocks' order. */
uint16_t config_crc(void);
