#include "cobs.h"

void cobs_decoder_reset(struct cobs_decoder *decoder) {
    decoder->length = 0;
    decoder->left = 0;
    decoder->started = false;
    decoder->zero_behind = false;
    decoder->bad = false;
}

void cobs_skip(struct cobs_decoder *decoder) {
    cobs_decoder_reset(decoder);
    decoder->bad = true;
}

static void store(struct cobs_decoder *decoder, uint8_t byte) {
    if (decoder->length == decoder->size) {
        decoder->bad = true;
    } else {
        decoder->bytes[decoder->length++] = byte;
    }
}

static enum cobs_event end_of_frame(struct cobs_decoder *decoder) {
    bool began = decoder->started;
    bool whole = !decoder->bad && decoder->left == 0;
    uint8_t length = decoder->length;
    cobs_decoder_reset(decoder);
    if (!began) {
        return COBS_MORE;
    }
    decoder->length = length;
    return whole ? COBS_FRAME : COBS_BAD;
}

enum cobs_event cobs_decode(struct cobs_decoder *decoder, uint8_t byte) {
    if (byte == 0) {
        return end_of_frame(decoder);
    }
    if (decoder->bad) {
        return COBS_MORE;
    }
    if (decoder->left > 0) {
        decoder->left--;
        store(decoder, byte);
        return COBS_MORE;
    }
    if (!decoder->started) {
        decoder->length = 0;
        decoder->started = true;
    } else if (decoder->zero_behind) {
        store(decoder, 0);
    }
    decoder->left = (uint8_t)(byte - 1);
    decoder->zero_behind = byte != COBS_LONGEST_CODE;
    return COBS_MORE;
}

void cobs_begin(struct cobs_encoder *encoder, uint8_t *ring, uint8_t head) {
    encoder->ring = ring;
    encoder->head = head;
    cobs_open_block(encoder);
}

void cobs_end(struct cobs_encoder *encoder) {
    encoder->ring[encoder->code_at] = encoder->code;
    encoder->ring[encoder->head++] = 0;
}
