#include <string.h>
#include "../src/channels.h"
#include "../src/clock.h"
#include "../src/counters.h"
#include "../src/crc16.h"
#include "../src/link.h"
#include "host.h"
#include "tests.h"

#define BOOT_ID 7

/* Puts a frame on `line` by the simplest stuffing there is: a code byte before each zero. The
 * bodies here are far shorter than a block. */
static size_t frame(uint8_t *line, const uint8_t *payload, size_t length) {
    uint8_t whole[64];
    uint16_t crc = CRC16_START;
    memcpy(whole, payload, length);
    for (size_t i = 0; i < length; i++) {
        crc = crc16_update(crc, payload[i]);
    }
    whole[length] = (uint8_t)crc;
    whole[length + 1] = (uint8_t)(crc >> 8);
    size_t code_at = 0;
    size_t end = 1;
    for (size_t i = 0; i < length + 2; i++) {
        if (whole[i] == 0) {
            line[code_at] = (uint8_t)(end - code_at);
            code_at = end++;
        } else {
            line[end++] = whole[i];
        }
    }
    line[code_at] = (uint8_t)(end - code_at);
    line[end++] = 0;
    return end;
}

static size_t set_frame(uint8_t *line, uint8_t sequence, uint16_t permille) {
    uint8_t payload[22] = { 0x02, sequence, BOOT_ID, 0, 0, 0, 3 };
    for (int channel = 0; channel < 3; channel++) {
        uint8_t *entry = payload + 7 + channel * 5;
        entry[1] = (uint8_t)permille;
        entry[2] = (uint8_t)(permille >> 8);
        entry[3] = 100;
    }
    return frame(line, payload, sizeof payload);
}

static void start(void) {
    static const uint8_t delimiter = 0;
    host_start(BOOT_ID, 1);
    host_receive(&delimiter, 1);
}

static void lost_input(const void *argument) {
    (void)argument;
    uint8_t line[64];
    start();
    size_t length = set_frame(line, 1, 500);
    host_receive(line, 10);
    host_lose_input();
    host_receive(line + 10, length - 10);
    EXPECT(counters.overrun == 1);
    EXPECT(counters.cobs == 0);
    EXPECT(host_sent_length == 0);
    host_receive(line, length);
    EXPECT(compare16[0] == 160);
}

/* Whatever of it is missing: also when that is the ending zero alone. */
static void frame_without_end(const void *argument) {
    (void)argument;
    uint8_t line[64];
    uint32_t ms = 0;
    start();
    size_t length = set_frame(line, 1, 500);
    for (size_t cut = 1; cut < length; cut++) {
        host_receive(line, cut);
        host_run_until(ms += 49);
        EXPECT(counters.cobs == cut - 1);
        host_run_until(ms += 1);
        EXPECT(counters.cobs == cut);
        host_run_until(ms += 500);
        host_receive(line + cut, length - cut); /* the end of what was dropped means nothing */
        EXPECT(counters.cobs == cut);
    }
    EXPECT(counters.crc == 0);
    EXPECT(host_sent_length == 0);
    EXPECT(channels_read(0, clock_ms()).flags & 1);
    host_receive(line, length);
    EXPECT(compare16[0] == 160);
}

static void slow_frame(const void *argument) {
    (void)argument;
    uint8_t line[64];
    start();
    size_t length = set_frame(line, 1, 500);
    for (size_t at = 0; at < length; at++) {
        host_run_until(49 * (at + 1));
        host_receive(line + at, 1);
    }
    EXPECT(compare16[0] == 160);
    EXPECT(counters.cobs == 0);
}

/* Also when the main loop comes by so late that all of it is one piece of time. */
static void frame_without_end_and_a_long_pass(const void *argument) {
    (void)argument;
    uint8_t line[64];
    start();
    size_t length = set_frame(line, 1, 500);
    for (unsigned late_ms = 50; late_ms <= 255; late_ms++) {
        uint16_t before = counters.cobs;
        link_pass_time(49);
        host_receive(line, length - 1);
        link_pass_time(49);
        link_pass_time((uint8_t)late_ms);
        EXPECT(counters.cobs == before + 1);
        host_receive(line + length - 1, 1);
    }
    EXPECT(host_sent_length == 0);
}

static void slow_question(const void *argument) {
    (void)argument;
    start();
    host_receive((const uint8_t *)"?", 1);
    host_run_until(5000);
    host_receive((const uint8_t *)"\r", 1);
    EXPECT(host_sent_length > 40);
    EXPECT(counters.cobs == 0);
}

