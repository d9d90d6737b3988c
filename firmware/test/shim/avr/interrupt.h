/* An interrupt is a function that the test calls. */
#pragma once
#define ISR(vector) void vector(void)
