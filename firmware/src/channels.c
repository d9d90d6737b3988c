#include "channels.h"
#include <stdbool.h>
#include "board.h"
#include "config.h"
#include "counters.h"
#include "curve.h"
#include "drive.h"
#include "duty.h"
#include "fan_state.h"
#include "pwm.h"
#include "speed.h"
#include "spinup.h"
#include "tach.h"
#include "thermistor.h"

_Static_assert(2 * BOARD_CHANNELS <= STEP_MS, "each channel has two milliseconds of a step");

struct channel {
    uint32_t deadline_ms;
    uint16_t value; /* permille or rpm, as told */
    uint8_t mode;   /* MODE_DUTY or MODE_RPM, as told */
    bool live;      /* not in failsafe */
    bool told;      /* something since the reset; until then the safe level is a released pin */
    bool expired;   /* latched */
};

static struct channel channels[BOARD_CHANNELS];
static uint32_t first_deadline_ms; /* none of the live channels' is before it */

static bool is_over(uint32_t deadline_ms, uint32_t now_ms) {
    return (int32_t)(now_ms - deadline_ms) >= 0;
}

static void fail_safe(uint8_t channel, uint16_t permille) {
    channels[channel].live = false;
    spinup_cancel(channel);
    drive_apply(channel, permille);
}

void channels_start(void) {
    drive_start();
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        channels[channel].live = false;
    }
}

void channels_config_changed(void) {
    if (!drive_stage_changed()) {
        return;
    }
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        fail_safe(channel, DUTY_FULL);
        channels[channel].told = false;
    }
}

static bool loop_ended(uint8_t channel) {
    return channels[channel].mode == MODE_RPM && (fan_faults(channel) & FAULT_LOOP_ENDED);
}

static uint16_t at_least(const struct channel_config *fan, uint16_t permille) {
    return permille > 0 && permille < fan->min_permille ? fan->min_permille : permille;
}

void channels_set(const struct set_channel *entry, uint32_t now_ms) {
    struct channel *state = channels;
    const struct channel_config *fan = config.channels;
    first_deadline_ms = now_ms; /* the next look finds which one it is */
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++, state++, fan++, entry++) {
        bool goes_on = state->live && state->mode == entry->mode;
        state->deadline_ms = now_ms + entry->ttl_ms;
        state->mode = entry->mode;
        state->value = entry->value;
        state->live = true;
        state->told = true;
        if (entry->mode == MODE_RPM) {
            if (!goes_on) {
                speed_begin(channel);
            }
            continue; /* the next step drives it, within 50 ms */
        }
        /* At once, but for what is a matter of turns: a fan that stands and has to be started. */
        uint16_t permille = at_least(fan, entry->value);
        if (permille == 0 || fan->start_permille == 0 || !spinup_needed(channel)) {
            drive_apply(channel, permille);
        }
    }
}

static void expire(uint8_t channel) {
    fail_safe(channel, config.channels[channel].safe_permille);
    channels[channel].expired = true;
    count(&counters.ttl_expired);
}

void channels_expire(uint32_t now_ms) {
    if (!is_over(first_deadline_ms, now_ms)) {
        return;
    }
    first_deadline_ms = now_ms + PROTOCOL_MAX_TTL_MS;
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        uint32_t deadline_ms = channels[channel].deadline_ms;
        if (!channels[channel].live) {
            continue;
        }
        if (is_over(deadline_ms, now_ms)) {
            expire(channel);
        } else if (is_over(deadline_ms, first_deadline_ms)) {
            first_deadline_ms = deadline_ms;
        }
    }
}

static bool curve_in_force(uint8_t channel) {
    return !channels[channel].live && (config.channels[channel].options & OPTION_CURVE) &&
           thermistor_state() == THERMISTOR_OK;
}

static void step_silent(uint8_t channel) {
    const struct channel_config *fan = &config.channels[channel];
    if (curve_in_force(channel)) {
        uint16_t permille = curve_permille(config.board.curve, thermistor_decicelsius());
        permille = at_least(fan, permille);
        drive_apply(channel, spinup_step(channel, permille, fan->start_permille));
    } else {
        spinup_cancel(channel);
        drive_apply(channel, channels[channel].told ? fan->safe_permille : DUTY_FULL);
    }
}

static void step_speed(uint8_t channel) {
    uint16_t permille;
    if (loop_ended(channel)) {
        drive_apply(channel, config.channels[channel].safe_permille);
    } else if (speed_step(channel, channels[channel].value, &permille)) {
        drive_apply(channel, spinup_step(channel, permille, speed_start_permille(channel)));
    } else {
        fan_fault(channel, FAULT_LOOP_ENDED);
        spinup_cancel(channel);
        drive_apply(channel, config.channels[channel].safe_permille);
    }
}

static void drive(uint8_t channel) {
    if (!channels[channel].live) {
        step_silent(channel);
    } else if (channels[channel].mode == MODE_RPM) {
        step_speed(channel);
    } else {
        const struct channel_config *fan = &config.channels[channel];
        uint16_t permille = at_least(fan, channels[channel].value);
        drive_apply(channel, spinup_step(channel, permille, fan->start_permille));
    }
}

static void step(uint8_t channel) {
    drive(channel);
    fan_state_step(channel, drive_permille(channel));
    speed_watch(channel);
}

void channels_run(uint8_t elapsed_ms) {
    static uint8_t turn; /* the millisecond of the step */
    for (; elapsed_ms > 0; elapsed_ms--) {
        uint8_t channel = turn / 2;
        if (channel < BOARD_CHANNELS) {
            /* In two halves, so that a command waits for one of them at most. */
            if (turn % 2 == 0) {
                tach_work_out(channel);
            } else {
                step(channel);
            }
        }
        if (++turn == STEP_MS) {
            turn = 0;
            spinup_pass_time();
        }
    }
}

void channels_clear(uint16_t mask) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++, mask >>= 1) {
        if (mask & 1) {
            channels[channel].expired = false;
            if (loop_ended(channel)) {
                speed_begin(channel);
            }
            fan_faults_clear(channel);
        }
    }
}

enum mode channels_mode(uint8_t channel) {
    if (curve_in_force(channel)) {
        return MODE_CURVE;
    }
    return !channels[channel].live || loop_ended(channel) ? MODE_SAFE : channels[channel].mode;
}

struct channel_report channels_read(uint8_t channel, uint32_t now_ms) {
    const struct channel *state = &channels[channel];
    struct channel_report report = {
        .permille = drive_permille(channel),
        .compare = pwm_compare(channel),
    };
    if (!state->live) {
        report.flags |= FLAG_FAILSAFE;
    } else if (!is_over(state->deadline_ms, now_ms)) {
        report.ttl_left_ms = (uint16_t)(state->deadline_ms - now_ms);
    }
    if (state->expired) {
        report.flags |= FLAG_EXPIRED;
    }
    if (report.compare == board_outputs[channel].steps) {
        report.flags |= FLAG_RELEASED;
    }
    return report;
}
