/* The status without being asked, at a rate the host asked for: best effort. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define TELEMETRY_FASTEST_MS 50
#define TELEMETRY_SLOWEST_MS 10000

/* 0 ends it. */
void telemetry_set(uint16_t interval_ms);

/* A host that is not heard of for 10 s has gone: it ends. */
void telemetry_host_heard(void);

/* Begins a status when one is due and the line is free. */
void telemetry_pass_time(uint8_t elapsed_ms);

/* Puts it together, piece by piece, until something is received: a command waits for one piece, not
 * for the whole. Nothing else may be sent while it is under way. */
void telemetry_poll(void);
bool telemetry_under_way(void);
