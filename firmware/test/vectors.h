/* The examples of tests/vectors/board.json; make_vectors.ts makes vectors.c and vector_steps_*.c.
 * Bytes are hex text. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct crc_vector {
    const char *name;
    const char *data;
    uint16_t crc;
};

struct cobs_vector {
    const char *name;
    const char *data;
    const char *line; /* without the ending zero */
};

struct bad_line {
    const char *name;
    const char *line;
};

struct step {
    const char *say;
    uint32_t at_ms;
    uint8_t thermistor; /* how it reads from here on, as in the status */
    int16_t decicelsius;
    const char *send;
    const char *receive; /* since the step before */
};

struct session {
    const char *name;
    uint32_t boot_id;
    uint8_t causes;
    const struct step *steps;
    size_t length;
};

extern const struct crc_vector crc_vectors[];
extern const size_t crc_vector_count;
extern const struct cobs_vector cobs_vectors[];
extern const size_t cobs_vector_count;
extern const struct bad_line cobs_refused[];
extern const size_t cobs_refused_count;
extern const struct session sessions[];
extern const size_t session_count;