static void answer_between_lines_of_text(const void *argument) {
    (void)argument;
    uint8_t line[64];
    start();
    host_receive((const uint8_t *)"?\r", 2);
    size_t text_length = host_sent_length;
    EXPECT(text_length > 20 && host_sent[text_length - 1] == '\n');
    host_receive(line, set_frame(line, 1, 500));
    const uint8_t *answer = host_sent + text_length + 1;
    EXPECT(answer[-1] == 0);
    EXPECT(memchr(answer, 0, 100) == answer + 72);
    EXPECT(memcmp(answer + 73, "crc 0, ", 7) == 0);
}

static void hello_while_a_status_goes_out(const void *argument) {
    (void)argument;
    static const uint8_t first[] = { 0x01, 1, 1, 1 }, status[] = { 0x03, 2 };
    static const uint8_t second[] = { 0x01, 3, 1, 0 };
    uint8_t line[64];
    start();
    host_receive(line, frame(line, first, sizeof first));
    host_sent_length = 0;
    size_t length = frame(line, status, sizeof status);
    length += frame(line + length, second, sizeof second);
    host_receive(line, length);
    host_receive(NULL, 0);
    EXPECT(host_sent_length == 90 + 31);
    EXPECT(memchr(host_sent, 0, 200) == host_sent + 89);
}

static void no_room_for_a_reply(const void *argument) {
    (void)argument;
    uint8_t line[64];
    start();
    host_limit_room(19);
    for (uint8_t sequence = 0; sequence < 72; sequence++) {
        host_receive(line, set_frame(line, sequence, 500));
        EXPECT(host_sent_length == 0);
    }
    EXPECT(compare16[0] == 160);
    host_limit_room(255);
    host_receive(NULL, 0); /* the first answer, which was begun, and the last one */
    host_receive(NULL, 0);
    EXPECT(host_sent_length == 2 * 73);
    host_sent_length = 0;
    host_receive(line, set_frame(line, 72, 250));
    EXPECT(host_sent_length == 73);
    EXPECT(compare16[0] == 80);
}

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t limit) {
    random_state = random_state * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)random_state * limit) >> 32);
}

/* One bit in a thousand is flipped, so every fifth frame is damaged: whatever gets through,
 * no channel ever has a duty that nobody asked for. */
static void damaged_frames(const void *argument) {
    (void)argument;
    uint8_t line[64];
    unsigned acted = 0;
    start();
    for (unsigned i = 0; i < 1000000; i++) {
        uint16_t permille = (uint16_t)(random_below(250) * 4);
        size_t length = set_frame(line, (uint8_t)i, permille);
        for (size_t bit = 0; bit < length * 8; bit++) {
            if (random_below(1000) == 0) {
                line[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
        }
        host_sent_length = 0;
        uint16_t before = channels_read(0, clock_ms()).permille;
        host_receive(line, length);
        uint16_t after = channels_read(0, clock_ms()).permille;
        EXPECT(after == before || (after >= permille && after < permille + 4));
        acted += after != before;
    }
    EXPECT(acted > 500000);
    EXPECT(counters.crc + counters.cobs > 60000);
}

static void garbage(const void *argument) {
    (void)argument;
    uint8_t bytes[1000];
    start();
    for (unsigned i = 0; i < 1000; i++) {
        for (size_t at = 0; at < sizeof bytes; at++) {
            bytes[at] = (uint8_t)random_below(256);
        }
        host_receive(bytes, sizeof bytes);
    }
    EXPECT(channels_read(0, clock_ms()).flags & 1);
    EXPECT(DDR == 0);
    EXPECT(counters.cobs > 1000);
}

void link_tests(void) {
    run_test("a frame with a hole in it is dropped", lost_input, 0);
    run_test("a frame without an end is dropped after 50 ms", frame_without_end, 0);
    run_test("... also by a main loop that comes late", frame_without_end_and_a_long_pass, 0);
    run_test("a frame with pauses of less than 50 ms acts", slow_frame, 0);
    run_test("a question may be typed slowly", slow_question, 0);
    run_test("an answer between two lines of text is a frame of its own",
             answer_between_lines_of_text, 0);
    run_test("a status that goes out keeps its details when another host says hello",
             hello_while_a_status_goes_out, 0);
    run_test("an answer waits for room, and the command acts", no_room_for_a_reply, 0);
    run_test("damaged frames never set a duty nobody asked for", damaged_frames, 0);
    run_test("a million bytes of garbage do nothing", garbage, 0);
}
