#include "harness/base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

size_t address_read(const char *text, uint8_t out[ADDRESS_BYTES])
{
    memset(out, 0, ADDRESS_BYTES);
    if (inet_pton(AF_INET, text, out) == 1)
        return 4;
    return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

bool address_is(const char *text, const uint8_t *addr, size_t addr_len)
{
    uint8_t have[ADDRESS_BYTES];
    return addr_len > 0 && address_read(text, have) == addr_len &&
           memcmp(have, addr, addr_len) == 0;
}

socklen_t address_socket(const char *text, uint16_t port, struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    uint8_t addr[ADDRESS_BYTES];
    memset(out, 0, sizeof *out);
    switch (address_read(text, addr)) {
    case 4:
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        memcpy(&v4->sin_addr, addr, 4);
        return sizeof *v4;
    case 16:
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        memcpy(&v6->sin6_addr, addr, 16);
        return sizeof *v6;
    default:
        return 0;
    }
}
