#include "crc16.h"

/* What each value of the four lowest bits adds after they are shifted out: half a byte at a time
 * is the middle between the speed of a 512-byte table and the size of a bit loop. */
static const uint16_t nibbles[16] = {
    0x0000, 0x1081, 0x2102, 0x3183, 0x4204, 0x5285, 0x6306, 0x7387,
    0x8408, 0x9489, 0xA50A, 0xB58B, 0xC60C, 0xD68D, 0xE70E, 0xF78F,
};

uint16_t crc16_update(uint16_t crc, uint8_t byte) {
    crc = (crc >> 4) ^ nibbles[(crc ^ byte) & 0x0F];
    return (crc >> 4) ^ nibbles[(crc ^ (byte >> 4)) & 0x0F];
}
