#include "link.h"
#include "cobs.h"
#include "commands.h"
#include "counters.h"
#include "crc16.h"
#include "protocol.h"
#include "terminal.h"
#include "usart.h"

#define HEADER 2 /* type, sequence */
#define CRC 2
/* Bytes taken in one pass of the main loop: a flood may not keep the other stages waiting. */
#define BYTES_A_PASS 64
/* A frame whose bytes stop for so long has no sender any more: what one write sends has no holes.
 * One that waited longer would act when its time limit no longer means what its sender meant. */
#define SILENCE_MS 50

struct counters counters;

static uint8_t frame[PROTOCOL_MAX_PAYLOAD];
static struct cobs_decoder decoder = { .bytes = frame, .size = sizeof frame };
static uint16_t frame_crc; /* over the first `crc_length` bytes of the frame */
static uint8_t crc_length;
static uint8_t silent_ms;

static struct cobs_encoder encoder;
static uint16_t reply_crc;

void link_start(void) {
    /* The host may be in the middle of a frame; its end is not the end of one of ours. */
    cobs_skip(&decoder);
}

/* While the frame still comes in, so that nothing is left to do for it at its end. */
static void update_crc(void) {
    if (decoder.length == 0) { /* so it is after a frame's first code byte */
        frame_crc = CRC16_START;
        crc_length = 0;
    }
    while (crc_length < decoder.length) {
        frame_crc = crc16_update(frame_crc, frame[crc_length++]);
    }
}

static void frame_received(void) {
    uint8_t length = decoder.length;
    if (length < HEADER + CRC) {
        count(&counters.cobs);
        return;
    }
    if (frame_crc != 0) {
        count(&counters.crc);
        return;
    }
    struct command command = {
        .type = frame[0],
        .sequence = frame[1],
        .crc = (uint16_t)(frame[length - 2] | frame[length - 1] << 8),
        .body = { .bytes = frame + HEADER, .length = (uint8_t)(length - HEADER - CRC) },
    };
    command_received(&command);
}

void link_take_input(void) {
    if (usart_lost_input()) {
        count(&counters.overrun);
        cobs_skip(&decoder);
    }
    uint8_t byte;
    for (uint8_t taken = 0; taken < BYTES_A_PASS && usart_read(&byte); taken++) {
        silent_ms = 0;
        if (terminal_takes(byte)) {
            cobs_decoder_reset(&decoder);
            continue;
        }
        enum cobs_event event = cobs_decode(&decoder, byte);
        if (event == COBS_BAD) {
            count(&counters.cobs);
        } else if (event == COBS_FRAME) {
            frame_received();
            return;
        }
        update_crc();
    }
}

void link_pass_time(uint8_t elapsed_ms) {
    if (elapsed_ms < (uint8_t)(SILENCE_MS - silent_ms)) {
        silent_ms += elapsed_ms;
        return;
    }
    silent_ms = 0;
    if (decoder.started && !terminal_is_asked()) {
        count(&counters.cobs);
        cobs_skip(&decoder);
    }
}

void reply_begin(uint8_t type, uint8_t sequence) {
    reply_crc = CRC16_START;
    uint8_t head = usart_send_head();
    if (terminal_is_printing()) {
        usart_send_ring()[head++] = 0; /* a line of text is no part of the frame */
    }
    cobs_begin(&encoder, usart_send_ring(), head);
    reply_put8(type);
    reply_put8(sequence);
}

uint8_t reply_room(void) {
    return usart_send_room() - (uint8_t)(encoder.head - usart_send_head());
}

void reply_put8(uint8_t value) {
    reply_crc = crc16_update(reply_crc, value);
    cobs_put(&encoder, value);
}

void reply_put16(uint16_t value) {
    reply_put8((uint8_t)value);
    reply_put8((uint8_t)(value >> 8));
}

void reply_put32(uint32_t value) {
    reply_put16((uint16_t)value);
    reply_put16((uint16_t)(value >> 16));
}

void reply_release(void) {
    usart_send_up_to(encoder.code_at); /* what is behind it may still change */
}

void reply_end(void) {
    reply_put16(reply_crc);
    cobs_end(&encoder);
    usart_send_up_to(encoder.head);
}
