#include "channels.h"
#include <stdbool.h>
#include "board.h"
#include "counters.h"
#include "duty.h"
#include "protocol.h"
#include "pwm.h"

struct channel {
    uint32_t deadline_ms;
    uint16_t compare;
    bool live;    /* not in failsafe */
    bool expired; /* latched */
};

static struct channel channels[BOARD_CHANNELS];

static void fail_safe(uint8_t channel) {
    pwm_release(channel);
    channels[channel].compare = board_outputs[channel].steps;
    channels[channel].live = false;
}

void channels_start(void) {
    pwm_start();
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        fail_safe(channel);
        channels[channel].expired = false;
    }
}

void channels_set(uint8_t channel, uint16_t permille, uint16_t ttl_ms, uint32_t now_ms) {
    uint16_t steps = board_outputs[channel].steps;
    uint16_t compare = duty_to_steps(permille, steps);
    if (compare == steps) {
        pwm_release(channel);
    } else {
        pwm_drive(channel, compare);
    }
    channels[channel].compare = compare;
    channels[channel].deadline_ms = now_ms + ttl_ms;
    channels[channel].live = true;
}

static bool time_is_up(const struct channel *channel, uint32_t now_ms) {
    return (int32_t)(now_ms - channel->deadline_ms) >= 0;
}

void channels_expire(uint32_t now_ms) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        if (channels[channel].live && time_is_up(&channels[channel], now_ms)) {
            fail_safe(channel);
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
