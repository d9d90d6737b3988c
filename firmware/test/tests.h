#pragma once

/* Runs one test on a board of its own and says so when it fails. */
void run_test(const char *name, void (*test)(const void *), const void *argument);

void vector_tests(void);
void duty_tests(void);
void pwm_tests(void);
void tach_tests(void);
void clock_tests(void);
void link_tests(void);
void store_tests(void);
void config_tests(void);
void pure_tests(void);
