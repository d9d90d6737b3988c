#include "board.h"

#define TOP 320 /* 16 MHz / (2 * 320) = 25 000 Hz, phase-correct */

/* Both COM bits of unit x of timer n = its inverted compare output. */
#define CHANNEL(n, x, letter, bit) \
    { .compare16 = &OCR##n##x, .control = &TCCR##n##A, \
      .connect = _BV(COM##n##x##1) | _BV(COM##n##x##0), \
      .ddr = &DDR##letter, .port = &PORT##letter, .pin = _BV(bit), .steps = TOP }

/* D13 (OC1C) is no channel: bootloaders blink it. */
const struct pwm_output board_outputs[BOARD_CHANNELS] = {
    CHANNEL(3, B, E, PE4), /* D2 */
    CHANNEL(3, C, E, PE5), /* D3 */
    CHANNEL(3, A, E, PE3), /* D5 */
    CHANNEL(4, A, H, PH3), /* D6 */
    CHANNEL(4, B, H, PH4), /* D7 */
    CHANNEL(4, C, H, PH5), /* D8 */
    CHANNEL(1, A, B, PB5), /* D11 */
    CHANNEL(1, B, B, PB6), /* D12 */
    CHANNEL(5, C, L, PL5), /* D44 */
    CHANNEL(5, B, L, PL4), /* D45 */
    CHANNEL(5, A, L, PL3), /* D46 */
};

/* Mode 10: phase-correct, top in ICRn; no prescaler. */
#define START_TIMER(n) \
    ICR##n = TOP; \
    TCCR##n##A = _BV(WGM##n##1); \
    TCCR##n##B = _BV(WGM##n##3) | _BV(CS##n##0)

void board_start_pwm(void) {
    START_TIMER(1);
    START_TIMER(3);
    START_TIMER(4);
    START_TIMER(5);
}

void board_start_tachs(void) {
    DDRK = 0;
    /* The weak pull-ups keep an input quiet that nothing is wired to. */
    PORTK = BOARD_TACH_MASK;
    DIDR2 = 0; /* the pins are digital inputs, not the analog ones they could be */
    PCMSK2 = BOARD_TACH_MASK;
    PCIFR = _BV(PCIF2);
    PCICR = _BV(PCIE2);
}

void board_start_line(void) {
    PORTE |= _BV(PE0); /* an unplugged line idles high and stays silent */
}
