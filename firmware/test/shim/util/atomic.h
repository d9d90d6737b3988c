/* Nothing interrupts the test. */
#pragma once
#define ATOMIC_BLOCK(kind) if (1)
