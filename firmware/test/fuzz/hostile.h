/* What a broken or hostile host could send. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define HOSTILE_MAX 1024

/* Reads the frames of the vectors, as what to begin with. */
void hostile_start(void);

/* Writes bytes for the line, not more than HOSTILE_MAX: a frame that the board's state makes right
 * or nearly right, a damaged one, a question, or noise. */
size_t hostile_line(uint8_t *line);

/* A block of a configuration that is in range. */
void hostile_block(uint8_t index, uint8_t *block);
