/* A four-wire fan: a rotor that follows its target like a first-order low pass, and a tachometer
 * with two pulses a revolution. Independent of the model in src/board/sim/. */
#pragma once
#include <stdbool.h>

struct fan {
    double rpm;
    double turns;   /* revolutions since the start */
    bool stalled;   /* the rotor is blocked */
    bool tach;      /* the level of the tachometer line */
};

#define FAN_MAX_RPM 1800.0
#define FAN_MIN_RPM 300.0
#define FAN_STOP_DUTY 0.12
#define FAN_TIME_CONSTANT_S 0.3

/* Moves the fan on and tells whether its tachometer line has changed. */
static inline bool fan_step(struct fan *fan, double duty, double seconds) {
    double target = duty < FAN_STOP_DUTY ? 0 : FAN_MAX_RPM * duty;
    if (target > 0 && target < FAN_MIN_RPM) {
        target = FAN_MIN_RPM;
    }
    if (fan->stalled) {
        fan->rpm = target = 0;
    }
    fan->rpm += (target - fan->rpm) * seconds / FAN_TIME_CONSTANT_S;
    if (fan->rpm < 20 && target == 0) {
        fan->rpm = 0;
    }
    fan->turns += fan->rpm / 60 * seconds;
    bool before = fan->tach;
    fan->tach = ((long long)(fan->turns * 4) & 1) == 0;
    return fan->tach != before;
}
