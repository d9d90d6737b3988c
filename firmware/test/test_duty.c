#include "../src/duty.h"
#include "host.h"
#include "tests.h"

/* Every duty on both kinds of timer, against plain arithmetic. */
static void every_duty(const void *argument) {
    uint16_t steps = *(const uint16_t *)argument;
    for (uint16_t permille = 0; permille <= DUTY_FULL; permille++) {
        uint16_t compare = duty_to_steps(permille, steps);
        uint16_t applied = duty_from_steps(compare, steps);
        EXPECT(compare == (permille * (uint32_t)steps + 999) / 1000);
        EXPECT(applied == compare * (uint32_t)1000 / steps);
        EXPECT(applied >= permille);
        EXPECT(duty_to_steps(applied, steps) == compare);
    }
}

void duty_tests(void) {
    static const uint16_t phase_correct = 320;
    static const uint16_t fast = 80;
    run_test("every duty in 320 steps", every_duty, &phase_correct);
    run_test("every duty in 80 steps", every_duty, &fast);
}
