/* The firmware's parts without hardware, run on this machine. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host.h"
#include "tests.h"

static unsigned passed;
static unsigned failed;

/* A process a test: each gets a board that was never used. */
void run_test(const char *name, void (*test)(const void *), const void *argument) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        test(argument);
        fflush(stdout);
        _exit(host_failures == 0 ? 0 : 1);
    }
    int status = 0;
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0) {
        passed++;
    } else {
        failed++;
        printf("FAILED: %s\n", name);
    }
}

int main(void) {
    vector_tests();
    duty_tests();
    pwm_tests();
    tach_tests();
    clock_tests();
    link_tests();
    config_tests();
    pure_tests();
    store_tests();
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
