#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <stdio.h>

/* TASK_COMM_LEN of prctl(2), PR_SET_NAME: 16 with the NUL. */
#define NAME_BYTES_MAX 16

void margay_name_thread(const char *name) {
    char shown[NAME_BYTES_MAX];
    snprintf(shown, sizeof shown, "%s", name);
    pthread_setname_np(pthread_self(), shown);
}
