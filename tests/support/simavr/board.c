/* A fan board in Debian's simavr, behind a real pseudo terminal: the image that is flashed, its
 * serial line at the rate of the line, fans on its pins, in real time.
 *
 *   board PART IMAGE.hex
 *
 * It prints `port PATH`, then takes commands on its standard input, one a line:
 *
 *   observe           a line of JSON: the registers behind each channel, and the fan's true speed
 *   reset CAUSE       power, external, brownout or watchdog
 *   stall N, free N   blocks a rotor; lets it go
 *   unplug, plug      takes the terminal away; makes another one
 *
 * It ends when its standard input does. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <avr_extint.h>
#include <avr_ioport.h>
#include <avr_timer.h>
#include <avr_uart.h>
#include <sim_avr.h>
#include <sim_time.h>
#include <sim_hex.h>
#include "corrections.h"
#include "fan.h"
#include "parts.h"

#define SLICE_US 200        /* simulated at once, before the line is looked after */
#define FAN_STEP_US 50
#define BYTE_US 40          /* at 250 000 baud, with start and stop bit */
#define MOST_LATE_S 0.25    /* a process that was stopped for longer does not catch up */
#define QUEUE_BYTES 65536   /* a power of two */

struct queue {
    uint8_t bytes[QUEUE_BYTES];
    unsigned head, tail;
};

static const struct part *part;
static avr_t *avr;
static struct fan fans[MAX_CHANNELS];
static struct queue to_board, to_host;
static avr_irq_t *board_input;
static bool board_takes = true;
static avr_cycle_count_t fans_stepped; /* when they were last */
static int host = -1, terminal = -1;

static unsigned queued(const struct queue *queue) {
    return queue->head - queue->tail;
}

static void put(struct queue *queue, uint8_t byte) {
    if (queued(queue) < QUEUE_BYTES) {
        queue->bytes[queue->head++ % QUEUE_BYTES] = byte;
    }
}

static uint8_t take(struct queue *queue) {
    return queue->bytes[queue->tail++ % QUEUE_BYTES];
}

static unsigned reg16(uint16_t address, bool wide) {
    return avr->data[address] | (wide ? avr->data[address + 1] << 8 : 0);
}

/* How much of a period the fan's PWM wire is high, behind an open-drain FET: pin high pulls it
 * low, a released pin leaves it alone. */
static double duty_of(const struct channel *channel) {
    uint8_t mask = (uint8_t)(1 << channel->bit);
    if (!(avr->data[channel->ddr] & mask)) {
        return 1;
    }
    unsigned mode = avr->data[channel->control] >> channel->com & 3;
    if (mode < 2) {
        return avr->data[channel->ddr + 1] & mask ? 0 : 1;
    }
    unsigned top = reg16(channel->top, channel->wide);
    unsigned compare = reg16(channel->compare, channel->wide);
    /* A fast timer has one step more than its top, and is high for one more than it compares. */
    double high = channel->wide ? (double)compare / top : (compare + 1.0) / (top + 1);
    return mode == 3 ? high : 1 - high;
}

static avr_cycle_count_t step_fans(avr_t *chip, avr_cycle_count_t when, void *unused) {
    (void)unused;
    fans_stepped = when;
    for (size_t i = 0; i < part->channels; i++) {
        const struct channel *channel = &part->channel[i];
        bool has_edge = fan_step(&fans[i], duty_of(channel), FAN_STEP_US / 1e6);
        if (has_edge && channel->tach_port != 0) {
            uint32_t port = AVR_IOCTL_IOPORT_GETIRQ(channel->tach_port);
            avr_raise_irq(avr_io_getirq(chip, port, channel->tach_bit), fans[i].tach);
        }
    }
    return when + avr_usec_to_cycles(chip, FAN_STEP_US);
}

/* One byte at a time, at the rate of the line: the chip's own buffer has two. */
static avr_cycle_count_t step_line(avr_t *chip, avr_cycle_count_t when, void *unused) {
    (void)unused;
    if (queued(&to_board) > 0 && board_takes) {
        avr_raise_irq(board_input, take(&to_board));
    }
    return when + avr_usec_to_cycles(chip, BYTE_US);
}

static void board_sent(struct avr_irq_t *irq, uint32_t byte, void *unused) {
    (void)irq, (void)unused;
    put(&to_host, (uint8_t)byte);
}

