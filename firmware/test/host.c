#include "host.h"
#include <stdio.h>
#include <string.h>
#include "../src/board.h"
#include "../src/channels.h"
#include "../src/clock.h"
#include "../src/commands.h"
#include "../src/eeprom.h"
#include "../src/link.h"
#include "../src/outgoing.h"
#include "../src/reset.h"
#include "../src/store.h"
#include "../src/tach.h"
#include "../src/telemetry.h"
#include "../src/terminal.h"
#include "../src/thermistor.h"
#include "../src/usart.h"

uint8_t TCNT0, TIFR0, TCCR0A, TCCR0B, TIMSK0, OCR0A, GPIOR0;
uint8_t TCCRA, DDR, PORT;
uint16_t compare16[2];
uint8_t compare8;

const struct pwm_output board_outputs[BOARD_CHANNELS] = {
    { .compare16 = &compare16[0], .control = &TCCRA, .connect = 0xC0, .ddr = &DDR, .port = &PORT,
      .pin = 0x02, .steps = 320 },
    { .compare16 = &compare16[1], .control = &TCCRA, .connect = 0x30, .ddr = &DDR, .port = &PORT,
      .pin = 0x04, .steps = 320 },
    { .compare8 = &compare8, .control = &TCCRA, .connect = 0x0C, .ddr = &DDR, .port = &PORT,
      .pin = 0x08, .steps = 80 },
};
uint8_t host_tach_levels;

void board_start_pwm(void) {
    TCCRA = DDR = PORT = 0;
}

void board_start_tachs(void) {
    host_tach_levels = 0x70;
}

uint8_t host_eeprom[HOST_EEPROM_SIZE];
long host_eeprom_cut = -1;
uint8_t host_eeprom_torn;

static void erase_eeprom(void) {
    memset(host_eeprom, 0xFF, sizeof host_eeprom);
}

bool eeprom_busy(void) {
    return false;
}

uint8_t eeprom_read(uint16_t address) {
    return host_eeprom[address];
}

void eeprom_write(uint16_t address, uint8_t value) {
    if (host_eeprom_cut >= 0 && host_eeprom_cut-- == 0) {
        host_eeprom[address] = host_eeprom_torn;
        host_eeprom_cut = HOST_EEPROM_OFF;
    }
    if (host_eeprom_cut < HOST_EEPROM_OFF / 2) {
        host_eeprom[address] = value;
    }
}

uint8_t host_causes;
uint32_t host_boot_id;

uint8_t reset_causes(void) {
    return host_causes;
}

uint32_t reset_boot_id(void) {
    return host_boot_id;
}

enum thermistor host_thermistor;
int16_t host_decicelsius = TEMPERATURE_UNKNOWN;

enum thermistor thermistor_state(void) {
    return host_thermistor;
}

int16_t thermistor_decicelsius(void) {
    return host_decicelsius;
}

volatile uint8_t usart_receive_head, usart_receive_tail; /* differ while there is input */
static const uint8_t *input;
static size_t input_length;
volatile bool usart_lost;
static uint8_t ring[256];
static uint8_t ring_head, ring_tail;
static uint8_t room = USART_SEND_ROOM;
bool host_slow_line;

uint8_t host_sent[HOST_SENT_MAX];
size_t host_sent_length;

bool usart_read(uint8_t *byte) {
    if (input_length == 0) {
        return false;
    }
    *byte = *input++;
    input_length--;
    usart_receive_tail = input_length > 0;
    return true;
}

bool usart_lost_input(void) {
    bool was = usart_lost;
    usart_lost = false;
    return was;
}

uint8_t *usart_send_ring(void) {
    return ring;
}

uint8_t usart_send_head(void) {
    return ring_head;
}

uint8_t usart_send_room(void) {
    uint8_t free = (uint8_t)(ring_tail - ring_head - 1);
    return free < room ? free : room;
}

void host_send(size_t bytes) {
    for (; bytes > 0 && ring_tail != ring_head && host_sent_length < HOST_SENT_MAX; bytes--) {
        host_sent[host_sent_length++] = ring[ring_tail++];
    }
}

void usart_send_up_to(uint8_t head) {
    ring_head = head;
    if (!host_slow_line) {
        host_send(sizeof ring);
    }
}

void host_limit_room(uint8_t bytes) {
    room = bytes;
}

void host_lose_input(void) {
    usart_lost = true;
}

void host_set_ticks(uint32_t ticks) {
    clock_overflows = ticks >> 8;
    TCNT0 = (uint8_t)ticks;
}

void host_run_stages(void) {
    uint8_t elapsed_ms = clock_poll();
    if (elapsed_ms > 0) {
        link_pass_time(elapsed_ms);
        channels_expire(clock_ms());
        channels_run(elapsed_ms);
        tach_poll(elapsed_ms);
        telemetry_pass_time(elapsed_ms);
    }
    outgoing_poll();
    store_poll();
}

void host_run_until(uint32_t ms) {
    while (clock_ms() < ms) {
        host_set_ticks((clock_ms() + 1) * CLOCK_TICKS_PER_MS);
        host_run_stages();
    }
}

void host_receive(const uint8_t *bytes, size_t length) {
    input = bytes;
    input_length = length;
    usart_receive_tail = length > 0;
    do {
        link_poll();
        commands_poll();
        outgoing_poll();
        terminal_poll();
    } while (input_length > 0);
}

void host_start(uint32_t boot_id, uint8_t causes) {
    host_boot_id = boot_id;
    host_causes = causes;
    erase_eeprom();
    store_load();
    channels_start();
    tach_start();
    link_start();
}

unsigned host_failures;

void host_expect(bool holds, const char *what, const char *file, int line) {
    if (!holds) {
        host_failures++;
        printf("%s:%d: does not hold: %s\n", file, line, what);
    }
}
