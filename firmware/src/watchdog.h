/* The hardware watchdog, half a second, fed only by proof that every stage ran. */
#pragma once
#include <stdint.h>

enum stage {
    STAGE_RECEIVE = 1 << 0,
    STAGE_CONTROL = 1 << 1,
    STAGE_TACH = 1 << 2,
    STAGE_OUTPUT = 1 << 3,
};

/* When it was last fed, in ticks of the clock; for the next start to tell why there was one. */
extern uint16_t watchdog_fed_at;

void watchdog_start(void);

/* Notes that a stage ran to its end; feeds once all of them have since the last feed. */
void watchdog_stage_ran(enum stage stage);
