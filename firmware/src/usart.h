/* The serial line: 250 000 baud, 8 data bits, no parity, one stop bit, through two byte rings. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

void usart_start(void);

/* Takes the next received byte; false when there is none. */
bool usart_read(uint8_t *byte);

extern volatile uint8_t usart_receive_head; /* of the receive ring, written by the interrupt */
extern volatile uint8_t usart_receive_tail; /* written by the main loop */

/* Whether a byte waits. For the test before sleeping, with interrupts off. */
static inline bool usart_has_input(void) {
    return usart_receive_head != usart_receive_tail;
}

extern volatile bool usart_lost; /* received bytes, since the last usart_lost_input() */

/* Whether received bytes were lost since the last call. What was waiting then is thrown away too,
 * because nobody knows where in it the hole is. */
bool usart_lost_input(void);

/* The transmit ring: 256 bytes, so that byte-wide indices wrap by themselves. */
uint8_t *usart_send_ring(void);
/* Where the next byte to send goes. */
uint8_t usart_send_head(void);
/* How many bytes fit now; USART_SEND_ROOM when nothing is on its way. */
#define USART_SEND_ROOM 255
uint8_t usart_send_room(void);
/* Sends everything up to `head`, in the background. */
void usart_send_up_to(uint8_t head);
