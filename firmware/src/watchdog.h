/* The hardware watchdog, half a second, fed only by proof that every stage ran. */
#pragma once
#include <stdint.h>

enum stage {
    STAGE_RECEIVE = 1 << 0,
    STAGE_CONTROL = 1 << 1,
    STAGE_TACH = 1 << 2,
    STAGE_OUTPUT = 1 << 3,
};

void watchdog_start(void);

/* Notes that a stage ran to its end; feeds once all of them have since the last feed. */
void watchdog_stage_ran(enum stage stage);
