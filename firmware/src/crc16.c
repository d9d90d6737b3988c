#include "crc16.h"

/* The eight steps of a byte at once. The polynomial taps bits 5 and 12, so what is fed back in the
 * first four steps is itself fed back four places on, and the sum lands in three places. */
uint16_t crc16_update(uint16_t crc, uint8_t byte) {
    uint8_t fed_back = byte ^ (uint8_t)crc;
    fed_back ^= (uint8_t)(fed_back << 4);
    return (crc >> 8) ^ ((uint16_t)fed_back << 8) ^ ((uint16_t)fed_back << 3) ^ (fed_back >> 4);
}
