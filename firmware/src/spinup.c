#include "spinup.h"
#include "board.h"
#include "clock.h"
#include "config.h"
#include "fan_state.h"
#include "tach.h"

#define STEPS_PER_TENTH (100 / STEP_MS)
#define STEPS_PER_SECOND (1000 / STEP_MS)
/* From the beginning of one channel's kick to that of the next: the surge is over by then. */
#define TURN_STEPS (500 / STEP_MS)

enum phase { IDLE, WAITING, KICKING, PAUSED };

static struct {
    uint8_t phase;
    uint16_t steps; /* left in the phase */
} spinups[BOARD_CHANNELS];

static uint8_t turn_steps; /* until another kick may begin */

bool spinup_needed(uint8_t channel) {
    struct tach_report tach = tach_read(channel);
    return tach_fitted(channel) && !tach.valid && tach.age_ms > TACH_STANDSTILL_MS &&
           clock_ms() > TACH_STANDSTILL_MS;
}

void spinup_cancel(uint8_t channel) {
    spinups[channel].phase = IDLE;
}

static void enter(uint8_t channel, enum phase phase, uint16_t steps) {
    spinups[channel].phase = phase;
    spinups[channel].steps = steps;
}

static void move_on(uint8_t channel) {
    const struct channel_config *fan = &config.channels[channel];
    switch (spinups[channel].phase) {
    case IDLE:
        if (spinup_needed(channel)) {
            enter(channel, WAITING, 0);
        }
        break;
    case KICKING:
        if (--spinups[channel].steps == 0) {
            enter(channel, PAUSED, fan->pause_s * STEPS_PER_SECOND);
        }
        break;
    case PAUSED:
        if (--spinups[channel].steps == 0) {
            enter(channel, WAITING, 0);
        }
        break;
    }
    if (spinups[channel].phase == WAITING && turn_steps == 0) {
        turn_steps = TURN_STEPS;
        enter(channel, KICKING, fan->kick_ds * STEPS_PER_TENTH);
    }
}

uint16_t spinup_step(uint8_t channel, uint16_t permille, uint16_t start) {
    if (permille == 0 || start == 0 || tach_read(channel).valid) {
        spinup_cancel(channel);
        return permille;
    }
    move_on(channel);
    switch (spinups[channel].phase) {
    case WAITING:
        return 0; /* it stands: until its turn, no current for nothing */
    case KICKING:
        return permille > start ? permille : start;
    default:
        return permille;
    }
}

bool spinup_under_way(uint8_t channel) {
    return spinups[channel].phase == WAITING || spinups[channel].phase == KICKING;
}

bool spinup_paused(uint8_t channel) {
    return spinups[channel].phase == PAUSED;
}

void spinup_pass_time(void) {
    if (turn_steps > 0) {
        turn_steps--;
    }
}
