#include "config.h"
#include <string.h>
#include "crc16.h"
#include "duty.h"

#define LEAST_BETA 2000
#define GREATEST_BETA 6000
#define MOST_PULSES 8
#define LONGEST_KICK_DS 100
#define GREATEST_RPM 30000

struct config config;
static uint16_t crc;

void config_set_defaults(void) {
    static const struct curve_point curve[CONFIG_CURVE_POINTS] = {
        { 30, 300 }, { 40, 500 }, { 50, 800 }, { 55, 1000 }, { 60, 1000 },
    };
    memset(&config, 0, sizeof config);
    config.board.ntc_beta = 3950;
    memcpy(config.board.curve, curve, sizeof curve);
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        config.channels[channel] = (struct channel_config){
            .pulses = 2, .safe_permille = DUTY_FULL, .kick_ds = 20, .pause_s = 10,
        };
    }
}

struct config_block config_block(uint8_t index) {
    if (index == 0) {
        return (struct config_block){ (uint8_t *)&config.board, sizeof config.board };
    }
    if (index < CONFIG_BLOCKS) {
        return (struct config_block){ (uint8_t *)&config.channels[index - 1],
                                      sizeof config.channels[0] };
    }
    return (struct config_block){ NULL, 0 };
}

/* Text without control characters, and nothing but zeros behind the first zero. */
static bool is_name(const char *name) {
    bool ended = false;
    for (uint8_t i = 0; i < CONFIG_NAME_SIZE; i++) {
        uint8_t byte = (uint8_t)name[i];
        ended |= byte == 0;
        if (ended ? byte != 0 : byte < ' ' || byte == 0x7F) {
            return false;
        }
    }
    return true;
}

static bool is_curve(const struct curve_point *points) {
    for (uint8_t i = 0; i < CONFIG_CURVE_POINTS; i++) {
        if (points[i].permille > DUTY_FULL) {
            return false;
        }
        if (i > 0 && (points[i].celsius < points[i - 1].celsius ||
                      points[i].permille < points[i - 1].permille)) {
            return false;
        }
    }
    return true;
}

static bool is_board(const struct board_config *board) {
    return is_name(board->name) && board->stage <= STAGE_DIRECT &&
           board->ntc_beta >= LEAST_BETA && board->ntc_beta <= GREATEST_BETA &&
           is_curve(board->curve);
}

static bool is_channel(const struct channel_config *channel) {
    return channel->options <= (OPTION_CURVE | OPTION_NO_TACH) && channel->pulses >= 1 &&
           channel->pulses <= MOST_PULSES && channel->safe_permille <= DUTY_FULL &&
           channel->min_permille <= DUTY_FULL && channel->start_permille <= DUTY_FULL &&
           channel->kick_ds >= 1 && channel->kick_ds <= LONGEST_KICK_DS &&
           channel->pause_s >= 1 && channel->max_rpm <= GREATEST_RPM;
}

bool config_is_block(uint8_t index, const uint8_t *bytes) {
    return index == 0 ? is_board((const struct board_config *)bytes)
                      : is_channel((const struct channel_config *)bytes);
}

void config_change(uint8_t index, const uint8_t *bytes) {
    struct config_block block = config_block(index);
    memcpy(block.bytes, bytes, block.length);
    config_seal();
}

bool config_acceptable(void) {
    for (uint8_t index = 0; index < CONFIG_BLOCKS; index++) {
        if (!config_is_block(index, config_block(index).bytes)) {
            return false;
        }
    }
    return true;
}

void config_seal(void) {
    crc = CRC16_START;
    for (uint8_t i = 0; i < sizeof config; i++) {
        crc = crc16_update(crc, ((const uint8_t *)&config)[i]);
    }
}

uint16_t config_crc(void) {
    return crc;
}
