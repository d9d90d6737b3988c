/* CRC-16/MCRF4XX: polynomial 0x1021 reflected, start 0xFFFF, no final exclusive or.
 * Over "123456789" it is 0x6F91. Over data with its own CRC behind, low byte first, it is 0. */
#pragma once
#include <stdint.h>

#define CRC16_START 0xFFFF

/* The eight steps of a byte at once. The polynomial taps bits 5 and 12, so what is fed back in the
 * first four steps is itself fed back four places on, and the sum lands in three places. */
static inline uint16_t crc16_update(uint16_t crc, uint8_t byte) {
    uint8_t fed_back = byte ^ (uint8_t)crc;
    fed_back ^= (uint8_t)(fed_back << 4);
    return (crc >> 8) ^ ((uint16_t)fed_back << 8) ^ ((uint16_t)fed_back << 3) ^ (fed_back >> 4);
}
