/* Edges of the tachometers: blanked, timed and counted by interrupts. */
#pragma once
#include <stdint.h>

struct tach_edges {
    uint16_t fell_at; /* the last falling edge, in short ticks of the clock */
    uint8_t falls;    /* how many there were; wraps */
};

void tach_edges_start(void);

/* How many falling edges there were; wraps. */
uint8_t tach_edges_falls(uint8_t tach);

/* Both fields of one moment. Call it with interrupts off. */
struct tach_edges tach_edges_read(uint8_t tach);
