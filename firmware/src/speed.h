/* Holding a speed on a channel: the controller with its tachometer, from standstill on, and its
 * end when the tachometer cannot be trusted. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Begins to hold a speed, from what the channel is driven with now. */
void speed_begin(uint8_t channel);

/* The duty for the next step. False when the speed cannot be held: the tachometer is implausible,
 * the fan stalled, or nothing is known of it for too long. Call it once a step. */
bool speed_step(uint8_t channel, uint16_t target, uint16_t *permille);

/* What starts the fan when it stands. */
uint16_t speed_start_permille(uint8_t channel);

/* Notes the fastest speed seen. Call it once a step, whatever the mode. */
void speed_watch(uint8_t channel);
