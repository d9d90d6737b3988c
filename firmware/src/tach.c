#include "tach.h"
#include <util/atomic.h>
#include "board.h"
#include "clock.h"
#include "tach_edges.h"

/* A window this long makes the 4 us tick and the interrupt's own delay less than 0.05 %. */
#define WINDOW_TICKS ((uint32_t)100 * CLOCK_TICKS_PER_MS)
/* One and a half times the pulse period at 50 rpm, the slowest speed told from standstill. */
#define STANDSTILL_MS 900

/* Falling edges since the window opened, which it does, as it
 * closes, at the end of a revolution, because poles are not evenly spaced. */
struct window {
    uint32_t opened_at;
    uint32_t turned_at; /* the last edge that completed a revolution */
    uint16_t count;
    uint16_t turned; /* how many of `count` make whole revolutions */
    uint8_t falls;   /* of the tachometer's edges, as far as they are counted */
    bool open;
};

static struct window windows[BOARD_TACHS];
static struct tach_report reports[BOARD_TACHS];

static void count_edges(struct window *window, uint8_t falls, uint32_t fell_at) {
    uint8_t more = (uint8_t)(falls - window->falls);
    window->falls = falls;
    if (!window->open) {
        window->open = true;
        window->opened_at = window->turned_at = fell_at;
        window->count = window->turned = 0;
        return;
    }
    window->count += more;
    if (window->count % TACH_PULSES_PER_REVOLUTION == 0) {
        window->turned = window->count;
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
    report->edges = window->turned;
    window->count -= window->turned;
    window->turned = 0;
    window->opened_at = window->turned_at;
}

static void grow_older(struct window *window, struct tach_report *report, uint8_t elapsed_ms) {
    if (report->age_ms < TACH_AGE_UNKNOWN - elapsed_ms) {
        report->age_ms += elapsed_ms;
    } else {
        report->age_ms = TACH_AGE_UNKNOWN;
    }
    if (report->age_ms > STANDSTILL_MS) {
        window->open = false;
        report->valid = false;
        report->span_us = 0;
        report->edges = 0;
    }
}

static void poll_tach(uint8_t tach, uint8_t elapsed_ms) {
    struct window *window = &windows[tach];
    struct tach_report *report = &reports[tach];
    struct tach_edges seen;
    uint32_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        now = clock_ticks();
        seen = tach_edges_read(tach);
    }
    grow_older(window, report, elapsed_ms);
    if (seen.falls != window->falls) {
        report->age_ms = 0;
        count_edges(window, seen.falls, now - (uint16_t)((uint16_t)now - seen.fell_at));
        close_when_long_enough(window, report);
    }
}

void tach_poll(uint8_t elapsed_ms) {
    for (uint8_t tach = 0; tach < BOARD_TACHS; tach++) {
        poll_tach(tach, elapsed_ms);
    }
}

struct tach_report tach_read(uint8_t channel) {
    if (channel >= BOARD_TACHS) {
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
