#include "speed.h"
#include "board.h"
#include "config.h"
#include "drive.h"
#include "duty.h"
#include "fan_state.h"
#include "speed_loop.h"
#include "tach.h"

/* Beyond the time of a kick: until its turn has come and a slow fan's first revolution is over. */
#define PATIENCE_STEPS (6000 / STEP_MS)
#define STEPS_PER_TENTH (100 / STEP_MS)
/* A fan that is known to turn no faster than this is not controlled as if it turned slower. */
#define LEAST_TOP_RPM 1000

static struct {
    struct speed_loop loop;
    uint16_t fastest_rpm; /* seen since the reset */
    uint16_t blind_steps; /* since the last step with a speed */
    bool running;         /* the loop goes on from the step before */
} speeds[BOARD_CHANNELS];

static uint16_t top_rpm(uint8_t channel, uint16_t target) {
    uint16_t top = config.channels[channel].max_rpm;
    if (top == 0) {
        top = speeds[channel].fastest_rpm;
    }
    if (top < target) {
        top = target;
    }
    return top < LEAST_TOP_RPM ? LEAST_TOP_RPM : top;
}

void speed_watch(uint8_t channel) {
    uint16_t rpm = tach_read(channel).rpm;
    if (fan_state(channel) == FAN_SPINNING && rpm > speeds[channel].fastest_rpm) {
        speeds[channel].fastest_rpm = rpm;
    }
}

uint16_t speed_start_permille(uint8_t channel) {
    uint16_t start = config.channels[channel].start_permille;
    return start > 0 ? start : DUTY_FULL;
}

void speed_begin(uint8_t channel) {
    speeds[channel].running = false;
    speeds[channel].blind_steps = 0;
}

static uint16_t expected_permille(uint8_t channel, uint16_t target) {
    return (uint16_t)((uint32_t)target * DUTY_FULL / top_rpm(channel, target));
}

static int16_t error_permille(uint8_t channel, uint16_t target) {
    int32_t error = (int32_t)target - tach_read(channel).rpm;
    error = error * DUTY_FULL / top_rpm(channel, target);
    return (int16_t)(error < -DUTY_FULL ? -DUTY_FULL : error);
}

bool speed_step(uint8_t channel, uint16_t target, uint16_t *permille) {
    enum fan_state state = fan_state(channel);
    if (state != FAN_SPINNING) {
        uint16_t patience = PATIENCE_STEPS + config.channels[channel].kick_ds * STEPS_PER_TENTH;
        bool hopeless = state == FAN_IMPLAUSIBLE || state == FAN_STALLED || !tach_fitted(channel);
        speeds[channel].running = false;
        *permille = expected_permille(channel, target);
        return !hopeless && ++speeds[channel].blind_steps < patience;
    }
    uint16_t expected = expected_permille(channel, target);
    int16_t error = error_permille(channel, target);
    struct speed_loop *loop = &speeds[channel].loop;
    speeds[channel].blind_steps = 0;
    if (!speeds[channel].running) {
        speeds[channel].running = true;
        speed_loop_begin(loop, drive_permille(channel), expected);
    }
    *permille = speed_loop_step(loop, error, expected, config.channels[channel].min_permille);
    return true;
}
