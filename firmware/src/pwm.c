#include "pwm.h"
#include <stddef.h>
#include <util/atomic.h>
#include "board.h"

static enum output_stage stage;
uint16_t pwm_wanted[BOARD_CHANNELS]; /* compare values; a whole period = released */

/* The bits that connect the compare output: both are its inverted form, which makes the pin low
 * while the open-drain stage's line is to be high; the upper one alone is the plain form. */
static uint8_t connection(const struct pwm_output *output) {
    uint8_t plain = output->connect & (uint8_t)(output->connect << 1);
    return stage == STAGE_DIRECT ? plain : output->connect;
}

static void connect(const struct pwm_output *output) {
    uint8_t others = *output->control & (uint8_t)~output->connect;
    *output->control = others | connection(output);
}

/* A fast PWM timer's line is high for one step more than the register says. Step 0 is no register
 * value there: its output is disconnected and the port drives the level. */
static uint16_t register_value(const struct pwm_output *output, uint16_t compare) {
    return output->compare8 != NULL ? (uint16_t)(compare - 1) : compare;
}

/* Both registers are double-buffered by the timer: a new value begins with a whole period. The
 * two halves of a 16-bit register share one latch in the chip, hence the callers' guard. */
static void write_compare(const struct pwm_output *output, uint16_t compare) {
    uint16_t value = register_value(output, compare);
    if (output->compare8 != NULL) {
        *output->compare8 = (uint8_t)value;
    } else {
        *output->compare16 = value;
    }
}

void pwm_release(uint8_t channel) {
    const struct pwm_output *output = &board_outputs[channel];
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        /* Low first: the way from "driven high" to "input" must not pass through the pull-up. */
        *output->port &= (uint8_t)~output->pin;
        *output->ddr &= (uint8_t)~output->pin;
        /* Behind the closed pin the timer goes on at full duty, which is the level the line has
         * now: when the pin opens again, nothing moves before the next whole period. */
        write_compare(output, output->steps);
        connect(output);
    }
    pwm_wanted[channel] = output->steps;
}

/* A function of its own, so that the compiler works out once where the output is. */
static void __attribute__((noinline)) drive_pin(const struct pwm_output *output,
                                                uint16_t compare) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (compare == 0 && output->compare8 != NULL) {
            if (stage == STAGE_OPEN_DRAIN) {
                *output->port |= output->pin;
            }
            *output->control &= (uint8_t)~output->connect;
        } else {
            write_compare(output, compare);
            connect(output);
            *output->port &= (uint8_t)~output->pin;
        }
        *output->ddr |= output->pin;
    }
}

void pwm_drive(uint8_t channel, uint16_t compare) {
    pwm_wanted[channel] = compare;
    drive_pin(&board_outputs[channel], compare);
}

static bool channel_holds(uint8_t channel) {
    const struct pwm_output *output = &board_outputs[channel];
    bool released = (*output->ddr & output->pin) == 0;
    if (released != (pwm_wanted[channel] == output->steps)) {
        return false;
    }
    uint8_t control = *output->control & output->connect;
    bool connected = control == connection(output);
    uint16_t value = register_value(output, pwm_wanted[channel]);
    if (output->compare8 != NULL) {
        return pwm_wanted[channel] == 0 ? control == 0
                                    : connected && *output->compare8 == (uint8_t)value;
    }
    uint16_t held;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        held = *output->compare16;
    }
    return connected && held == value;
}

bool pwm_round_holds(void) {
    static uint8_t next;
    static bool all = true;
    all &= channel_holds(next);
    if (++next < BOARD_CHANNELS) {
        return false;
    }
    bool whole = all;
    next = 0;
    all = true;
    return whole;
}

void pwm_change_stage(enum output_stage new_stage) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        pwm_release(channel);
    }
    stage = new_stage;
    /* The pins are inputs by now: what the timers do behind them is turned round unseen. */
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        pwm_release(channel);
    }
}

void pwm_start(enum output_stage first_stage) {
    board_start_pwm();
    pwm_change_stage(first_stage);
}
