/* fand's fan board. The main loop runs every stage in turn and sleeps until something happens; at
 * the latest that is the clock's own tick. Start reading at docs/board_protocol.md. */
#include <avr/interrupt.h>
#include <avr/sleep.h>
#include "channels.h"
#include "clock.h"
#include "commands.h"
#include "event.h"
#include "link.h"
#include "outgoing.h"
#include "pwm.h"
#include "reset.h"
#include "store.h"
#include "tach.h"
#include "telemetry.h"
#include "terminal.h"
#include "thermistor.h"
#include "usart.h"
#include "watchdog.h"

static void start(void) {
    watchdog_start();
    store_load();
    channels_start();
    reset_identify();
    clock_start();
    tach_start();
    thermistor_start();
    usart_start();
    link_start();
    set_sleep_mode(SLEEP_MODE_IDLE); /* the timers, the line and the pin changes go on */
    sei();
}

/* The stages that live by the clock prove nothing while it stands still: they are called only when
 * it has moved, and the watchdog goes hungry when it does not. */
static void run_timed_stages(uint8_t elapsed_ms) {
    link_pass_time(elapsed_ms);
    channels_expire(clock_ms());
    channels_run(elapsed_ms);
    watchdog_stage_ran(STAGE_CONTROL);
    link_poll(); /* a command waits for no more than one stage */
    tach_poll(elapsed_ms);
    watchdog_stage_ran(STAGE_TACH);
    link_poll();
    if (pwm_round_holds()) {
        watchdog_stage_ran(STAGE_OUTPUT);
    }
    thermistor_poll(elapsed_ms);
    telemetry_pass_time(elapsed_ms);
}

/* Interrupts that leave nothing to do out here do not end the sleep. */
static void sleep_until_event(void) {
    sleep_enable();
    cli();
    if (!usart_has_input()) {
        while (!event_noted()) {
            sei(); /* takes effect after the next instruction: no event slips in between */
            sleep_cpu();
            cli();
        }
    }
    event_forget();
    sei();
    sleep_disable();
}

int main(void) {
    start();
    for (;;) {
        uint8_t elapsed_ms = clock_poll();
        terminal_poll();
        store_poll();
        link_poll();
        commands_poll();
        watchdog_stage_ran(STAGE_RECEIVE);
        if (elapsed_ms > 0) {
            run_timed_stages(elapsed_ms);
        }
        outgoing_poll();
        sleep_until_event();
    }
}