static void board_listens(struct avr_irq_t *irq, uint32_t value, void *listens) {
    (void)irq, (void)value;
    board_takes = listens != NULL;
}

/* What a reset of the chip, also one by its own watchdog, or a write to a timer undoes. */
static void keep_settings(void) {
    if (avr->cycle >= fans_stepped + avr_usec_to_cycles(avr, 4 * FAN_STEP_US)) {
        fans_stepped = avr->cycle;
        avr_cycle_timer_register_usec(avr, FAN_STEP_US, step_fans, NULL);
        avr_cycle_timer_register_usec(avr, BYTE_US, step_line, NULL);
    }
    /* simavr looks at every low pin of an external interrupt in each cycle, enabled or not. */
    for (uint8_t i = 0; i < EXTINT_COUNT; i++) {
        avr_extint_set_strict_lvl_trig(avr, i, 0);
    }
    /* It also plays the PWM timers' compare matches, but makes no edges of them. Timer 0 is the
     * firmware's clock. */
    for (avr_io_t *io = avr->io_port; io != NULL; io = io->next) {
        avr_timer_t *timer = (avr_timer_t *)io;
        for (int i = 0; strcmp(io->kind, "timer") == 0 && i < AVR_TIMER_COMP_COUNT; i++) {
            timer->comp[i].comp_cycles = timer->name == '0' ? timer->comp[i].comp_cycles : 0;
        }
    }
}

static void connect_line(void) {
    uint32_t flags = 0;
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    uint32_t uart = AVR_IOCTL_UART_GETIRQ('0');
    board_input = avr_io_getirq(avr, uart, UART_IRQ_INPUT);
    avr_irq_register_notify(avr_io_getirq(avr, uart, UART_IRQ_OUTPUT), board_sent, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, uart, UART_IRQ_OUT_XON), board_listens, avr);
    avr_irq_register_notify(avr_io_getirq(avr, uart, UART_IRQ_OUT_XOFF), board_listens, NULL);
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* The terminal itself stays open here as well, so that a host may come and go. */
static void plug(void) {
    host = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (host < 0 || grantpt(host) < 0 || unlockpt(host) < 0) {
        die("pseudo terminal");
    }
    terminal = open(ptsname(host), O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios mode;
    if (terminal < 0 || tcgetattr(terminal, &mode) < 0) {
        die("pseudo terminal");
    }
    cfmakeraw(&mode);
    tcsetattr(terminal, TCSANOW, &mode);
    printf("port %s\n", ptsname(host));
}

static void unplug(void) {
    close(host);
    close(terminal);
    host = terminal = -1;
    to_board.tail = to_board.head;
    to_host.tail = to_host.head;
}

static void move_bytes(void) {
    uint8_t bytes[256];
    while (host >= 0 && queued(&to_board) < QUEUE_BYTES / 2) {
        ssize_t count = read(host, bytes, sizeof bytes);
        if (count <= 0) {
            break;
        }
        for (ssize_t i = 0; i < count; i++) {
            put(&to_board, bytes[i]);
        }
    }
    while (host >= 0 && queued(&to_host) > 0) {
        unsigned at = to_host.tail % QUEUE_BYTES;
        unsigned end = at + queued(&to_host) < QUEUE_BYTES ? at + queued(&to_host) : QUEUE_BYTES;
        ssize_t count = write(host, &to_host.bytes[at], end - at);
        if (count <= 0) {
            break;
        }
        to_host.tail += (unsigned)count;
    }
}

static void observe(void) {
    printf("{\"cycle\":%llu,\"channels\":[", (unsigned long long)avr->cycle);
    for (size_t i = 0; i < part->channels; i++) {
        const struct channel *channel = &part->channel[i];
        printf("%s{\"compare\":%u,\"top\":%u,\"connected\":%s,\"released\":%s,\"duty\":%.6f,"
               "\"rpm\":%.1f}",
               i > 0 ? "," : "", reg16(channel->compare, channel->wide),
               reg16(channel->top, channel->wide),
               (avr->data[channel->control] >> channel->com & 3) >= 2 ? "true" : "false",
               avr->data[channel->ddr] >> channel->bit & 1 ? "false" : "true", duty_of(channel),
               fans[i].rpm);
    }
    printf("]}\n");
}

static void reset(const char *cause) {
    static const char *const causes[] = { "power", "external", "brownout", "watchdog" };
    for (unsigned bit = 0; bit < 4; bit++) {
        if (strcmp(cause, causes[bit]) == 0) {
            avr_reset(avr);
            avr->data[part->mcusr] = (uint8_t)(1 << bit);
            to_board.tail = to_board.head;
            printf("reset %s\n", cause);
            return;
        }
    }
    printf("unknown cause %s\n", cause);
}

static void obey(const char *command) {
    char word[16] = "", rest[16] = "";
    sscanf(command, "%15s %15s", word, rest);
    struct fan *fan = &fans[atoi(rest) % MAX_CHANNELS];
    if (strcmp(word, "observe") == 0) {
        observe();
    } else if (strcmp(word, "reset") == 0) {
        reset(rest);
    } else if (strcmp(word, "stall") == 0 || strcmp(word, "free") == 0) {
        fan->stalled = word[0] == 's';
        printf("%s %s\n", word, rest);
    } else if (strcmp(word, "unplug") == 0) {
        unplug();
        printf("unplugged\n");
    } else if (strcmp(word, "plug") == 0) {
        plug();
    } else {
        printf("unknown command %s\n", word);
    }
}

/* Obeys what has come; ends with the standard input. */
static void read_commands(void) {
    static char line[64];
    static size_t length;
    char byte;
    for (;;) {
        ssize_t count = read(STDIN_FILENO, &byte, 1);
        if (count == 0) {
            exit(0);
        }
        if (count < 0) {
            return;
        }
        if (byte != '\n') {
            line[length++ % (sizeof line - 1)] = byte;
            continue;
        }
        line[length % sizeof line] = 0;
        length = 0;
        obey(line);
    }
}

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Sleeps until somebody has something to say, or simulated time is behind again. */
static void wait_for_work(void) {
    struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 }, { host, POLLIN, 0 } };
    struct timespec slice = { 0, SLICE_US * 1000L };
    ppoll(fds, 2, &slice, NULL);
}

