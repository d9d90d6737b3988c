/* One memory for all. */
#pragma once
#define PSTR(text) (text)
#define pgm_read_byte(address) (*(const unsigned char *)(address))
