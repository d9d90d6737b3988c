#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../src/cobs.h"
#include "../src/crc16.h"
#include "host.h"
#include "tests.h"
#include "vectors.h"

struct bytes {
    uint8_t at[512];
    size_t length;
};

static struct bytes from_hex(const char *hex) {
    struct bytes bytes = { .length = strlen(hex) / 2 };
    for (size_t i = 0; i < bytes.length; i++) {
        char digits[3] = { hex[2 * i], hex[2 * i + 1], 0 };
        bytes.at[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return bytes;
}

static void crc_test(const void *argument) {
    const struct crc_vector *vector = argument;
    struct bytes data = from_hex(vector->data);
    uint16_t crc = CRC16_START;
    for (size_t i = 0; i < data.length; i++) {
        crc = crc16_update(crc, data.at[i]);
    }
    EXPECT(crc == vector->crc);
    crc = crc16_update(crc16_update(crc, (uint8_t)crc), (uint8_t)(crc >> 8));
    EXPECT(crc == 0);
}

static void cobs_test(const void *argument) {
    const struct cobs_vector *vector = argument;
    struct bytes data = from_hex(vector->data);
    struct bytes line = from_hex(vector->line);
    uint8_t ring[256];
    struct cobs_encoder encoder;
    /* From the middle of the ring, so that the frame runs over its end. */
    cobs_begin(&encoder, ring, 200);
    for (size_t i = 0; i < data.length; i++) {
        cobs_put(&encoder, data.at[i]);
    }
    cobs_end(&encoder);
    EXPECT((uint8_t)(encoder.head - 200) == (uint8_t)(line.length + 1));
    for (size_t i = 0; i < line.length; i++) {
        EXPECT(ring[(uint8_t)(200 + i)] == line.at[i]);
    }

    uint8_t bytes[255];
    struct cobs_decoder decoder = { .bytes = bytes, .size = sizeof bytes };
    for (size_t i = 0; i < line.length; i++) {
        EXPECT(cobs_decode(&decoder, line.at[i]) == COBS_MORE);
    }
    EXPECT(cobs_decode(&decoder, 0) == COBS_FRAME);
    EXPECT(decoder.length == data.length);
    EXPECT(memcmp(bytes, data.at, data.length) == 0);
}

static void cobs_refused_test(const void *argument) {
    struct bytes line = from_hex(((const struct bad_line *)argument)->line);
    uint8_t bytes[192];
    struct cobs_decoder decoder = { .bytes = bytes, .size = sizeof bytes };
    for (size_t i = 0; i < line.length; i++) {
        cobs_decode(&decoder, line.at[i]);
    }
    EXPECT(cobs_decode(&decoder, 0) == COBS_BAD);
}

static void print_bytes(const char *what, const uint8_t *bytes, size_t length) {
    printf("  %s ", what);
    for (size_t i = 0; i < length; i++) {
        printf("%02x", bytes[i]);
    }
    printf("\n");
}

static void session_test(const void *argument) {
    const struct session *session = argument;
    host_start(session->boot_id, session->causes);
    for (size_t i = 0; i < session->length; i++) {
        const struct step *step = &session->steps[i];
        struct bytes send = from_hex(step->send);
        struct bytes receive = from_hex(step->receive);
        host_sent_length = 0;
        host_run_until(step->at_ms);
        host_thermistor = step->thermistor;
        host_decicelsius = step->decicelsius;
        host_receive(send.at, send.length);
        bool as_told = host_sent_length == receive.length &&
                       memcmp(host_sent, receive.at, host_sent_length) == 0;
        EXPECT(as_told);
        if (!as_told) {
            printf("  at %u ms: %s\n", (unsigned)step->at_ms, step->say);
            print_bytes("wanted", receive.at, receive.length);
            print_bytes("found ", host_sent, host_sent_length);
        }
    }
}

void vector_tests(void) {
    for (size_t i = 0; i < crc_vector_count; i++) {
        run_test(crc_vectors[i].name, crc_test, &crc_vectors[i]);
    }
    for (size_t i = 0; i < cobs_vector_count; i++) {
        run_test(cobs_vectors[i].name, cobs_test, &cobs_vectors[i]);
    }
    for (size_t i = 0; i < cobs_refused_count; i++) {
        run_test(cobs_refused[i].name, cobs_refused_test, &cobs_refused[i]);
    }
    for (size_t i = 0; i < session_count; i++) {
        run_test(sessions[i].name, session_test, &sessions[i]);
    }
}
