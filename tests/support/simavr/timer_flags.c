/* For the chip: clears one flag of timer 0 while another waits, over and over, and sends the flags
 * that are left. */
#include <avr/io.h>

int main(void) {
    UCSR0B = _BV(TXEN0);
    TCCR0B = _BV(CS01) | _BV(CS00);
    for (;;) {
        while ((TIFR0 & (_BV(TOV0) | _BV(OCF0A))) != (_BV(TOV0) | _BV(OCF0A))) {
        }
        TIFR0 = _BV(OCF0A);
        UDR0 = TIFR0 & (_BV(TOV0) | _BV(OCF0A));
        TIFR0 = _BV(TOV0);
    }
}
