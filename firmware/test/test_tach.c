#include <avr/io.h>
#include "../src/clock.h"
#include "../src/config.h"
#include "../src/tach.h"
#include "board_host.h"
#include "host.h"
#include "tests.h"

#define PIN 0x10

static uint32_t ticks;

/* Lets time pass with the main loop coming by every millisecond. */
static void pass(uint32_t count) {
    uint32_t end = ticks + count;
    while (ticks < end) {
        ticks++;
        host_set_ticks(ticks);
        if ((TIMSK0 & _BV(OCIE0A)) && OCR0A == (uint8_t)ticks) {
            TIMER0_COMPA_vect();
        }
        if (ticks % CLOCK_TICKS_PER_MS != 0) {
            continue;
        }
        uint8_t elapsed_ms = clock_poll();
        if (elapsed_ms > 0) {
            tach_poll(elapsed_ms);
        }
    }
}

static void level(bool high) {
    host_tach_levels = high ? host_tach_levels | PIN : (uint8_t)(host_tach_levels & ~PIN);
    tach_interrupt();
}

static void pulses(unsigned count, uint32_t low, uint32_t high) {
    for (unsigned i = 0; i < count; i++) {
        level(false);
        pass(low);
        level(true);
        pass(high);
    }
}

static double rpm(void) {
    struct tach_report report = tach_read(0);
    return report.valid ? report.edges / 2.0 / report.span_us * 60e6 : -1;
}

static void measures(const void *argument) {
    unsigned speed = *(const unsigned *)argument;
    double half = 60.0 / speed / 4 / 4e-6;
    config_set_defaults();
    tach_start();
    pass(1000);
    double due = ticks;
    bool high = true;
    while (ticks < 400000) {
        due += half;
        pass((uint32_t)due - ticks);
        high = !high;
        level(high);
    }
    EXPECT(rpm() > speed * 0.999);
    EXPECT(rpm() < speed * 1.001);
    EXPECT(tach_read(0).edges % 2 == 0);
    tach_work_out(0);
    EXPECT(tach_read(0).rpm > speed * 0.999 - 1 && tach_read(0).rpm < speed * 1.001);
    EXPECT(!tach_read(1).valid);
    EXPECT(tach_read(1).age_ms == TACH_AGE_UNKNOWN);
}

static void uneven_poles(const void *argument) {
    (void)argument;
    config_set_defaults();
    tach_start();
    for (int i = 0; i < 100; i++) {
        pulses(1, 1000, 1000);
        pulses(1, 1000, 2000);
    }
    EXPECT(rpm() == 3000);
}

static void noise_in_the_blanking_time(const void *argument) {
    (void)argument;
    config_set_defaults();
    tach_start();
    for (int i = 0; i < 200; i++) {
        for (int edge = 0; edge < 2; edge++) {
            level(edge == 1);
            for (int spike = 0; spike < 5; spike++) {
                pass(5);
                level(edge == 0);
                pass(5);
                level(edge == 1);
            }
            pass(1250 - 50);
        }
    }
    EXPECT(rpm() == 3000);
}

static void narrow_pulses(const void *argument) {
    (void)argument;
    config_set_defaults();
    tach_start();
    pulses(200, 60, 2440);
    EXPECT(rpm() == 3000);
}

static void notices_standstill(const void *argument) {
    (void)argument;
    config_set_defaults();
    tach_start();
    pulses(100, 1250, 1250);
    EXPECT(tach_read(0).valid);
    pass(800 * CLOCK_TICKS_PER_MS);
    EXPECT(tach_read(0).valid);
    pass(200 * CLOCK_TICKS_PER_MS);
    EXPECT(!tach_read(0).valid);
    EXPECT(tach_read(0).edges == 0);
    EXPECT(tach_read(0).span_us == 0);
    EXPECT(tach_read(0).age_ms >= 1000 && tach_read(0).age_ms < 1020);
    pass(70000 * CLOCK_TICKS_PER_MS);
    EXPECT(tach_read(0).age_ms == TACH_AGE_UNKNOWN);
    /* The time without edges is no part of what is measured after it. */
    pulses(100, 1250, 1250);
    EXPECT(rpm() == 3000);
}

void tach_tests(void) {
    static const unsigned speeds[] = { 150, 301, 1200, 2999, 10000 };
    for (unsigned i = 0; i < sizeof speeds / sizeof *speeds; i++) {
        run_test("a speed is measured within 0.1 %", measures, &speeds[i]);
    }
    run_test("uneven poles do not matter", uneven_poles, 0);
    run_test("noise in the blanking time does not count", noise_in_the_blanking_time, 0);
    run_test("pulses shorter than the blanking time count once each", narrow_pulses, 0);
    run_test("standstill is noticed and forgotten again", notices_standstill, 0);
}
