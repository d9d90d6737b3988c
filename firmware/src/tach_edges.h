/* Edges of the tachometers: blanked, timed and counted by interrupts. */
#pragma once
#include <stdint.h>
#include "board.h"

struct tach_edges {
    uint16_t fell_at; /* the last falling edge, in short ticks of the clock */
    uint8_t falls;    /* how many there were; wraps */
};

void tach_edges_start(void);

extern volatile struct tach_edges tach_edges[BOARD_TACHS]; /* written by the interrupt */

/* How many falling edges there were; wraps. */
static inline uint8_t tach_edges_falls(uint8_t tach) {
    return tach_edges[tach].falls;
}

/* Both fields of one moment. Call it with interrupts off. */
static inline struct tach_edges tach_edges_read(uint8_t tach) {
    return (struct tach_edges){ tach_edges[tach].fell_at, tach_edges[tach].falls };
}
