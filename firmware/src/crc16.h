/* CRC-16/MCRF4XX: polynomial 0x1021 reflected, start 0xFFFF, no final exclusive or.
 * Over "123456789" it is 0x6F91. Over data with its own CRC behind, low byte first, it is 0. */
#pragma once
#include <stdint.h>

#define CRC16_START 0xFFFF

uint16_t crc16_update(uint16_t crc, uint8_t byte);
