/* What a channel is driven with: permille in, compare values and released pins out. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Every channel released; starts the output stage. */
void drive_start(void);

/* Drives a channel with the next full step at or above `permille`. Full duty is a released pin. */
void drive_apply(uint8_t channel, uint16_t permille);

/* Lets a changed configuration take force: when the output stage is another one, every channel is
 * released, and the answer is true. */
bool drive_stage_changed(void);

/* What it is driven with. */
uint16_t drive_permille(uint8_t channel);
