#include "channels.h"
#include <stdbool.h>
#include "board.h"
#include "config.h"
#include "counters.h"
#include "duty.h"
#include "protocol.h"
#include "pwm.h"
#include "store.h"

struct channel {
    uint32_t deadline_ms;
    uint16_t compare;
    bool live;    /* not in failsafe */
    bool expired; /* latched */
};

static struct channel channels[BOARD_CHANNELS];

static enum output_stage stage_in_force;

/* Full duty is a released pin; so is every duty while it is not known what the pins drive. */
static void drive(uint8_t channel, uint16_t permille) {
    uint16_t steps = board_outputs[channel].steps;
    uint16_t compare = store_state() == STORE_LOST ? steps : duty_to_steps(permille, steps);
    channels[channel].compare = compare;
    if (compare == steps) {
        pwm_release(channel);
    } else {
        pwm_drive(channel, compare);
    }
}

static void fail_safe(uint8_t channel, uint16_t permille) {
    channels[channel].live = false;
    drive(channel, permille);
}

void channels_start(void) {
    stage_in_force = config.board.stage;
    pwm_start(stage_in_force);
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        fail_safe(channel, DUTY_FULL);
    }
}

void channels_config_changed(void) {
    if (config.board.stage == stage_in_force) {
        return;
    }
    stage_in_force = config.board.stage;
    pwm_change_stage(stage_in_force);
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        fail_safe(channel, DUTY_FULL);
    }
}

void channels_set(uint8_t channel, const struct set_channel *entry, uint32_t now_ms) {
    uint16_t least = config.channels[channel].min_permille;
    uint16_t permille = entry->value;
    if (permille > 0 && permille < least) {
        permille = least;
    }
    channels[channel].deadline_ms = now_ms + entry->ttl_ms;
    channels[channel].live = true;
    drive(channel, permille);
}

static bool time_is_up(const struct channel *channel, uint32_t now_ms) {
    return (int32_t)(now_ms - channel->deadline_ms) >= 0;
}

void channels_expire(uint32_t now_ms) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        if (channels[channel].live && time_is_up(&channels[channel], now_ms)) {
            fail_safe(channel, config.channels[channel].safe_permille);
            channels[channel].expired = true;
            count(&counters.ttl_expired);
        }
    }
}

void channels_clear(uint16_t mask) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        if (mask & (uint16_t)(1u << channel)) {
            channels[channel].expired = false;
        }
    }
}

enum mode channels_mode(uint8_t channel) {
    return channels[channel].live ? MODE_DUTY : MODE_SAFE;
}

struct channel_report channels_read(uint8_t channel, uint32_t now_ms) {
    const struct channel *state = &channels[channel];
    uint16_t steps = board_outputs[channel].steps;
    struct channel_report report = {
        .permille = duty_from_steps(state->compare, steps),
        .compare = state->compare,
    };
    if (!state->live) {
        report.flags |= FLAG_FAILSAFE;
    } else if (!time_is_up(state, now_ms)) {
        report.ttl_left_ms = (uint16_t)(state->deadline_ms - now_ms);
    }
    if (state->expired) {
        report.flags |= FLAG_EXPIRED;
    }
    if (state->compare == steps) {
        report.flags |= FLAG_RELEASED;
    }
    return report;
}
