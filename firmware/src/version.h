/* The firmware's own version; the protocol has its own in protocol.h. */
#pragma once

#define VERSION_MAJOR 0
#define VERSION_MINOR 1
#define VERSION_PATCH 0
