/* The board under test: its registers, its line, its clock, and what a test expects of them. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../src/thermistor.h"

extern uint8_t TCCRA, DDR, PORT;
extern uint16_t compare16[2];
extern uint8_t compare8;
extern uint8_t host_causes;
extern uint32_t host_boot_id;

#define HOST_EEPROM_SIZE 1024
extern uint8_t host_eeprom[HOST_EEPROM_SIZE];
/* After that many more written bytes the power is cut: the next byte becomes `host_eeprom_torn`,
 * and nothing is written from then on. -1 = never. */
extern long host_eeprom_cut;
extern uint8_t host_eeprom_torn;
#define HOST_EEPROM_OFF 1000000

/* What the thermistor reads as. */
extern enum thermistor host_thermistor;
extern int16_t host_decicelsius;

#define HOST_SENT_MAX 4096
extern uint8_t host_sent[HOST_SENT_MAX];
extern size_t host_sent_length;

/* Starts the board. Once a process: the sources keep their state in their files, as on the chip. */
void host_start(uint32_t boot_id, uint8_t causes);

/* Lets the main loop run, millisecond by millisecond, until `ms` after the start. */
void host_run_until(uint32_t ms);

/* One pass of the main loop's stages but those of the line. */
void host_run_stages(void);

/* The 4 us ticks that have gone by; tests of the tachometers move them directly. */
void host_set_ticks(uint32_t ticks);

/* Puts bytes on the line and lets the main loop take them. */
void host_receive(const uint8_t *bytes, size_t length);

/* Says that the receiver lost a byte. */
void host_lose_input(void);

/* How many bytes the transmit ring takes from now on; 255 = as many as it can. */
void host_limit_room(uint8_t room);

/* Whether what is sent waits in the transmit ring until host_send() takes so many bytes of it. */
extern bool host_slow_line;
void host_send(size_t bytes);

extern unsigned host_failures;
void host_expect(bool holds, const char *what, const char *file, int line);
#define EXPECT(condition) host_expect((condition), #condition, __FILE__, __LINE__)
