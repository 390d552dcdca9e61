#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

static int64_t nanoseconds(struct statx_timestamp time) {
    return (int64_t)((uint64_t)time.tv_sec * 1000000000u + time.tv_nsec);
}

static int status_of(int directory, const char *path, int flags, struct margay_file_status *status) {
    struct statx found;
    if (statx(directory, path, flags, STATX_BASIC_STATS | STATX_BTIME, &found) != 0) return -errno;
    status->device = makedev(found.stx_dev_major, found.stx_dev_minor);
    status->inode = found.stx_ino;
    status->size = (int64_t)found.stx_size;
    status->birth_nanoseconds = (found.stx_mask & STATX_BTIME) ? nanoseconds(found.stx_btime) : 0;
    status->modified_nanoseconds = nanoseconds(found.stx_mtime);
    status->changed_nanoseconds = nanoseconds(found.stx_ctime);
    status->links = found.stx_nlink;
    status->mode = found.stx_mode;
    return 0;
}

int margay_status_of_path(const char *path, int follow, struct margay_file_status *status) {
    return status_of(AT_FDCWD, path, follow ? 0 : AT_SYMLINK_NOFOLLOW, status);
}

int margay_status_of_descriptor(int descriptor, struct margay_file_status *status) {
    return status_of(descriptor, "", AT_EMPTY_PATH, status);
}

int margay_eventfd(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

ptrdiff_t margay_last_index(const void *bytes, int byte, size_t length) {
    if (length == 0) return -1;
    const char *found = memrchr(bytes, byte, length);
    return found ? found - (const char *)bytes : -1;
}

size_t margay_nul_run(const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    size_t run = 0;
    while (run + sizeof(uint64_t) <= length) {
        uint64_t word;
        memcpy(&word, at + run, sizeof word);
        if (word != 0) break;
        run += sizeof word;
    }
    while (run < length && at[run] == 0) run++;
    return run;
}

int64_t margay_seek_data(int descriptor, int64_t offset) {
    off_t found = lseek(descriptor, offset, SEEK_DATA);
    return found < 0 ? -errno : found;
}

int64_t margay_seek_hole(int descriptor, int64_t offset) {
    off_t found = lseek(descriptor, offset, SEEK_HOLE);
    return found < 0 ? -errno : found;
}

int margay_open_for_reading(const char *path) {
    /* Non-blocking, so that a FIFO without a writer does not stop us; without effect on a regular file. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return descriptor < 0 ? -errno : descriptor;
}

void margay_error_text(int number, char *text, size_t length) {
    char storage[128];
    snprintf(text, length, "%s", strerror_r(number, storage, sizeof storage));
}

int margay_is_remote(const char *path) {
    struct statfs system;
    if (statfs(path, &system) != 0) return -errno;
    /* Numbers from statfs(2) and linux/magic.h. */
    switch ((uint32_t)system.f_type) {
    case 0x00006969: /* NFS */
    case 0x0000517B: /* SMB */
    case 0xFE534D42: /* SMB2 */
    case 0xFF534D42: /* CIFS */
    case 0x65735546: /* FUSE */
    case 0x01021997: /* 9P */
    case 0x00C36400: /* Ceph */
    case 0x5346414F: /* AFS */
    case 0x786F4256: /* VirtualBox shared folders */
        return 1;
    default:
        return 0;
    }
}

int margay_temporary_file(void) {
    /* Large files do not belong into /tmp, which is often memory (file-hierarchy(7)). */
    const char *directory = getenv("TMPDIR");
    if (directory == NULL || directory[0] != '/') directory = "/var/tmp";
    int descriptor = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0) return descriptor;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT) return -errno;
    char path[] = "/tmp/margay-XXXXXX";
    descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor < 0) return -errno;
    unlink(path);
    return descriptor;
}
