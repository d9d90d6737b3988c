/* Where each part has its channels, by data address: the chip's data sheet again, written
 * independently of the firmware's own tables. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define MAX_CHANNELS 16

struct channel {
    uint16_t ddr;     /* data direction register; the port register is the next one */
    uint8_t bit;      /* of the pin in its port */
    uint16_t compare; /* compare register, low byte */
    uint8_t wide;     /* whether it has 16 bits */
    uint16_t control; /* TCCRnA */
    uint8_t com;      /* shift of its two compare output mode bits */
    uint16_t top;     /* the register that holds the top, low byte */
    char tach_port;   /* 0 = no tachometer */
    uint8_t tach_bit;
};

struct part {
    const char *name;
    uint32_t hz;
    uint16_t mcusr;
    size_t channels;
    struct channel channel[MAX_CHANNELS];
};

#define DDRB 0x24
#define DDRD 0x2A
#define DDRE 0x2D
#define DDRH 0x101
#define DDRL 0x10A
#define COM_A 6
#define COM_B 4
#define COM_C 2

/* Registers of a 16-bit timer, from its TCCRnA on; `unit` counts from 0 for A. */
#define WIDE(ddr, bit, first, unit, tach_port, tach_bit) \
    { ddr, bit, (first) + 8 + 2 * (unit), 1, first, COM_A - 2 * (unit), (first) + 6, tach_port, \
      tach_bit }

static const struct part parts[] = {
    { "atmega328p", 16000000, 0x54, 3, {
        WIDE(DDRB, 1, 0x80, 0, 'D', 2),
        WIDE(DDRB, 2, 0x80, 1, 'D', 4),
        { DDRD, 3, 0xB4, 0, 0xB0, COM_B, 0xB3, 'D', 5 },
    } },
    { "atmega2560", 16000000, 0x54, 11, {
        WIDE(DDRE, 4, 0x90, 1, 'K', 0), WIDE(DDRE, 5, 0x90, 2, 'K', 1),
        WIDE(DDRE, 3, 0x90, 0, 'K', 2), WIDE(DDRH, 3, 0xA0, 0, 'K', 3),
        WIDE(DDRH, 4, 0xA0, 1, 'K', 4), WIDE(DDRH, 5, 0xA0, 2, 'K', 5),
        WIDE(DDRB, 5, 0x80, 0, 'K', 6), WIDE(DDRB, 6, 0x80, 1, 'K', 7),
        WIDE(DDRL, 5, 0x120, 2, 0, 0), WIDE(DDRL, 4, 0x120, 1, 0, 0),
        WIDE(DDRL, 3, 0x120, 0, 0, 0),
    } },
};
