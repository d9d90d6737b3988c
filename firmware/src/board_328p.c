#include "board.h"

#define TIMER1_TOP 320 /* 16 MHz / (2 * 320) = 25 000 Hz, phase-correct */
#define TIMER2_TOP 79  /* 16 MHz / 8 / (79 + 1) = 25 000 Hz, fast */

/* Both COM bits of a unit = its inverted compare output. */
const struct pwm_output board_outputs[BOARD_CHANNELS] = {
    { .compare16 = &OCR1A, .control = &TCCR1A, .connect = _BV(COM1A1) | _BV(COM1A0),
      .ddr = &DDRB, .port = &PORTB, .pin = _BV(PB1), .steps = TIMER1_TOP },     /* D9 */
    { .compare16 = &OCR1B, .control = &TCCR1A, .connect = _BV(COM1B1) | _BV(COM1B0),
      .ddr = &DDRB, .port = &PORTB, .pin = _BV(PB2), .steps = TIMER1_TOP },     /* D10 */
    { .compare8 = &OCR2B, .control = &TCCR2A, .connect = _BV(COM2B1) | _BV(COM2B0),
      .ddr = &DDRD, .port = &PORTD, .pin = _BV(PD3), .steps = TIMER2_TOP + 1 }, /* D3 */
};

void board_start_pwm(void) {
    ICR1 = TIMER1_TOP;
    TCCR1A = _BV(WGM11);              /* mode 10: phase-correct, top in ICR1 */
    TCCR1B = _BV(WGM13) | _BV(CS10);  /* no prescaler */
    OCR2A = TIMER2_TOP;
    TCCR2A = _BV(WGM21) | _BV(WGM20); /* mode 7: fast, top in OCR2A */
    TCCR2B = _BV(WGM22) | _BV(CS21);  /* clock / 8 */
}

void board_start_tachs(void) {
    DDRD &= (uint8_t)~BOARD_TACH_MASK;
    /* The weak pull-ups keep an input quiet that nothing is wired to. */
    PORTD |= BOARD_TACH_MASK;
    PCMSK2 = BOARD_TACH_MASK;
    PCIFR = _BV(PCIF2);
    PCICR = _BV(PCIE2);
}

void board_start_line(void) {
    PORTD |= _BV(PD0); /* an unplugged line idles high and stays silent */
}
