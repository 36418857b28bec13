/* What the kernel drops before our listeners see it is counted. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/http/speak.h"
#include "tests/tap.h"

#define CLIENTS 8

int main(void)
{
    struct err e = ERR_INIT;
    uint16_t port = 0;
    int fd = -1, client[CLIENTS];
    is_int(http_listen("127.0.0.1", &port, &fd, &e), ERR_OK, "a listener on a free port");
    ok(port != 0, "whose number is told");
    is_int(http_listen_dropped(fd), 0, "has dropped nothing yet");
    is_int(listen(fd, 0), 0, "with room for nobody in its queue");
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < CLIENTS; i++) {
        client[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(client[i], (struct sockaddr *)&to, sizeof to);
    }
    for (int i = 0; i < 500 && http_listen_dropped(fd) == 0; i++)
        (void)poll(NULL, 0, 10);
    ok(http_listen_dropped(fd) > 0, "what comes all the same is dropped and counted");
    for (int i = 0; i < CLIENTS; i++)
        (void)close(client[i]);
    (void)close(fd);
    is_int(http_listen("127.0.0.1", &port, &fd, &e), ERR_OK, "the port is free again");
    int second = -1;
    is_int(http_listen("127.0.0.1", &port, &second, &e), ERR_SYS, "a port in use is refused");
    ok(strstr(e.text, "127.0.0.1") != NULL, "by address and port: %s", e.text);
    (void)close(fd);
    return done_testing();
}
