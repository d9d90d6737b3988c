/* Where simavr 1.6 does otherwise than the chip, and the firmware would notice. */
#pragma once
#include <stdint.h>
#include <string.h>
#include <avr_ioport.h>
#include <avr_timer.h>
#include <sim_avr.h>

#define PCIFR 0x3B
#define PCICR 0x68
#define PCMSK2 0x6D
#define PCINT2_VECTOR_2560 11

static void clear_if_written(avr_t *avr, avr_int_vector_t *interrupt, uint8_t written) {
    if (interrupt->raised.reg != 0 && written >> interrupt->raised.bit & 1) {
        avr_clear_interrupt(avr, interrupt);
    }
}

/* Only the flags that are written as ones. simavr clears all of the timer: an overflow that waits
 * for its interrupt is lost, and with it a millisecond of the firmware's clock. */
static void write_timer_flags(avr_t *avr, avr_io_addr_t address, uint8_t written, void *param) {
    (void)address;
    avr_timer_t *timer = param;
    clear_if_written(avr, &timer->overflow, written);
    clear_if_written(avr, &timer->icr, written);
    for (int i = 0; i < AVR_TIMER_COMP_COUNT; i++) {
        clear_if_written(avr, &timer->comp[i].interrupt, written);
    }
}

static void correct_timer(avr_t *avr, avr_timer_t *timer) {
    avr_io_addr_t flags = AVR_DATA_TO_IO(timer->overflow.raised.reg);
    avr->io[flags].w.c = write_timer_flags;
    avr->io[flags].w.param = timer;
}

/* simavr knows the ATmega2560's pin change interrupt of port B only; port K's is the same. */
static void correct_port(avr_t *avr, avr_ioport_t *port) {
    if (port->name == 'K' && port->r_pcint == 0) {
        port->r_pcint = PCMSK2;
        port->pcint.enable = (avr_regbit_t)AVR_IO_REGBIT(PCICR, 2);
        port->pcint.raised = (avr_regbit_t)AVR_IO_REGBIT(PCIFR, 2);
        port->pcint.vector = PCINT2_VECTOR_2560;
        avr_register_vector(avr, &port->pcint);
    }
}

/* Once, after avr_init(). */
static void correct_chip(avr_t *avr) {
    for (avr_io_t *io = avr->io_port; io != NULL; io = io->next) {
        if (strcmp(io->kind, "timer") == 0) {
            correct_timer(avr, (avr_timer_t *)io);
        } else if (strcmp(io->kind, "port") == 0) {
            correct_port(avr, (avr_ioport_t *)io);
        }
    }
}

/* Runs at least one instruction. simavr lets two pass after SEI before it serves an interrupt that
 * waits, where the chip lets one pass: `sei, sleep, cli` would never be interrupted. */
static int run_corrected(avr_t *avr) {
    int state = avr_run(avr);
    if (state == cpu_Running && avr->interrupt_state > 0) {
        avr_service_interrupts(avr);
    }
    return state;
}
