#include "terminal.h"
#include <avr/pgmspace.h>
#include "board.h"
#include "channels.h"
#include "clock.h"
#include "config.h"
#include "counters.h"
#include "fan_state.h"
#include "outgoing.h"
#include "reset.h"
#include "tach.h"
#include "thermistor.h"
#include "usart.h"

/* No frame looks like a question: its second byte is the type of a command, no printable one. */
static enum { LINE_START, QUESTION, ANSWERED, OTHER } place;

#define LONGEST_LINE 100
#define HEAD_LINES 2
#define NOT_PRINTING 0xFF
static uint8_t next_line = NOT_PRINTING;
static uint8_t head; /* of the transmit ring, while a line is written */

static void print(void) {
    if (next_line == NOT_PRINTING) {
        next_line = 0;
    }
}

bool terminal_takes(uint8_t byte) {
    bool line_end = byte == '\r' || byte == '\n';
    bool text = byte >= ' ' && byte < 0x7F;
    if (byte == 0) {
        place = LINE_START;
    } else if (line_end && place == QUESTION) {
        print();
        place = ANSWERED;
        return true;
    } else if (line_end && place == ANSWERED) {
        return true; /* terminals end a line with one or with two */
    } else if (byte == '?' && (place == LINE_START || place == ANSWERED)) {
        place = QUESTION;
    } else if (!(text && place == QUESTION)) {
        place = OTHER;
    }
    return false;
}

bool terminal_is_asked(void) {
    return place == QUESTION;
}

bool terminal_is_printing(void) {
    return next_line != NOT_PRINTING && next_line > 0;
}

static void put(char letter) {
    usart_send_ring()[head++] = (uint8_t)letter;
}

static void put_text(const char *text) {
    for (char letter; (letter = (char)pgm_read_byte(text)) != 0; text++) {
        put(letter);
    }
}

static void put_number(uint32_t number) {
    char digits[10];
    uint8_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0) {
        put(digits[--count]);
    }
}

static void put_tenths(int16_t tenths) {
    if (tenths < 0) {
        put('-');
        tenths = -tenths;
    }
    put_number((uint16_t)tenths / 10);
    put('.');
    put((char)('0' + (uint16_t)tenths % 10));
}

static void put_head(void) {
    put_text(PSTR("\r\nfand board \""));
    for (uint8_t i = 0; i < CONFIG_NAME_SIZE && config.board.name[i] != 0; i++) {
        put(config.board.name[i]);
    }
    put_text(PSTR("\", boot "));
    put_number(reset_boot_id());
    put_text(PSTR(", up "));
    put_number(clock_ms() / 1000);
    put_text(PSTR(" s, reset "));
    put_number(reset_causes());
}

static void put_second(void) {
    put_text(PSTR("crc "));
    put_number(counters.crc);
    put_text(PSTR(", cobs "));
    put_number(counters.cobs);
    put_text(PSTR(", overrun "));
    put_number(counters.overrun);
    put_text(PSTR(", expired "));
    put_number(counters.ttl_expired);
    if (thermistor_state() == THERMISTOR_OK) {
        put_text(PSTR(", "));
        put_tenths(thermistor_decicelsius());
        put_text(PSTR(" C"));
    }
}

/* The name number `index` of a list that ends each with a bar. */
static void put_name(const char *names, uint8_t index) {
    for (char letter; (letter = (char)pgm_read_byte(names)) != 0; names++) {
        if (letter == '|') {
            index--;
        } else if (index == 0) {
            put(letter);
        }
    }
}

static void put_channel(uint8_t channel) {
    struct channel_report report = channels_read(channel, clock_ms());
    put_text(PSTR("fan "));
    put_number(channel);
    put_text(PSTR(": "));
    put_tenths((int16_t)report.permille);
    put_text(PSTR(" % by "));
    put_name(PSTR("duty|speed|curve|safe level|"), channels_mode(channel));
    put_text(PSTR(", "));
    put_number(tach_read(channel).rpm);
    put_text(PSTR(" rpm, "));
    put_name(PSTR("unknown|spinning|stopped|starting|stalled|implausible|no tachometer|"),
             fan_state(channel));
    put_text(PSTR(", good for "));
    put_number(report.ttl_left_ms);
    put_text(PSTR(" ms"));
}

void terminal_poll(void) {
    if (next_line == NOT_PRINTING || outgoing_busy() ||
        usart_send_room() < LONGEST_LINE) {
        return;
    }
    head = usart_send_head();
    if (next_line == 0) {
        put_head();
    } else if (next_line == 1) {
        put_second();
    } else {
        put_channel(next_line - HEAD_LINES);
    }
    put('\r');
    put('\n');
    if (++next_line == HEAD_LINES + BOARD_CHANNELS) {
        next_line = NOT_PRINTING;
        put(0); /* for a host that comes after: what follows is a frame of its own */
    }
    usart_send_up_to(head);
}
