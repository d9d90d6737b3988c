#include "../src/pwm.h"
#include "host.h"
#include "tests.h"

static bool pwm_holds(void) {
    for (uint8_t channel = 1; channel < BOARD_CHANNELS; channel++) {
        EXPECT(!pwm_round_holds());
    }
    return pwm_round_holds();
}

static void born_released(const void *argument) {
    (void)argument;
    pwm_start(STAGE_OPEN_DRAIN);
    EXPECT(DDR == 0);
    EXPECT(PORT == 0);
    EXPECT(compare16[0] == 320);
    EXPECT(compare16[1] == 320);
    EXPECT(compare8 == 79);
    EXPECT(pwm_holds());
}

static void drives_one_channel(const void *argument) {
    (void)argument;
    pwm_start(STAGE_OPEN_DRAIN);
    pwm_drive(0, 160);
    EXPECT(DDR == 0x02);
    EXPECT(compare16[0] == 160);
    EXPECT(TCCRA == 0xFC);
    pwm_release(0);
    EXPECT(DDR == 0);
    EXPECT(PORT == 0);
    EXPECT(compare16[0] == 320);
}

static void zero_is_a_level(const void *argument) {
    (void)argument;
    pwm_start(STAGE_OPEN_DRAIN);
    pwm_drive(1, 0);
    EXPECT(compare16[1] == 0);
    EXPECT(DDR == 0x04);
    pwm_drive(2, 0);
    EXPECT((TCCRA & 0x0C) == 0);
    EXPECT(PORT == 0x08);
    EXPECT(DDR == 0x0C);
    EXPECT(pwm_holds());
    pwm_drive(2, 1);
    EXPECT((TCCRA & 0x0C) == 0x0C);
    EXPECT(PORT == 0);
    EXPECT(compare8 == 0);
    pwm_drive(2, 0);
    pwm_release(2);
    EXPECT(PORT == 0);
    EXPECT(DDR == 0x04);
}

static void notices_a_changed_register(const void *argument) {
    (void)argument;
    pwm_start(STAGE_OPEN_DRAIN);
    pwm_drive(0, 10);
    compare16[0] = 11;
    EXPECT(!pwm_holds());
    pwm_drive(0, 10);
    DDR |= 0x08;
    EXPECT(!pwm_holds());
    pwm_release(2);
    EXPECT(pwm_holds());
    TCCRA = 0;
    EXPECT(!pwm_holds());
}

static void direct_stage(const void *argument) {
    (void)argument;
    pwm_start(STAGE_OPEN_DRAIN);
    pwm_drive(0, 160);
    pwm_drive(2, 0);
    pwm_change_stage(STAGE_DIRECT);
    EXPECT(DDR == 0);
    EXPECT(PORT == 0);
    EXPECT(TCCRA == 0xA8);
    EXPECT(pwm_holds());
    pwm_drive(0, 160);
    EXPECT(DDR == 0x02);
    EXPECT(compare16[0] == 160);
    EXPECT(TCCRA == 0xA8);
    pwm_drive(2, 0);
    EXPECT((TCCRA & 0x0C) == 0);
    EXPECT(PORT == 0);
    EXPECT(DDR == 0x0A);
    EXPECT(pwm_holds());
    pwm_release(0);
    pwm_release(2);
    EXPECT(DDR == 0);
}

void pwm_tests(void) {
    run_test("every channel is born released", born_released, 0);
    run_test("a channel is driven and released alone", drives_one_channel, 0);
    run_test("0 % is a level on both kinds of timer", zero_is_a_level, 0);
    run_test("the direct stage has no inversion, and is taken with every pin released",
             direct_stage, 0);
    run_test("a register that changed by itself is noticed", notices_a_changed_register, 0);
}
