#define _GNU_SOURCE
#include "CLinux.h"

#include <wchar.h>

int margay_columns(uint32_t character) { return wcwidth((wchar_t)character); }
