#include "tach.h"
#include <util/atomic.h>
#include "board.h"
#include "clock.h"
#include "config.h"
#include "tach_edges.h"

/* A window this long makes the 4 us tick and the interrupt's own delay less than 0.1 %. */
#define WINDOW_TICKS ((uint32_t)50 * CLOCK_TICKS_PER_MS)
#define TICKS_PER_MINUTE 15000000UL
/* What `edges` counts a revolution, whatever the fan gives. */
#define EDGES_PER_REVOLUTION 2

/* Falling edges since the window opened, which it does, as it closes, at the end of a revolution,
 * because poles are not evenly spaced. */
struct window {
    uint32_t opened_at;
    uint16_t revolutions; /* since then */
    uint8_t pulses;       /* of the revolution under way */
    uint8_t falls;        /* of the tachometer's edges, as far as they are counted */
    bool open;
};

static struct window windows[BOARD_TACHS];
static struct tach_report reports[BOARD_TACHS];

static void end_revolution(struct window *window, struct tach_report *report, uint32_t fell_at) {
    if (!window->open) {
        window->open = true;
    } else {
        uint32_t span = fell_at - window->opened_at;
        if (span < WINDOW_TICKS) {
            return;
        }
        report->valid = true;
        report->span_us = span * CLOCK_US_PER_TICK;
        report->edges = window->revolutions * EDGES_PER_REVOLUTION;
    }
    window->opened_at = fell_at;
    window->revolutions = 0;
}

/* Whether the last of them ended a revolution. The first one ever does. */
static bool count_falls(struct window *window, uint8_t falls, uint8_t per_revolution) {
    uint8_t more = (uint8_t)(falls - window->falls);
    window->falls = falls;
    if (!window->open) {
        window->pulses = 0;
        return true;
    }
    window->pulses += more;
    while (window->pulses >= per_revolution) {
        window->pulses -= per_revolution;
        window->revolutions++;
    }
    return window->pulses == 0;
}

static void grow_older(struct window *window, struct tach_report *report, uint8_t elapsed_ms) {
    if (report->age_ms < TACH_AGE_UNKNOWN - elapsed_ms) {
        report->age_ms += elapsed_ms;
    } else {
        report->age_ms = TACH_AGE_UNKNOWN;
    }
    if (report->age_ms > TACH_STANDSTILL_MS) {
        window->open = false;
        report->valid = false;
        report->span_us = 0;
        report->edges = 0;
    }
}

/* `now` is of this pass of the main loop, so the edge is a few milliseconds older, or a little
 * newer. */
static void take_edges(uint8_t tach, uint32_t now) {
    struct window *window = &windows[tach];
    struct tach_edges seen;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        seen = tach_edges_read(tach);
    }
    reports[tach].age_ms = 0;
    if (count_falls(window, seen.falls, config.channels[tach].pulses)) {
        uint32_t fell_at = now + (uint32_t)(int32_t)(int16_t)(seen.fell_at - (uint16_t)now);
        end_revolution(window, &reports[tach], fell_at);
    }
}

void tach_poll(uint8_t elapsed_ms) {
    static uint8_t turn; /* one tachometer a millisecond grows older, by a whole round */
    for (; elapsed_ms > 0; elapsed_ms--) {
        grow_older(&windows[turn], &reports[turn], BOARD_TACHS);
        if (++turn == BOARD_TACHS) {
            turn = 0;
        }
    }
    uint32_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        now = clock_ticks();
    }
    for (uint8_t tach = 0; tach < BOARD_TACHS; tach++) {
        if (tach_edges_falls(tach) != windows[tach].falls) {
            take_edges(tach, now);
        }
    }
}

void tach_work_out(uint8_t channel) {
    if (channel >= BOARD_TACHS) {
        return;
    }
    struct tach_report *report = &reports[channel];
    report->rpm = 0;
    if (report->valid) {
        /* In 32 bits, because blanking lets no more than 60 revolutions into a window. */
        uint16_t revolutions = report->edges / EDGES_PER_REVOLUTION;
        uint32_t span = report->span_us / CLOCK_US_PER_TICK;
        report->rpm = (uint16_t)(TICKS_PER_MINUTE * revolutions / span);
    }
}

bool tach_fitted(uint8_t channel) {
    return channel < BOARD_TACHS && !(config.channels[channel].options & OPTION_NO_TACH);
}

struct tach_report tach_read(uint8_t channel) {
    if (!tach_fitted(channel)) {
        return (struct tach_report){ .age_ms = TACH_AGE_UNKNOWN };
    }
    return reports[channel];
}

void tach_start(void) {
    for (uint8_t tach = 0; tach < BOARD_TACHS; tach++) {
        reports[tach].age_ms = TACH_AGE_UNKNOWN;
    }
    tach_edges_start();
}
