#include "fan_state.h"
#include "board.h"
#include "clock.h"
#include "config.h"
#include "spinup.h"
#include "tach.h"

/* The 4-wire specification lets no fan need more than 30 % to start. */
#define STARTS_AT_PERMILLE 300
/* A fan that is driven so long and gives no whole revolution does not turn. */
#define STALL_STEPS (3000 / STEP_MS)
/* After a change of duty the speed has settled. */
#define SETTLED_STEPS (4000 / STEP_MS)
/* A rise that must show in the speed, and a fall that contradicts it: an eighth. */
#define RISE_PERMILLE 100
#define FALL_SHIFT 3
/* No fan for a PC turns faster; a fan whose greatest speed is known not faster than half more. */
#define FASTEST_RPM 25000

struct watch {
    uint16_t permille;      /* at the last step */
    uint16_t rpm;           /* at the last step */
    uint16_t base_permille; /* while the speed was settled, before the duty changed; 0 = never */
    uint16_t base_rpm;
    uint8_t settled; /* steps since the duty changed, up to SETTLED_STEPS */
    uint8_t driven;  /* steps in which it should have turned and did not, up to STALL_STEPS */
    uint8_t state;
    uint8_t faults;
};

static struct watch watches[BOARD_CHANNELS];

static bool too_fast(uint16_t rpm, uint16_t max_rpm) {
    return rpm > (max_rpm == 0 ? FASTEST_RPM : max_rpm + max_rpm / 2);
}

/* Whether the speed fell although the duty rose, both settled. */
static bool contradicts(struct watch *watch, uint16_t permille, uint16_t rpm) {
    if (permille != watch->permille) {
        if (watch->settled == SETTLED_STEPS) {
            watch->base_permille = watch->permille;
            watch->base_rpm = watch->rpm;
        }
        watch->settled = 0;
    } else if (watch->settled < SETTLED_STEPS) {
        watch->settled++;
    }
    watch->permille = permille;
    watch->rpm = rpm;
    return watch->settled == SETTLED_STEPS && watch->base_permille > 0 &&
           permille >= watch->base_permille + RISE_PERMILLE &&
           rpm < watch->base_rpm - (watch->base_rpm >> FALL_SHIFT);
}

static enum fan_state turning(uint8_t channel, struct watch *watch, uint16_t permille) {
    uint16_t rpm = tach_read(channel).rpm;
    watch->driven = 0;
    bool odd = contradicts(watch, permille, rpm);
    return odd || too_fast(rpm, config.channels[channel].max_rpm) ? FAN_IMPLAUSIBLE : FAN_SPINNING;
}

static enum fan_state not_turning(uint8_t channel, struct watch *watch, uint16_t permille) {
    uint16_t start = config.channels[channel].start_permille;
    uint16_t age_ms = tach_read(channel).age_ms;
    watch->settled = 0;
    watch->base_permille = 0;
    if (spinup_paused(channel)) {
        return FAN_STALLED;
    }
    if (spinup_under_way(channel) || age_ms <= TACH_STANDSTILL_MS) {
        return FAN_STARTING;
    }
    if (clock_ms() <= TACH_STANDSTILL_MS) {
        return FAN_UNKNOWN;
    }
    if (permille < (start > 0 ? start : STARTS_AT_PERMILLE)) {
        watch->driven = 0;
        return FAN_STOPPED;
    }
    if (watch->driven < STALL_STEPS) {
        watch->driven++;
        return FAN_STARTING;
    }
    return FAN_STALLED;
}

void fan_state_step(uint8_t channel, uint16_t permille) {
    struct watch *watch = &watches[channel];
    if (!tach_fitted(channel)) {
        watch->state = FAN_NOT_FITTED;
        return;
    }
    enum fan_state state = tach_read(channel).valid ? turning(channel, watch, permille)
                                                    : not_turning(channel, watch, permille);
    if (state == FAN_STALLED) {
        watch->faults |= FAULT_STALLED;
    } else if (state == FAN_IMPLAUSIBLE) {
        watch->faults |= FAULT_IMPLAUSIBLE;
    }
    watch->state = state;
}

enum fan_state fan_state(uint8_t channel) {
    return watches[channel].state;
}

uint8_t fan_faults(uint8_t channel) {
    return watches[channel].faults;
}

void fan_fault(uint8_t channel, uint8_t fault) {
    watches[channel].faults |= fault;
}

void fan_faults_clear(uint8_t channel) {
    watches[channel].faults = 0;
    watches[channel].base_permille = 0;
}
