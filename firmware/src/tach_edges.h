/* Edges of the tachometers: blanked, timed and counted by interrupts. */
#pragma once
#include <stdint.h>

struct tach_edges {
    uint16_t fell_at; /* the last falling edge, in short ticks of the clock */
    uint8_t falls;    /* how many there were; wraps */
};

void tach_edges_start(void);

/* Call it with interrupts off, or hold that an interrupt may come between the two fields. */
struct tach_edges tach_edges_read(uint8_t tach);
