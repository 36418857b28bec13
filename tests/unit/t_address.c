/* Numeric addresses: both families, compared as numbers, and nothing that would be a name. */
#include "harness/base/address.h"

#include <netinet/in.h>

#include "tests/tap.h"

int main(void)
{
    uint8_t a[ADDRESS_BYTES];
    static const uint8_t v4[4] = {192, 0, 2, 1};
    ok(address_read("192.0.2.1", a) == 4 && memcmp(a, v4, 4) == 0 && a[4] == 0 && a[15] == 0,
       "an IPv4 address is four bytes, the rest is zero");
    ok(address_read("2001:db8::1", a) == 16 && a[0] == 0x20 && a[15] == 1,
       "an IPv6 address is sixteen");
    static const char *const bad[] = {"",    "localhost", "192.0.2",   "192.0.2.256",
                                      "::g", "[::1]",     "1.2.3.4:80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(address_read(bad[i], a) == 0, "\"%s\" is no numeric address", bad[i]);
    size_t len = address_read("::1", a);
    ok(address_is("0:0:0:0:0:0:0:1", a, len), "two ways to write one address are equal");
    ok(!address_is("::2", a, len) && !address_is("0.0.0.1", a, len), "others are not");

    struct sockaddr_storage at;
    ok(address_socket("127.0.0.1", 80, &at) == sizeof(struct sockaddr_in) &&
           at.ss_family == AF_INET && ((struct sockaddr_in *)&at)->sin_port == htons(80) &&
           ((struct sockaddr_in *)&at)->sin_addr.s_addr == htonl(INADDR_LOOPBACK),
       "an IPv4 socket address holds family, port and address");
    ok(address_socket("::1", 8080, &at) == sizeof(struct sockaddr_in6) &&
           at.ss_family == AF_INET6 && ((struct sockaddr_in6 *)&at)->sin6_port == htons(8080) &&
           IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)&at)->sin6_addr),
       "so does an IPv6 one");
    is_int(address_socket("nowhere", 80, &at), 0, "a name gives none");
    return done_testing();
}
