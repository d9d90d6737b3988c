#include "tach.h"
#include <avr/interrupt.h>
#include <util/atomic.h>
#include "board.h"
#include "clock.h"

/* At 10 000 rpm legal edges are 1.5 ms apart. The fan's 25 kHz drive couples into the tachometer
 * wire every 40 us, so what follows an edge within half a millisecond is not the fan. */
#define BLANKING_TICKS (CLOCK_TICKS_PER_MS / 2)
/* A window this long makes the 4 us tick and the interrupt's own delay less than 0.05 %. */
#define WINDOW_TICKS ((uint32_t)100 * CLOCK_TICKS_PER_MS)
/* One and a half times the pulse period at 50 rpm, the slowest speed told from standstill. */
#define STANDSTILL_MS 900

/* What the interrupt writes. Its times are the low half of the clock: the main loop comes by every
 * millisecond and carries them over. */
struct edges {
    uint16_t changed_at; /* last accepted change, either way */
    uint16_t fell_at;    /* last falling edge */
    uint8_t falls;       /* how many there were; wraps */
};

/* What the main loop makes of it: falling edges since the window opened, which it does, as it
 * closes, at the end of a revolution, because poles are not evenly spaced. */
struct window {
    uint32_t opened_at;
    uint32_t turned_at; /* the last edge that completed a revolution */
    uint16_t count;
    uint16_t turned; /* how many of `count` make whole revolutions */
    uint8_t falls;   /* of `edges`, as far as they are counted */
    bool open;
};

static struct edges edges[BOARD_CHANNELS];
static uint8_t accepted; /* levels after blanking */
static uint8_t settled;  /* pins whose last change is known to be older than the blanking time */
static uint8_t suspect;  /* settled pins that differed from `accepted` at the last poll */
static struct window windows[BOARD_CHANNELS];
static struct tach_report reports[BOARD_CHANNELS];

/* Budget: 280 cycles (17.5 us) with an edge on all three pins of the ATmega328P at once. */
ISR(BOARD_TACH_VECTOR) {
    uint8_t first = board_tach_levels();
    uint16_t now = clock_short_ticks();
    uint8_t levels = board_tach_levels();
    /* Only a level that is the same in both readings is a level. */
    uint8_t changed = (uint8_t)(levels ^ accepted) & (uint8_t)~(first ^ levels);
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        uint8_t pin = board_tach_pins[channel];
        if (!(changed & pin)) {
            continue;
        }
        struct edges *edge = &edges[channel];
        if (!(settled & pin) && (uint16_t)(now - edge->changed_at) < BLANKING_TICKS) {
            continue;
        }
        edge->changed_at = now;
        settled &= (uint8_t)~pin;
        accepted ^= pin;
        if (!(levels & pin)) {
            edge->fell_at = now;
            edge->falls++;
        }
    }
}

/* After the blanking time: lets the next edge count however late it comes, and follows a level
 * that changed within it. Such a change is not counted: its moment is not known, and a pulse that
 * short is noise, or the far side of a narrow one. A level that differs for the first time may
 * have an interrupt on its way, so only the second time in a row tells. */
static void end_blanking(uint8_t channel, uint16_t now) {
    uint8_t pin = board_tach_pins[channel];
    bool differs = false;
    if (settled & pin) {
        differs = (board_tach_levels() ^ accepted) & pin;
        if (differs && (suspect & pin)) {
            accepted ^= pin;
            differs = false;
        }
    } else if ((uint16_t)(now - edges[channel].changed_at) >= BLANKING_TICKS) {
        settled |= pin;
    }
    suspect = differs ? suspect | pin : suspect & (uint8_t)~pin;
}

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

static void poll_channel(uint8_t channel, uint8_t elapsed_ms) {
    struct window *window = &windows[channel];
    struct tach_report *report = &reports[channel];
    struct edges seen;
    uint32_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        now = clock_ticks();
        seen = edges[channel];
        end_blanking(channel, (uint16_t)now);
    }
    grow_older(window, report, elapsed_ms);
    if (seen.falls != window->falls) {
        report->age_ms = 0;
        count_edges(window, seen.falls, now - (uint16_t)((uint16_t)now - seen.fell_at));
        close_when_long_enough(window, report);
    }
}

void tach_poll(uint8_t elapsed_ms) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        poll_channel(channel, elapsed_ms);
    }
}

struct tach_report tach_read(uint8_t channel) {
    return reports[channel];
}

void tach_start(void) {
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        reports[channel].age_ms = TACH_AGE_UNKNOWN;
    }
    board_start_tachs();
    accepted = board_tach_levels();
}
