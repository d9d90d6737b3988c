/* Floods the firmware's receiving side with right, nearly right and broken lines, on this machine:
 * `make fuzz FRAMES=10000000 SEED=1`. What it does is held together with a reference. A round is a
 * process: the sources keep their state in their files, as on the chip. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../src/board.h"
#include "../../src/channels.h"
#include "../../src/clock.h"
#include "../../src/config.h"
#include "../../src/counters.h"
#include "../../src/outgoing.h"
#include "../../src/store.h"
#include "../../src/usart.h"
#include "../host.h"
#include "hostile.h"
#include "judge.h"
#include "random.h"
#include "reference.h"

#define LEAST_ROUND 250 /* frames; up to 128 times as many */
#define BYTES_A_MS 25
#define LATEST_PASS_MS 250

uint32_t random_state;

/* What the rounds did, in memory that they share. */
struct figures {
    uint64_t frames, commands, acted, questions, simulated_ms;
    struct judged judged;
};
static struct figures *figures;

static uint8_t line[2 * HOSTILE_MAX];
static size_t line_length;
static uint32_t half_turn_ms; /* of the fan: so often its tachometer's level changes; 0 = never */

/* No round is long enough for the counters' end. */
static void start_counters(void) {
    uint16_t value = one_in(4) ? (uint16_t)(65535 - below(100)) : 0;
    counters = (struct counters){ value, value, value, value, value, value, value };
    reference.crc_errors = reference.cobs_errors = reference.overruns = value;
    reference.sequence_errors = reference.expired = value;
    reference.rejected = reference.repeated = value;
}

static void start_board(void) {
    uint8_t bytes[4 + CONFIG_SIZE + 2] = {
        0xA5, CONFIG_SIZE, (uint8_t)random_next(), one_in(2) ? 0xFF : 0x7F,
    };
    uint32_t kind = below(4); /* of EEPROM: erased, garbage, one copy or the other */
    host_start(BOOT_ID, (uint8_t)below(16));
    reference_start((const uint8_t *)&config);
    start_counters();
    host_slow_line = one_in(2);
    if (kind == 1) {
        host_eeprom[20] = 0;
    } else if (kind > 1) {
        for (int i = 0; i < 20; i++) {
            uint8_t size;
            uint8_t index = (uint8_t)below(BLOCKS);
            hostile_block(index, reference_block(index, &size));
        }
        memcpy(bytes + 4, reference.config, CONFIG_SIZE);
        uint16_t crc = reference_crc(bytes, sizeof bytes - 2);
        bytes[sizeof bytes - 2] = (uint8_t)crc;
        bytes[sizeof bytes - 1] = (uint8_t)(crc >> 8);
        memcpy(host_eeprom + (kind == 2 ? 16 : 272), bytes, sizeof bytes);
    }
    store_load();
    channels_start();
    judge_start(kind > 1 ? bytes + 4 : NULL, kind == 1);
}

/* The stages of the line, with nothing received. */
static void look_round(void) {
    host_receive(NULL, 0);
    bool idle = usart_send_room() == USART_SEND_ROOM && !outgoing_busy();
    judge_sent(idle);
    judge_state();
    judge_store();
}

static void receive(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        reference_receive(bytes[i]);
    }
    host_receive(bytes, length);
    judge_sent(false);
    judge_state();
    judge_store();
}

static void turn_fans(uint32_t elapsed_ms) {
    static uint32_t since_ms;
    for (uint32_t tick = 0; tick < 4 && (TIMSK0 & _BV(OCIE0A)); tick++) {
        TIMER0_COMPA_vect();
    }
    since_ms += elapsed_ms;
    if (half_turn_ms > 0 && since_ms >= half_turn_ms) {
        since_ms = 0;
        host_tach_levels ^= 0x70;
        tach_interrupt();
    }
}

static void pass_time(uint32_t ms) {
    while (ms > 0) {
        uint32_t late_ms = one_in(20) ? 1 + below(LATEST_PASS_MS) : 1;
        uint32_t elapsed_ms = late_ms < ms ? late_ms : ms;
        uint32_t now_ms = reference.now_ms + elapsed_ms;
        ms -= elapsed_ms;
        host_set_ticks(now_ms * CLOCK_TICKS_PER_MS);
        turn_fans(elapsed_ms);
        host_run_stages();
        host_send(elapsed_ms * BYTES_A_MS);
        reference_pass_time(now_ms);
        look_round();
    }
}

