#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* SO_MEMINFO and the place of the drops among its numbers; older headers lack both (linux/sock_diag.h). */
#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif
enum { MEMORY_NUMBERS = 9, MEMORY_DROPS = 8 };

/* A socket of `type` bound to a numeric address. */
static int bound(const char *host, int port, int type) {
    char service[8];
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = type,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *address = NULL;
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &address) != 0) return -EADDRNOTAVAIL;
    int one = 1;
    int descriptor = socket(address->ai_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int number = descriptor < 0 ? errno : 0;
    if (number == 0 && type == SOCK_STREAM) setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (number == 0 && bind(descriptor, address->ai_addr, address->ai_addrlen) != 0) number = errno;
    freeaddrinfo(address);
    if (number == 0) return descriptor;
    if (descriptor >= 0) close(descriptor);
    return -number;
}

/* The numeric address, an IPv4 one as such even at a socket of IPv6. */
static void name(const struct sockaddr_storage *address, socklen_t size, char *text, size_t length) {
    if (length == 0) return;
    if (getnameinfo((const struct sockaddr *)address, size, text, (socklen_t)length, NULL, 0, NI_NUMERICHOST) != 0) {
        text[0] = '\0';
    }
    static const char mapped[] = "::ffff:";
    if (strncmp(text, mapped, sizeof mapped - 1) == 0 && strchr(text, '.') != NULL) {
        memmove(text, text + sizeof mapped - 1, strlen(text) - sizeof mapped + 2);
    }
}

int margay_bind_datagrams(const char *host, int port, int room) {
    int descriptor = bound(host, port, SOCK_DGRAM);
    if (descriptor < 0) return descriptor;
    /* Beyond the limit of the system for those who may (CAP_NET_ADMIN). */
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0) {
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    }
    return descriptor;
}

int margay_listen(const char *host, int port, int backlog) {
    int descriptor = bound(host, port, SOCK_STREAM);
    if (descriptor < 0) return descriptor;
    if (listen(descriptor, backlog) == 0) return descriptor;
    int number = errno;
    close(descriptor);
    return -number;
}

int margay_local_port(int descriptor) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &size) != 0) return -errno;
    if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

ptrdiff_t margay_receive(int descriptor, void *bytes, size_t length, char *sender, size_t sender_length) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    ssize_t count;
    do {
        count = recvfrom(descriptor, bytes, length, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&address, &size);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
    name(&address, size, sender, sender_length);
    return count;
}

int margay_accept(int descriptor, char *sender, size_t sender_length) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    int taken;
    do {
        taken = accept4(descriptor, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (taken < 0 && errno == EINTR);
    if (taken < 0) return -errno;
    name(&address, size, sender, sender_length);
    return taken;
}

int64_t margay_dropped(int descriptor) {
    uint32_t numbers[MEMORY_NUMBERS];
    socklen_t size = sizeof numbers;
    if (getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, numbers, &size) != 0) return -errno;
    return size == sizeof numbers ? numbers[MEMORY_DROPS] : -ENOPROTOOPT;
}
