#include "CLinux.h"
#include <malloc.h>

void margay_keep_small(void) {
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 1);
    /* Setting either keeps both from growing with what is freed (mallopt(3)). */
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    mallopt(M_TRIM_THRESHOLD, 128 * 1024);
#endif
}