/* Mostly hardly any; sometimes so much that every TTL is over. */
static uint32_t some_ms(void) {
    switch (below(16)) {
    case 0:
        return below(201);
    case 1:
        return one_in(40) ? below(12000) : 45 + below(10);
    case 2:
    case 3:
    case 4:
        return 1 + below(5);
    default:
        return 0;
    }
}

static void change_surroundings(void) {
    half_turn_ms = below(12);
    host_thermistor = (enum thermistor)below(4);
    host_decicelsius = host_thermistor == THERMISTOR_OK ? (int16_t)(below(1700) - 400)
                                                        : TEMPERATURE_UNKNOWN;
    reference_unsettle();
}

static void send_line(void) {
    if (line_length == 0 || !one_in(12)) { /* else the very same once more */
        line_length = hostile_line(line);
        if (one_in(10)) { /* by a host that waits for no answer */
            line_length += hostile_line(line + line_length);
        }
    }
    size_t sent = 0;
    if (one_in(8)) {
        sent = below((uint32_t)line_length + 1);
        receive(line, sent);
        pass_time(some_ms());
    }
    if (one_in(200)) {
        host_lose_input();
        reference_lose_input();
    }
    receive(line + sent, line_length - sent);
    if (!one_in(8)) {
        look_round();
        look_round();
    }
}

static void say_failure(uint32_t seed, uint64_t frame) {
    printf("at %u ms, frame %llu, %s line:\n ", (unsigned)reference.now_ms,
           (unsigned long long)frame, host_slow_line ? "slow" : "fast");
    for (size_t i = 0; i < line_length; i++) {
        printf("%02x", line[i]);
    }
    printf("\nagain: make fuzz SEED=%u FRAMES=%llu\n", (unsigned)seed, (unsigned long long)frame);
}

static void run_round(uint32_t seed, uint64_t frames) {
    start_board();
    for (uint64_t frame = 1; frame <= frames; frame++) {
        if (one_in(100)) {
            change_surroundings();
        }
        send_line();
        pass_time(some_ms());
        if (frame == frames) {
            judge_reset();
        }
        if (host_failures > 0) {
            say_failure(seed, frame);
            return;
        }
    }
    figures->frames += frames;
    figures->commands += reference.commands;
    figures->acted += reference.acted;
    figures->questions += reference.questions;
    figures->simulated_ms += reference.now_ms;
    uint64_t *sum = (uint64_t *)&figures->judged;
    for (size_t i = 0; i < sizeof judged / sizeof *sum; i++) {
        sum[i] += ((const uint64_t *)&judged)[i];
    }
}

static void say_figures(double seconds) {
    printf("%llu frames, %.0f a second; %llu commands, %llu acted; %llu answers, %llu refusals; "
           "%llu telemetry, %llu questions, %llu lines of text, %llu saves; %.1f h simulated\n",
           (unsigned long long)figures->frames, (double)figures->frames / seconds,
           (unsigned long long)figures->commands, (unsigned long long)figures->acted,
           (unsigned long long)figures->judged.answers,
           (unsigned long long)figures->judged.refusals,
           (unsigned long long)figures->judged.telemetry,
           (unsigned long long)figures->questions,
           (unsigned long long)figures->judged.text_lines,
           (unsigned long long)figures->judged.saves, (double)figures->simulated_ms / 3.6e6);
}

int main(int count, char **arguments) {
    uint64_t frames = count > 1 ? strtoull(arguments[1], NULL, 10) : LEAST_ROUND;
    uint32_t seed = count > 2 ? (uint32_t)strtoul(arguments[2], NULL, 10) : (uint32_t)time(NULL);
    struct timespec from, to;
    figures = mmap(NULL, sizeof *figures, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                   -1, 0);
    if (figures == MAP_FAILED) {
        return EXIT_FAILURE;
    }
    hostile_start();
    clock_gettime(CLOCK_MONOTONIC, &from);
    printf("seed %u\n", (unsigned)seed);
    for (; frames > figures->frames; seed++) {
        random_state = seed * 2654435761u | 1;
        uint64_t left = frames - figures->frames;
        uint64_t round = (uint64_t)LEAST_ROUND << below(8);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            run_round(seed, round < left ? round : left);
            fflush(stdout);
            _exit(host_failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
        }
        int status = 0;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
            return EXIT_FAILURE;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    say_figures((double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
    return EXIT_SUCCESS;
}
