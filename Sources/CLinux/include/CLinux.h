#ifndef MARGAY_CLINUX_H
#define MARGAY_CLINUX_H
/*
 * What Swift's Glibc module lacks. _GNU_SOURCE is defined in linux.c alone: in a header that Swift imports
 * it changes the layout of system types between modules.
 */
#include <stddef.h>
#include <stdint.h>

/* What statx(2) says of a file, in the units it is compared in. */
struct margay_file_status {
    uint64_t device;
    uint64_t inode;
    int64_t size;
    int64_t birth_nanoseconds;  /* since 1970; 0 where the file system does not tell */
    int64_t modified_nanoseconds;
    int64_t changed_nanoseconds;
    uint64_t links;
    uint32_t mode;              /* type and permissions, as in stat(2) */
};

/* Status of a path, or of the link itself when follow is 0. 0, or the error number negated. */
int margay_status_of_path(const char *path, int follow, struct margay_file_status *status);

/* Status of an open file. 0, or the error number negated. */
int margay_status_of_descriptor(int descriptor, struct margay_file_status *status);

/* eventfd(2), non-blocking, closed on exec. A descriptor, or the error number negated. */
int margay_eventfd(void);

/* Offset of the last `byte` among the first `length` bytes, or -1. */
ptrdiff_t margay_last_index(const void *bytes, int byte, size_t length);

/* How many of the bytes are `byte`. */
size_t margay_count(const void *bytes, int byte, size_t length);

/* The first place of `text`, which is short, in `bytes`, or NULL: as memmem(3). */
const void *margay_find(const void *bytes, size_t length, const void *text, size_t text_length);

/* Offset of the first byte that is not NUL, or `length`. */
size_t margay_nul_run(const void *bytes, size_t length);

/* Writes the text of a JSON string (RFC 8259, section 7) to `text`. `json` is what follows the opening quote.
 * Returns the bytes taken, the closing quote among them, and the bytes made; 0 where the string does not end within
 * `length` or has an escape that JSON does not know. `text` has room for `length` + 16 bytes; what lies behind those
 * made is undefined. Other bytes are passed on as they are, valid UTF-8 or not. */
size_t margay_json_string(const void *json, size_t length, void *text, size_t *made);

/* First byte at or after `offset` that lies in data, not in a hole (lseek(2), SEEK_DATA); -ENXIO past the last. */
int64_t margay_seek_data(int descriptor, int64_t offset);

/* First hole at or after `offset`; the end of the file counts as one. Or the error number negated. */
int64_t margay_seek_hole(int descriptor, int64_t offset);

/* open(2) for reading: never waits for the writer of a FIFO, never takes a terminal, closed on exec.
 * A descriptor, or the error number negated. */
int margay_open_for_reading(const char *path);

/* What strerror(3) says of an error number, cut to `length` bytes with the final NUL. Safe on every thread. */
void margay_error_text(int number, char *text, size_t length);

/* An empty file without a name, for reading and writing, gone when it is closed. A descriptor, or the error number
 * negated. */
int margay_temporary_file(void);

/* Whether a directory lies on a file system whose changes inotify does not see (network, FUSE). 1, 0, or the error
 * number negated. */
int margay_is_remote(const char *path);

/* Columns of a terminal that a character takes: wcwidth(3); -1 for one that is not printed. */
int margay_columns(uint32_t character);

/* Names the calling thread as ps and top show it; what goes beyond 15 bytes is cut. */
void margay_name_thread(const char *name);

/* Starts a program, looked for in PATH, with nothing to read, writing to the two descriptors and holding no other one.
 * `arguments` ends in NULL. It is killed when the calling thread ends, however that ends (prctl(2), PR_SET_PDEATHSIG).
 * Its process number, for margay_end_process; or the error number negated, also when there is no such program. */
int margay_spawn(char *const arguments[], int output, int errors);

/* It did not end by itself. */
#define MARGAY_WAS_RUNNING 256

/* Kills a program and what it has started, waits for its end and forgets it. The status with which it had ended, 128
 * more than the signal that had ended it, MARGAY_WAS_RUNNING, or the error number negated. */
int margay_end_process(int process);

/* Makes malloc(3) give back what is freed instead of keeping it for each thread and for large blocks: for programs that
 * run for long beside others. Before the first thread is started. 10,000 followed files: 67 MB resident before, 49 MB. */
void margay_keep_small(void);

/* Binds a socket for datagrams (UDP) to a numeric address, non-blocking, closed on exec, with room in the kernel for
 * `room` bytes as far as this process may ask for it. A descriptor, or the error number negated. */
int margay_bind_datagrams(const char *host, int port, int room);

/* Listens for connections (TCP) at a numeric address, non-blocking, closed on exec. A descriptor, or the error number
 * negated. */
int margay_listen(const char *host, int port, int backlog);

/* The port that a socket is bound to, or the error number negated. */
int margay_local_port(int descriptor);

/* Takes one datagram of at most `length` bytes; what it has beyond them is dropped. `sender` is given the numeric address
 * it came from, cut to `sender_length` bytes with the final NUL. Bytes that it had, or the error number negated. */
ptrdiff_t margay_receive(int descriptor, void *bytes, size_t length, char *sender, size_t sender_length);

/* Takes a connection, non-blocking, closed on exec; `sender` as above. A descriptor, or the error number negated. */
int margay_accept(int descriptor, char *sender, size_t sender_length);

/* Datagrams that the kernel has dropped at a socket since it was made, for want of room: a number of 32 bits that starts
 * again at 0 (SK_MEMINFO_DROPS; Linux 4.12). Or the error number negated. */
int64_t margay_dropped(int descriptor);

/* Locks a file that is open for writing, against every other descriptor that was opened apart from this one, in any
 * process: an open file description lock (fcntl(2), F_OFD_SETLK). It is gone when the descriptor and all its copies are
 * closed. 1; 0 where somebody else has it; or the error number negated. */
int margay_lock(int descriptor);

/* Lets the lock go, whoever has copies of the descriptor. 0, or the error number negated. */
int margay_unlock(int descriptor);

/* Whether somebody else has locked the file, without touching the lock. 1, 0, or the error number negated. */
int margay_is_locked(int descriptor);

#endif
