/* The registers that the tested sources touch, as plain memory of this machine. */
#pragma once
#include <stdint.h>

#define _BV(bit) (1 << (bit))

#define TOV0 0
#define TOIE0 0
#define OCF0A 1
#define OCIE0A 1
#define CS00 0
#define CS01 1

extern uint8_t TCNT0, TIFR0, TCCR0A, TCCR0B, TIMSK0, OCR0A, GPIOR0;
