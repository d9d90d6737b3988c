/* What went wrong since reset, in the order in which a status tells it. Each stops at 65535. */
#pragma once
#include <stdint.h>

struct counters {
    uint16_t crc;         /* frames whose CRC did not fit */
    uint16_t cobs;        /* frames cut short, too long or too short to be one */
    uint16_t overrun;     /* times that received bytes were lost */
    uint16_t sequence;    /* gaps in the numbering, and commands older than the last */
    uint16_t ttl_expired; /* times that a channel went to its safe level by itself */
    uint16_t rejected;    /* whole frames that were refused */
    uint16_t repeated;    /* commands that came again: answered, and nothing else */
};

extern struct counters counters;

static inline void count(uint16_t *counter) {
    if (*counter != UINT16_MAX) {
        (*counter)++;
    }
}
