/* Tachometers by reciprocal timing: the time that whole revolutions took, never pulses per time. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* One and a half times the pulse period at 50 rpm, the slowest speed told from standstill. */
#define TACH_STANDSTILL_MS 900
#define TACH_AGE_UNKNOWN UINT16_MAX

struct tach_report {
    uint32_t span_us; /* whole revolutions, of at least 50 ms together; 0 when not valid */
    uint16_t edges;   /* twice the revolutions in that time, however many pulses one has */
    uint16_t rpm;     /* the same as a speed, at the last tach_work_out(); 0 when not valid */
    uint16_t age_ms;  /* since the last falling edge; 65535 = older than that, or never */
    bool valid;
};

void tach_start(void);

/* Counts the edges that came in, closes windows that are long enough, notices fans that stopped.
 * Call it every millisecond or so. */
void tach_poll(uint8_t elapsed_ms);

/* Works out the speed: a long division, so not with every edge. */
void tach_work_out(uint8_t channel);

/* Whether a tachometer is wired to the channel. */
bool tach_fitted(uint8_t channel);

/* What is known about the channel's fan as of the last tach_poll(). */
struct tach_report tach_read(uint8_t channel);
