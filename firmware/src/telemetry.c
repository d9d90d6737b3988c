#include "telemetry.h"
#include "outgoing.h"
#include "protocol.h"
#include "usart.h"

static uint16_t interval_ms;
static uint16_t due_ms;
static uint16_t silent_ms;
static uint8_t sequence;

void telemetry_set(uint16_t new_interval_ms) {
    interval_ms = new_interval_ms;
    due_ms = new_interval_ms;
}

void telemetry_host_heard(void) {
    silent_ms = 0;
}

void telemetry_pass_time(uint8_t elapsed_ms) {
    if (interval_ms == 0) {
        return;
    }
    silent_ms += elapsed_ms;
    if (silent_ms > PROTOCOL_MAX_TTL_MS) {
        telemetry_set(0);
        return;
    }
    if (due_ms > elapsed_ms) {
        due_ms -= elapsed_ms;
        return;
    }
    due_ms = 1; /* until the line is free, which an answer has before it */
    if (!outgoing_busy() && usart_send_room() == USART_SEND_ROOM) {
        struct outgoing status = { MESSAGE_TELEMETRY, sequence++, BODY_STATUS, 0, 0 };
        due_ms = interval_ms;
        outgoing_begin(&status);
    }
}
