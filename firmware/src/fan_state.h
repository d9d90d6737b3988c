/* What a channel's fan does, as far as its tachometer tells. Unknown is a state of its own. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum fan_state {
    FAN_UNKNOWN,
    FAN_SPINNING,
    FAN_STOPPED,
    FAN_STARTING,
    FAN_STALLED,     /* driven, and does not turn */
    FAN_IMPLAUSIBLE, /* the tachometer tells what cannot be */
    FAN_NOT_FITTED,
};

/* Latched until fan_state_clear(). */
#define FAULT_STALLED 0x01
#define FAULT_LOOP_ENDED 0x02
#define FAULT_IMPLAUSIBLE 0x04

/* How often each channel is looked at and driven anew. */
#define STEP_MS 50

/* Looks at a channel once a step. `permille` is what it is driven with. */
void fan_state_step(uint8_t channel, uint16_t permille);

enum fan_state fan_state(uint8_t channel);
uint8_t fan_faults(uint8_t channel);
void fan_fault(uint8_t channel, uint8_t fault);
void fan_faults_clear(uint8_t channel);
