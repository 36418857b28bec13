#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/address.h"
#include "harness/base/clock.h"
#include "probes/http/speak.h"

#define HELD_NS NS_PER_S /* so long a process that ends may still hold its port */
#define AGAIN_MS 20

/* 0 or -1 and errno. */
static int bind_patiently(int s, const struct sockaddr *at, socklen_t len)
{
    int64_t until = clock_mono_ns() + HELD_NS;
    int rc;
    while ((rc = bind(s, at, len)) == -1 && errno == EADDRINUSE && clock_mono_ns() < until)
        (void)poll(NULL, 0, AGAIN_MS);
    return rc;
}

enum err_code http_listen(const char *address, uint16_t *port, int *fd, struct err *e)
{
    struct sockaddr_storage at;
    const int one = 1;
    socklen_t len = address_socket(address, *port, &at);
    if (len == 0)
        return err_set(e, ERR_USAGE, "\"%s\" is no numeric IPv4 or IPv6 address", address);
    int s = socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s == -1)
        return err_sys(e, errno, "socket to listen on %s:%u", address, *port);
    (void)setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    (void)setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (at.ss_family == AF_INET6)
        (void)setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (bind_patiently(s, (struct sockaddr *)&at, len) == -1 || listen(s, SOMAXCONN) == -1 ||
        getsockname(s, (struct sockaddr *)&at, &len) == -1) {
        int saved = errno;
        (void)close(s);
        return err_sys(e, saved, "cannot listen on %s:%u", address, *port);
    }
    *port = ntohs(at.ss_family == AF_INET ? ((struct sockaddr_in *)&at)->sin_port
                                          : ((struct sockaddr_in6 *)&at)->sin6_port);
    *fd = s;
    return ERR_OK;
}

uint32_t http_listen_dropped(int fd)
{
    uint32_t facts[SK_MEMINFO_VARS] = {0};
    socklen_t len = sizeof facts;
    if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, facts, &len) == -1 ||
        len <= SK_MEMINFO_DROPS * sizeof facts[0])
        return 0;
    return facts[SK_MEMINFO_DROPS];
}
