#include <math.h>
#include "../src/config.h"
#include "../src/curve.h"
#include "../src/ntc.h"
#include "../src/speed_loop.h"
#include "host.h"
#include "tests.h"

/* Against the formula in floating point, over every reading that is one. */
static void ntc_against_formula(const void *argument) {
    uint16_t beta = *(const uint16_t *)argument;
    for (uint16_t sum = 16 * 12; sum <= 16 * 1012; sum++) {
        double ratio = sum / (16.0 * 1023 - sum);
        double celsius = 1 / (1 / 298.15 + log(ratio) / beta) - 273.15;
        if (celsius > -20 && celsius < 100) {
            EXPECT(fabs(ntc_decicelsius(sum, beta) / 10.0 - celsius) < 0.2);
        }
    }
    EXPECT(ntc_decicelsius(16 * 12, beta) > 1000);
    EXPECT(ntc_decicelsius(16 * 1012, beta) < -200);
}

static void curve_between_points(const void *argument) {
    (void)argument;
    static const struct curve_point points[CONFIG_CURVE_POINTS] = {
        { -5, 200 }, { 30, 300 }, { 40, 500 }, { 40, 800 }, { 60, 1000 },
    };
    EXPECT(curve_permille(points, -400) == 200);
    EXPECT(curve_permille(points, -50) == 200);
    EXPECT(curve_permille(points, 125) == 250);
    EXPECT(curve_permille(points, 300) == 300);
    EXPECT(curve_permille(points, 350) == 400);
    EXPECT(curve_permille(points, 399) == 498);
    EXPECT(curve_permille(points, 400) == 800);
    EXPECT(curve_permille(points, 500) == 900);
    EXPECT(curve_permille(points, 600) == 1000);
    EXPECT(curve_permille(points, 1500) == 1000);
}

/* A rotor of first order under the loop, for a target that its duty is not known for exactly. */
static void loop_on_a_rotor(const void *argument) {
    double time_constant = *(const double *)argument;
    struct speed_loop loop;
    double speed = 300;
    double peak = 0;
    speed_loop_begin(&loop, 300, 300);
    for (unsigned step = 0; step < 400; step++) {
        int16_t error = (int16_t)(800 - speed);
        uint16_t permille = speed_loop_step(&loop, error, 800, 100);
        EXPECT(permille >= 100 && permille <= 1000);
        speed += (permille * 0.9 - speed) * 0.05 / time_constant;
        peak = speed > peak ? speed : peak;
    }
    EXPECT(fabs(speed - 800) < 4);
    EXPECT(peak < 850);
}

static void loop_does_not_wind_up(const void *argument) {
    (void)argument;
    struct speed_loop loop;
    speed_loop_begin(&loop, 500, 500);
    for (unsigned step = 0; step < 2000; step++) {
        speed_loop_step(&loop, 500, 900, 0); /* a fan that cannot go faster */
    }
    unsigned steps = 0;
    while (speed_loop_step(&loop, -200, 500, 0) > 500) {
        steps++;
    }
    EXPECT(steps < 20);
}

void pure_tests(void) {
    static const uint16_t betas[] = { 2000, 3435, 3950, 6000 };
    for (unsigned i = 0; i < sizeof betas / sizeof *betas; i++) {
        run_test("the thermistor's temperature is the formula's", ntc_against_formula, &betas[i]);
    }
    run_test("the curve is linear between its points", curve_between_points, 0);
    static const double constants[] = { 0.4, 1.2, 3 };
    for (unsigned i = 0; i < sizeof constants / sizeof *constants; i++) {
        run_test("the loop holds quick and slow rotors", loop_on_a_rotor, &constants[i]);
    }
    run_test("the loop does not wind up", loop_does_not_wind_up, 0);
}
