#include "tach.h"
#include <util/atomic.h>
#include "board.h"
#include "clock.h"

/* At 10 000 rpm legal edges are 1.5 ms apart. The fan's 25 kHz drive couples into the tachometer
 * wire every 40 us, so what follows an edge within half a millisecond is not the fan. */
#define BLANKING_TICKS (CLOCK_TICKS_PER_MS / 2)
/* A window this long makes the 4 us tick and the interrupt's own delay less than 0.05 %. */
#define WINDOW_TICKS ((uint32_t)100 * CLOCK_TICKS_PER_MS)
/* One and a half times the pulse period at 50 rpm, the slowest speed told from standstill. */
#define STOPPED_MS 900

/* Written by the interrupt. */
struct edges {
    uint32_t changed_at; /* last accepted change, either way */
    uint32_t start;      /* the falling edge at which the window opened */
    uint32_t turned_at;  /* the last falling edge that completed a revolution */
    uint16_t count;      /* falling edges since `start` */
    uint16_t turned;     /* how many of them make whole revolutions */
    uint8_t phase;       /* pulses into the revolution under way */
    bool open;
    bool seen;
};

static struct edges edges[BOARD_CHANNELS];
static uint8_t accepted; /* levels after blanking */
static struct tach_report reports[BOARD_CHANNELS];

static void falling_edge(struct edges *edge, uint32_t now) {
    edge->seen = true;
    if (!edge->open) {
        edge->open = true;
        edge->start = edge->turned_at = now;
        edge->count = edge->turned = 0;
        edge->phase = 0;
        return;
    }
    edge->count++;
    if (++edge->phase == TACH_PULSES_PER_REVOLUTION) {
        edge->phase = 0;
        edge->turned = edge->count;
        edge->turned_at = now;
    }
}

void tach_pins_changed(void) {
    uint8_t first = board_tach_levels();
    uint32_t now = clock_ticks();
    uint8_t levels = board_tach_levels();
    /* Only a level that is the same in both readings, some 2 us apart, is a level. */
    uint8_t changed = (uint8_t)(levels ^ accepted) & (uint8_t)~(first ^ levels);
    for (uint8_t channel = 0; changed != 0 && channel < BOARD_CHANNELS; channel++) {
        uint8_t pin = board_tach_pins[channel];
        struct edges *edge = &edges[channel];
        if (!(changed & pin) || now - edge->changed_at < BLANKING_TICKS) {
            continue;
        }
        edge->changed_at = now;
        accepted ^= pin;
        if (!(levels & pin)) {
            falling_edge(edge, now);
        }
    }
}

/* A change inside the blanking time left `accepted` behind the pin. Catch up without counting: the
 * moment is not known, and a pulse that short is noise or the far side of a narrow one. */
static void follow_level(uint8_t channel) {
    uint8_t pin = board_tach_pins[channel];
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        uint32_t now = clock_ticks();
        if (((board_tach_levels() ^ accepted) & pin) &&
            now - edges[channel].changed_at >= BLANKING_TICKS) {
            accepted ^= pin;
        }
    }
}

static void close_window(struct edges *edge, struct tach_report *report) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        uint32_t span = edge->turned_at - edge->start;
        if (edge->open && span >= WINDOW_TICKS) {
            report->span_us = span * CLOCK_US_PER_TICK;
            report->edges = edge->turned;
            edge->count -= edge->turned;
            edge->turned = 0;
            edge->start = edge->turned_at;
            report->valid = true;
        }
    }
}

static void age(struct edges *edge, struct tach_report *report, uint8_t elapsed_ms) {
    if (report->age_ms < TACH_AGE_UNKNOWN - elapsed_ms) {
        report->age_ms += elapsed_ms;
    } else {
        report->age_ms = TACH_AGE_UNKNOWN;
    }
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (edge->seen) {
            edge->seen = false;
            report->age_ms = 0;
        } else if (report->age_ms > STOPPED_MS) {
            edge->open = false;
            report->valid = false;
            report->span_us = 0;
            report->edges = 0;
        }
    }
}

void tach_poll(uint8_t elapsed_ms) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        follow_level(channel);
        close_window(&edges[channel], &reports[channel]);
        age(&edges[channel], &reports[channel], elapsed_ms);
    }
}

struct tach_report tach_read(uint8_t channel) {
    return reports[channel];
}

void tach_start(void) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        reports[channel].age_ms = TACH_AGE_UNKNOWN;
    }
    accepted = board_tach_levels();
    board_start_tachs();
}
