/* Consistent overhead byte stuffing, both ways, a byte at a time. Pure.
 * A frame on the line holds no zero; one zero ends it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum cobs_event {
    COBS_MORE,  /* the frame goes on, or an empty one ended */
    COBS_FRAME, /* a frame ended: `length` bytes are in `bytes` */
    COBS_BAD,   /* a frame ended that is cut short or longer than `size` */
};

struct cobs_decoder {
    uint8_t *bytes;
    uint8_t size;
    uint8_t length;
    uint8_t left;     /* data bytes until the next code byte */
    bool started;     /* a code byte was read in this frame */
    bool zero_behind; /* the block under way stands for a zero behind it */
    bool bad;         /* skip to the end of this frame */
};

void cobs_decoder_reset(struct cobs_decoder *decoder);
enum cobs_event cobs_decode(struct cobs_decoder *decoder, uint8_t byte);

/* Drops everything up to and including the next delimiter: bytes are known to be missing. */
void cobs_skip(struct cobs_decoder *decoder);

/* Writes into a ring of exactly 256 bytes, so that a byte-wide index wraps by itself. */
struct cobs_encoder {
    uint8_t *ring;
    uint8_t head;    /* where the next byte goes */
    uint8_t code_at; /* where the code byte of the block under way will go */
    uint8_t code;
};

#define COBS_LONGEST_CODE 0xFF /* 254 data bytes and no zero behind them */

static inline void cobs_open_block(struct cobs_encoder *encoder) {
    encoder->code_at = encoder->head++;
    encoder->code = 1;
}

/* In line, because it runs for every byte that is sent. */
static inline void cobs_put(struct cobs_encoder *encoder, uint8_t byte) {
    if (encoder->code == COBS_LONGEST_CODE) {
        encoder->ring[encoder->code_at] = COBS_LONGEST_CODE;
        cobs_open_block(encoder);
    }
    if (byte == 0) {
        encoder->ring[encoder->code_at] = encoder->code;
        cobs_open_block(encoder);
    } else {
        encoder->code++;
        encoder->ring[encoder->head++] = byte;
    }
}

void cobs_begin(struct cobs_encoder *encoder, uint8_t *ring, uint8_t head);
/* Ends the frame with its delimiter; `head` then stands behind it. */
void cobs_end(struct cobs_encoder *encoder);
