/* For a person at a plain terminal: a line that begins with "?" prints the status as text. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Looks at a received byte; true when it is the end of a question, and of whatever frame the bytes
 * before it could have been. */
bool terminal_takes(uint8_t byte);

/* Whether a question is being typed, however slowly: it is no frame that was left unended. */
bool terminal_is_asked(void);

/* Whether the text is between two of its lines. */
bool terminal_is_printing(void);

/* Prints on, a line at a time, while there is room. */
void terminal_poll(void);
