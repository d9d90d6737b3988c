#include "drive.h"
#include "board.h"
#include "config.h"
#include "duty.h"
#include "pwm.h"
#include "store.h"

static enum output_stage stage;

void drive_apply(uint8_t channel, uint16_t permille) {
    uint16_t steps = board_outputs[channel].steps;
    /* While it is not known what the pins are wired to, none of them is driven. */
    uint16_t compare = store_state() == STORE_LOST ? steps : duty_to_steps(permille, steps);
    if (compare == pwm_compare(channel)) {
        return;
    }
    if (compare == steps) {
        pwm_release(channel);
    } else {
        pwm_drive(channel, compare);
    }
}

void drive_start(void) {
    stage = config.board.stage;
    pwm_start(stage);
}

bool drive_stage_changed(void) {
    if (config.board.stage == stage) {
        return false;
    }
    stage = config.board.stage;
    pwm_change_stage(stage);
    return true;
}

uint16_t drive_permille(uint8_t channel) {
    return duty_from_steps(pwm_compare(channel), board_outputs[channel].steps);
}
