#include "drive.h"
#include "board.h"
#include "config.h"
#include "duty.h"
#include "pwm.h"
#include "store.h"

static enum output_stage stage;
static uint16_t compares[BOARD_CHANNELS];

void drive_apply(uint8_t channel, uint16_t permille) {
    uint16_t steps = board_outputs[channel].steps;
    /* While it is not known what the pins are wired to, none of them is driven. */
    uint16_t compare = store_state() == STORE_LOST ? steps : duty_to_steps(permille, steps);
    if (compare == compares[channel]) {
        return;
    }
    compares[channel] = compare;
    if (compare == steps) {
        pwm_release(channel);
    } else {
        pwm_drive(channel, compare);
    }
}

/* What pwm.c does by itself when it is given an output stage. */
static void all_are_released(void) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        compares[channel] = board_outputs[channel].steps;
    }
}

void drive_start(void) {
    stage = config.board.stage;
    pwm_start(stage);
    all_are_released();
}

bool drive_stage_changed(void) {
    if (config.board.stage == stage) {
        return false;
    }
    stage = config.board.stage;
    pwm_change_stage(stage);
    all_are_released();
    return true;
}

uint16_t drive_compare(uint8_t channel) {
    return compares[channel];
}

uint16_t drive_permille(uint8_t channel) {
    return duty_from_steps(compares[channel], board_outputs[channel].steps);
}
