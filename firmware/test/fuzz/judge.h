/* Holds the firmware together with the reference: after every step, all that can be seen of it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct judged {
    uint64_t answers, refusals, telemetry, text_lines, saves;
};
extern struct judged judged;

/* Of a board that just started. `saved` is what its EEPROM holds, null when nothing whole. */
void judge_start(const uint8_t *saved, bool lost);

/* The outputs, the times and the counters. */
void judge_state(void);

/* What the board has sent since the last call. When it is `idle`, it owes no answer. */
void judge_sent(bool idle);

/* The EEPROM. */
void judge_store(void);

/* Cuts the power: the board finds what was saved, and lets its pins go. Nothing comes after that,
 * because the sources keep what a reset would take. */
void judge_reset(void);
