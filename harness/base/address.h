/* address - numeric IPv4 and IPv6 addresses, as bytes and as sockets want them.
 *
 * Names are never looked up.
 */
#ifndef HARNESS_ADDRESS_H
#define HARNESS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_BYTES 16

/* The address in network order, the rest of out zeroed; 4 or 16, or 0 when text is neither form. */
size_t address_read(const char *text, uint8_t out[ADDRESS_BYTES]);

/* Compared as numbers: "::1" and "0:0:0:0:0:0:0:1" are one. */
bool address_is(const char *text, const uint8_t *addr, size_t addr_len);

/* "fe80::1" or "127.0.0.1" and a port as a socket address. Its length, 0: neither form. */
socklen_t address_socket(const char *text, uint16_t port, struct sockaddr_storage *out);

#endif
