#include "tach_edges.h"
#include <avr/interrupt.h>
#include <avr/io.h>
#include "board.h"
#include "clock.h"

/* The fan's 25 kHz drive couples into the tachometer wire every 40 us, so what follows an edge
 * within half a millisecond is not the fan: its pin is blanked. While any pin is, a tick of 256 us
 * runs, and a pin is open again at the third one: after 512 to 768 us. At 10 000 rpm legal edges
 * are 1.5 ms apart.
 *
 * All pins are bits of one port and travel through the masks below together, so that an interrupt
 * takes the same time for one edge as for one on every pin. */
#define TICK 64 /* of 4 us */
/* Three until a pin is open, two in which its level is looked at. */
#define TICKS_AFTER_EDGE 5

volatile struct tach_edges tach_edges[BOARD_TACHS];
static uint8_t accepted; /* levels after blanking */
static uint8_t blanked[3]; /* pins that open at the third, the second, the next tick */
static uint8_t suspect; /* open pins that differed from `accepted` at the last tick */
static uint8_t ticks_left;

#define NOTE_FALL(tach, bit) \
    if (fell & _BV(bit)) { \
        tach_edges[tach].fell_at = now; \
        tach_edges[tach].falls++; \
    }

/* Budget: 240 cycles (15 us) with an edge on all eight pins of the ATmega2560 at once. */
ISR(BOARD_TACH_VECTOR) {
    uint8_t first = board_tach_levels();
    uint16_t now = clock_short_ticks();
    uint8_t levels = board_tach_levels();
    uint8_t shut = blanked[0] | blanked[1] | blanked[2];
    /* Only a level that is the same in both readings is a level. */
    uint8_t changed = (uint8_t)(levels ^ accepted) & (uint8_t)~((first ^ levels) | shut);
    if (changed == 0) {
        return;
    }
    accepted ^= changed;
    blanked[0] |= changed;
    if (ticks_left == 0) {
        OCR0A = (uint8_t)(now + TICK);
        TIFR0 = _BV(OCF0A);
        TIMSK0 |= _BV(OCIE0A);
    }
    ticks_left = TICKS_AFTER_EDGE;
    uint8_t fell = changed & (uint8_t)~levels;
    BOARD_EACH_TACH(NOTE_FALL)
}

/* Budget: 100 cycles (6 us), at most 3906 times a second.
 * An open pin whose level is not the accepted one changed while it was blanked. Such a change is
 * followed but not counted: its moment is not known, and a pulse that short is noise, or the far
 * side of a narrow one. A level that differs for the first time may have its own interrupt on its
 * way, so only the second time in a row tells. */
ISR(TIMER0_COMPA_vect) {
    OCR0A = (uint8_t)(OCR0A + TICK);
    uint8_t shut = blanked[0] | blanked[1] | blanked[2];
    uint8_t differs = (uint8_t)(board_tach_levels() ^ accepted) & (uint8_t)~shut;
    accepted ^= differs & suspect;
    suspect = differs & (uint8_t)~suspect;
    blanked[2] = blanked[1];
    blanked[1] = blanked[0];
    blanked[0] = 0;
    if (--ticks_left == 0) {
        TIMSK0 &= (uint8_t)~_BV(OCIE0A);
    }
}

void tach_edges_start(void) {
    board_start_tachs();
    accepted = board_tach_levels();
}
