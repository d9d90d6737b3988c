#include "usart.h"
#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>
#include "board.h"
#include "event.h"

#define BAUD 250000UL
#define DIVISOR (F_CPU / 16 / BAUD - 1)
#if (DIVISOR + 1) * 16 * BAUD != F_CPU
#error "the baud rate must be exact"
#endif

#define RECEIVE_SIZE 64 /* 2.5 ms at full line rate */
#define RECEIVE_MASK (RECEIVE_SIZE - 1)

static uint8_t receive_ring[RECEIVE_SIZE];
volatile uint8_t usart_receive_head;
volatile uint8_t usart_receive_tail;
volatile bool usart_lost;

static uint8_t send_ring[256];
static volatile uint8_t send_head; /* written by the main loop */
static volatile uint8_t send_tail; /* written by the interrupt */

/* Budget: 80 cycles (5 us) of the 640 that a byte takes on the line. */
ISR(BOARD_RECEIVED_VECTOR) {
    uint8_t faults = UCSR0A & (_BV(FE0) | _BV(DOR0));
    uint8_t byte = UDR0;
    uint8_t next = (usart_receive_head + 1) & RECEIVE_MASK;
    event_note();
    if (faults || next == usart_receive_tail) {
        usart_lost = true;
        return;
    }
    receive_ring[usart_receive_head] = byte;
    usart_receive_head = next;
}

/* Budget: 80 cycles (5 us). */
ISR(BOARD_SEND_VECTOR) {
    uint8_t tail = send_tail;
    UDR0 = send_ring[tail++];
    send_tail = tail;
    if (tail == send_head) {
        UCSR0B &= (uint8_t)~_BV(UDRIE0);
    }
}

void usart_start(void) {
    board_start_line();
    UBRR0 = DIVISOR;
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

bool usart_read(uint8_t *byte) {
    uint8_t tail = usart_receive_tail;
    if (tail == usart_receive_head) {
        return false;
    }
    *byte = receive_ring[tail];
    usart_receive_tail = (tail + 1) & RECEIVE_MASK;
    return true;
}

bool usart_lost_input(void) {
    if (!usart_lost) {
        return false;
    }
    usart_receive_tail = usart_receive_head;
    usart_lost = false;
    return true;
}

uint8_t *usart_send_ring(void) {
    return send_ring;
}

uint8_t usart_send_head(void) {
    return send_head;
}

uint8_t usart_send_room(void) {
    return (uint8_t)(send_tail - send_head - 1);
}

void usart_send_up_to(uint8_t head) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (head != send_head) { /* the interrupt takes it that there is something */
            send_head = head;
            UCSR0B |= _BV(UDRIE0);
        }
    }
}
