/* What the core asks of a part: which registers make a channel, and where its tachometer comes in.
 * Everything that differs between parts is in one pair of files a part, board_<part>.h and .c. */
#pragma once
#include <stdint.h>

#if defined(__AVR_ATmega328P__)
#include "board_328p.h"
#elif defined(__AVR_ATmega2560__)
#include "board_2560.h"
#elif defined(FAND_HOST_TEST)
#include "board_host.h"
#else
#error "no board file for this part"
#endif

/* One PWM output. A channel is either phase-correct on a 16-bit timer (compare16 set) or fast PWM
 * on an 8-bit timer (compare8 set); the other pointer is null. */
struct pwm_output {
    volatile uint16_t *compare16;
    volatile uint8_t *compare8;
    volatile uint8_t *control; /* holds the bits that connect the compare output to the pin */
    uint8_t connect;           /* both of them: the inverted output */
    volatile uint8_t *ddr;
    volatile uint8_t *port;
    uint8_t pin; /* mask in ddr and port */
    uint16_t steps;
};

extern const struct pwm_output board_outputs[BOARD_CHANNELS];

/* Starts the PWM timers with every output still disconnected from its pin. */
void board_start_pwm(void);

/* Makes the tachometer pins inputs and lets their changes interrupt. Tachometer n is channel n's;
 * channels from BOARD_TACHS on have none. */
void board_start_tachs(void);

/* Prepares the pins of the serial line. */
void board_start_line(void);
