#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* From the first byte to the end of any file, now and later. */
static struct flock whole(short type) {
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
}

int margay_lock(int descriptor) {
    struct flock lock = whole(F_WRLCK);
    if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return 1;
    return errno == EAGAIN || errno == EACCES ? 0 : -errno;
}

int margay_unlock(int descriptor) {
    struct flock lock = whole(F_UNLCK);
    return fcntl(descriptor, F_OFD_SETLK, &lock) == 0 ? 0 : -errno;
}

int margay_is_locked(int descriptor) {
    struct flock lock = whole(F_WRLCK);
    if (fcntl(descriptor, F_OFD_GETLK, &lock) != 0) return -errno;
    return lock.l_type != F_UNLCK;
}
