/* What each channel is told and for how long that is still good. Born in failsafe; goes back there
 * by itself when its time is up. */
#pragma once
#include <stdint.h>
#include "protocol.h"

struct channel_report {
    uint16_t permille; /* applied, from the compare value */
    uint16_t compare;
    uint16_t ttl_left_ms; /* 0 in failsafe */
    uint8_t flags;        /* FLAG_FAILSAFE, FLAG_EXPIRED, FLAG_RELEASED */
};

/* Every channel released and in failsafe; starts the output stage. */
void channels_start(void);

/* Takes what an accepted `set` says of all channels, for their TTLs from `now_ms` on. */
void channels_set(const struct set_channel *entry, uint32_t now_ms);

/* Lets a changed configuration take force. Another output stage sends every channel to failsafe. */
void channels_config_changed(void);

/* Sends every channel to its safe level whose time is up. */
void channels_expire(uint32_t now_ms);

/* Drives each channel anew once in 50 ms, one channel in two milliseconds, so that none of the
 * other stages has to wait for all of them. */
void channels_run(uint8_t elapsed_ms);

/* Forgets what went wrong with the channels of `mask`. */
void channels_clear(uint16_t mask);

/* What drives the channel. */
enum mode channels_mode(uint8_t channel);

struct channel_report channels_read(uint8_t channel, uint32_t now_ms);
