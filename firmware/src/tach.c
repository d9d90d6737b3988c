#include "tach.h"
#include <util/atomic.h>
#include "board.h"
#include "clock.h"
#include "config.h"
#include "tach_edges.h"

/* A window this long makes the 4 us tick and the interrupt's own delay less than 0.1 %. */
#define WINDOW_TICKS ((uint32_t)50 * CLOCK_TICKS_PER_MS)
#define US_PER_MINUTE 60000000UL
/* What `edges` counts a revolution, whatever the fan gives. */
#define EDGES_PER_REVOLUTION 2

/* Falling edges since the window opened, which it does, as it
 * closes, at the end of a revolution, because poles are not evenly spaced. */
struct window {
    uint32_t opened_at;
    uint32_t turned_at; /* the last edge that completed a revolution */
    uint16_t revolutions; /* since the window opened */
    uint16_t turned;      /* revolutions up to turned_at */
    uint8_t pulses;       /* of the revolution under way */
    uint8_t falls;   /* of the tachometer's edges, as far as they are counted */
    bool open;
};

static struct window windows[BOARD_TACHS];
static struct tach_report reports[BOARD_TACHS];

static void count_edges(struct window *window, uint8_t falls, uint32_t fell_at,
                        uint8_t per_revolution) {
    uint8_t more = (uint8_t)(falls - window->falls);
    window->falls = falls;
    if (!window->open) {
        window->open = true;
        window->opened_at = window->turned_at = fell_at;
        window->revolutions = window->turned = window->pulses = 0;
        return;
    }
    window->pulses += more;
    while (window->pulses >= per_revolution) {
        window->pulses -= per_revolution;
        window->revolutions++;
    }
    if (window->pulses == 0) {
        window->turned = window->revolutions;
        window->turned_at = fell_at;
    }
}

static void close_when_long_enough(struct window *window, struct tach_report *report) {
    uint32_t span = window->turned_at - window->opened_at;
    if (!window->open || span < WINDOW_TICKS) {
        return;
    }
    report->valid = true;
    report->span_us = span * CLOCK_US_PER_TICK;
    report->edges = window->turned * EDGES_PER_REVOLUTION;
    window->revolutions -= window->turned;
    window->turned = 0;
    window->opened_at = window->turned_at;
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
    struct tach_edges seen;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        seen = tach_edges_read(tach);
    }
    uint32_t fell_at = now + (uint32_t)(int32_t)(int16_t)(seen.fell_at - (uint16_t)now);
    reports[tach].age_ms = 0;
    count_edges(&windows[tach], seen.falls, fell_at, config.channels[tach].pulses);
    close_when_long_enough(&windows[tach], &reports[tach]);
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
        uint16_t revolutions = report->edges / EDGES_PER_REVOLUTION;
        report->rpm = (uint16_t)(US_PER_MINUTE / (report->span_us / revolutions));
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
