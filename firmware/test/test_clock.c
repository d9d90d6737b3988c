#include "../src/clock.h"
#include "host.h"
#include "tests.h"

#define OVERFLOW 256

static uint8_t poll_at(uint32_t ticks) {
    host_set_ticks(ticks);
    return clock_poll();
}

static void whole_milliseconds(const void *argument) {
    (void)argument;
    EXPECT(poll_at(CLOCK_TICKS_PER_MS - 1) == 0);
    EXPECT(poll_at(CLOCK_TICKS_PER_MS) == 1);
    EXPECT(poll_at(4 * CLOCK_TICKS_PER_MS - 1) == 2);
    EXPECT(clock_ms() == 3);
}

/* All of it arrives, if not at once. */
static void long_time(const void *argument) {
    (void)argument;
    EXPECT(poll_at(600 * CLOCK_TICKS_PER_MS) == 255);
    EXPECT(clock_poll() == 255);
    EXPECT(clock_poll() == 90);
    EXPECT(clock_poll() == 0);
    EXPECT(clock_ms() == 600);
}

/* The ticks wrap after 4.7 hours, the milliseconds do not. */
static void ticks_wrap(const void *argument) {
    (void)argument;
    uint32_t ms = 0;
    for (uint32_t ticks = 0; ms < 20000000; ms += 200) {
        ticks += 200 * CLOCK_TICKS_PER_MS;
        EXPECT(poll_at(ticks) == 200);
    }
    EXPECT(clock_ms() == ms);
}

/* An overflow whose flag somebody else cleared. */
static void lost_overflow(const void *argument) {
    (void)argument;
    uint32_t ticks = 1000 * CLOCK_TICKS_PER_MS;
    host_run_until(1000);
    EXPECT(poll_at(ticks + 10 - OVERFLOW) == 0);
    EXPECT(poll_at(ticks + CLOCK_TICKS_PER_MS - OVERFLOW) == 0);
    EXPECT(poll_at(ticks + 2 * CLOCK_TICKS_PER_MS - OVERFLOW) == 0);
    EXPECT(poll_at(ticks + 3 * CLOCK_TICKS_PER_MS - OVERFLOW) == 1);
    EXPECT(clock_ms() == 1001);
}

void clock_tests(void) {
    run_test("clock: a millisecond counts when it is over", whole_milliseconds, 0);
    run_test("clock: a long time arrives in pieces", long_time, 0);
    run_test("clock: goes on when its ticks wrap", ticks_wrap, 0);
    run_test("clock: a lost overflow costs a millisecond, not a minute", lost_overflow, 0);
}
