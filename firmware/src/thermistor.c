#include "thermistor.h"
#include <avr/io.h>
#include "config.h"
#include "ntc.h"

#define READING_MS 10
/* Beyond -55 and 180 degrees, whatever its beta: it is not there, or its wires touch. */
#define OPEN_FROM 1012
#define SHORT_TO 12
/* So many of 16 readings are no spike. */
#define MANY 8

static enum thermistor state;
static int16_t decicelsius = TEMPERATURE_UNKNOWN;
static uint16_t sum;
static uint8_t readings;
static uint8_t opens;
static uint8_t shorts;
static uint8_t wait_ms;

void thermistor_start(void) {
    ADMUX = _BV(REFS0); /* against the supply, which the divider hangs on too; input 0 */
    DIDR0 = _BV(ADC0D);
    ADCSRA = _BV(ADEN) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0); /* 125 kHz, 0.1 ms */
    ADCSRA |= _BV(ADSC);
}

/* Resistance at which the formula still has a meaning; the counts above tell what is beyond. */
static uint16_t within_scale(uint16_t value) {
    uint16_t most = NTC_SAMPLES * OPEN_FROM;
    uint16_t least = NTC_SAMPLES * SHORT_TO;
    return value > most ? most : value < least ? least : value;
}

static void finish_sum(void) {
    if (opens >= MANY) {
        state = THERMISTOR_OPEN;
    } else if (shorts >= MANY) {
        state = THERMISTOR_SHORT;
    } else {
        state = THERMISTOR_OK;
    }
    decicelsius = state == THERMISTOR_OK
                      ? ntc_decicelsius(within_scale(sum), config.board.ntc_beta)
                      : TEMPERATURE_UNKNOWN;
    sum = 0;
    readings = opens = shorts = 0;
}

void thermistor_poll(uint8_t elapsed_ms) {
    if (elapsed_ms < wait_ms) {
        wait_ms -= elapsed_ms;
        return;
    }
    wait_ms = READING_MS;
    if (ADCSRA & _BV(ADSC)) {
        return;
    }
    uint16_t reading = ADC;
    ADCSRA |= _BV(ADSC);
    sum += reading;
    opens += reading >= OPEN_FROM;
    shorts += reading <= SHORT_TO;
    if (++readings == NTC_SAMPLES) {
        finish_sum();
    }
}

enum thermistor thermistor_state(void) {
    return state;
}

int16_t thermistor_decicelsius(void) {
    return decicelsius;
}