static void run_instruction(void) {
    int state = run_corrected(avr);
    if (state == cpu_Done || state == cpu_Crashed) {
        printf("stopped\n");
        exit(1);
    }
}

static void run(void) {
    avr_cycle_count_t base = avr->cycle;
    double base_s = now_s();
    for (;;) {
        double elapsed_s = now_s() - base_s;
        double ahead_s = (double)(avr->cycle - base) / avr->frequency - elapsed_s;
        if (ahead_s < -MOST_LATE_S) {
            base_s -= ahead_s;
            continue;
        }
        keep_settings();
        avr_cycle_count_t end = avr->cycle + avr_usec_to_cycles(avr, SLICE_US);
        while (ahead_s <= 0 && avr->cycle < end) {
            run_instruction();
        }
        move_bytes();
        read_commands();
        if (ahead_s > 0) {
            wait_for_work();
        }
    }
}

/* Time passes in run(); the chip's sleep only moves its cycle counter on. */
static void sleep_not(avr_t *chip, avr_cycle_count_t cycles) {
    (void)chip, (void)cycles;
}

static void load(const char *image) {
    ihex_chunk_p chunks;
    int count = read_ihex_chunks(image, &chunks);
    if (count <= 0) {
        fprintf(stderr, "%s is no image\n", image);
        exit(1);
    }
    for (int i = 0; i < count; i++) {
        avr_loadcode(avr, chunks[i].data, chunks[i].size, chunks[i].baseaddr);
        avr->codeend = chunks[i].baseaddr + chunks[i].size - 1;
    }
}

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 3 && i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(parts[i].name, argv[1]) == 0) {
            part = &parts[i];
        }
    }
    if (part == NULL || (avr = avr_make_mcu_by_name(part->name)) == NULL) {
        fprintf(stderr, "usage: board atmega328p|atmega2560 IMAGE.hex\n");
        return 2;
    }
    avr_init(avr);
    avr->frequency = part->hz;
    avr->sleep = sleep_not;
    avr->log = LOG_ERROR;
    correct_chip(avr);
    load(argv[2]);
    reset("power");
    connect_line();
    avr_cycle_timer_register_usec(avr, FAN_STEP_US, step_fans, NULL);
    avr_cycle_timer_register_usec(avr, BYTE_US, step_line, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    plug();
    run();
}
