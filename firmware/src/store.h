/* The configuration in the EEPROM: two copies, of which the newer valid one counts. A power cut at
 * any moment of a write leaves the other one as it was. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum store_state {
    STORE_VALID, /* what is in force is, or once was, what a valid copy holds */
    STORE_BLANK, /* the EEPROM was never written: the defaults hold */
    STORE_LOST,  /* it was written, and neither copy is valid: nothing is known of the wiring */
};

/* Loads the configuration. Call it at the start, while the EEPROM is not busy. */
void store_load(void);

/* Begins to write what is in force over the older copy. */
void store_begin(void);

/* Writes on, when the EEPROM is ready. Call it in every pass of the main loop. */
void store_poll(void);

bool store_writing(void);

/* Whether the newer copy holds what is in force now. */
bool store_matches(void);

extern enum store_state store_now; /* written by store.c */

static inline enum store_state store_state(void) {
    return store_now;
}
