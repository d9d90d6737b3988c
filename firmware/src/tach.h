/* Tachometers by reciprocal timing: the time that whole revolutions took, never pulses per time. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define TACH_PULSES_PER_REVOLUTION 2
#define TACH_AGE_UNKNOWN UINT16_MAX

struct tach_report {
    uint32_t span_us; /* the time that `edges` falling edges took; 0 when not valid */
    uint16_t edges;   /* a whole number of revolutions */
    uint16_t age_ms;  /* since the last falling edge; 65535 = older than that, or never */
    bool valid;
};

void tach_start(void);

/* Counts the edges that came in, closes windows that are long enough, notices fans that stopped.
 * Call it every millisecond or so. */
void tach_poll(uint8_t elapsed_ms);

/* What is known about the channel's fan as of the last tach_poll(). */
struct tach_report tach_read(uint8_t channel);
