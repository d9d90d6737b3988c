/* The status without being asked, at a rate the host asked for: best effort. */
#pragma once
#include <stdint.h>

#define TELEMETRY_FASTEST_MS 50
#define TELEMETRY_SLOWEST_MS 10000

/* 0 ends it. */
void telemetry_set(uint16_t interval_ms);

/* A host that is not heard of for 10 s has gone: it ends. */
void telemetry_host_heard(void);

/* Begins a status when one is due and the line is free. */
void telemetry_pass_time(uint8_t elapsed_ms);
