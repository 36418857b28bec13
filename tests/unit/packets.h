/* packets - frames made by hand, and a reader that notes what it is told about them.
 *
 * A net is one client and one server on a made-up clock: every frame is one microsecond later.
 */
#ifndef TESTS_PACKETS_H
#define TESTS_PACKETS_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/exchange/link.h"
#include "harness/exchange/sighting.h"

#define NET_BYTES 300000
#define NET_NOTES 64
#define NET_START_NS INT64_C(1795392000000000000)
#define CLIENT 0
#define SERVER 1

#define GET_1 "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
#define GET_2 "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
#define OK_5 "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define OK_3 "HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nbye"

struct note { /* of a sighting */
    bool answer, encrypted, has_envelope;
    uint32_t stream;
    uint64_t pair, first_frame, last_frame, body_bytes, message_bytes;
    int64_t first_ns, last_ns, syn_ns, syn_ack_ns, held_ns, resent_ns, canonical_bytes;
    int status, health, endpoint, binding;
    uint64_t digest;
    uint16_t client_port;
    char fault[100];
};

struct net {
    struct exchange_reader *reader;
    uint64_t frame;
    int64_t now_ns;
    uint32_t isn[2]; /* sequence number of the first byte of each side */
    uint16_t client_port, server_port;
    uint16_t window[2];
    struct note note[NET_NOTES];
    size_t n_note;
    struct connection_event event[NET_NOTES];
    size_t n_event;
    size_t n_mark;
    uint64_t tokens;
    uint8_t bytes[NET_BYTES];
};

/* ---- frames ---- */

__attribute__((unused)) static void put16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

__attribute__((unused)) static void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v & 0xFFFF);
}

/* An IPv4 packet from 10.0.0.1 or 10.0.0.2, by side. Returns its length. */
__attribute__((unused)) static size_t put_ipv4(uint8_t *p, int from, uint8_t proto, size_t payload)
{
    size_t total = 20 + payload;
    memset(p, 0, 20);
    p[0] = 0x45;
    put16(p + 2, total > 65535 ? 0 : (unsigned)total); /* 0: as offload leaves it */
    p[8] = 64;
    p[9] = proto;
    p[12] = p[16] = 10;
    p[15] = from == CLIENT ? 1 : 2;
    p[19] = from == CLIENT ? 2 : 1;
    return total;
}

__attribute__((unused)) static size_t put_tcp(uint8_t *p, uint16_t src, uint16_t dst, uint32_t seq,
                                              uint32_t ack, uint8_t flags, uint16_t window,
                                              const void *data, size_t len)
{
    memset(p, 0, 20);
    put16(p, src);
    put16(p + 2, dst);
    put32(p + 4, seq);
    put32(p + 8, ack);
    p[12] = 5 << 4;
    p[13] = flags;
    put16(p + 14, window);
    if (len > 0)
        memcpy(p + 20, data, len);
    return 20 + len;
}

__attribute__((unused)) static size_t put_ethernet(uint8_t *p, uint16_t type)
{
    memset(p, 0x02, 12);
    put16(p + 12, type);
    return 14;
}

/* ---- the reader ---- */

static uint64_t net_message(void *arg, const struct sighting *s)
{
    struct net *n = arg;
    assert(n->n_note < NET_NOTES);
    struct note *k = &n->note[n->n_note++];
    *k = (struct note){s->answer,
                       s->encrypted,
                       s->has_envelope,
                       s->stream,
                       s->pair,
                       s->first_frame,
                       s->last_frame,
                       s->body_bytes,
                       s->message_bytes,
                       s->first_ns,
                       s->last_ns,
                       s->syn_ns,
                       s->syn_ack_ns,
                       s->held_ns,
                       s->resent_ns,
                       s->canonical_bytes,
                       s->status,
                       (int)s->health,
                       s->endpoint,
                       s->binding,
                       s->content_digest,
                       s->client_port,
                       ""};
    if (s->fault != NULL)
        (void)snprintf(k->fault, sizeof k->fault, "%s", s->fault);
    return s->answer ? 0 : ++n->tokens;
}

static void net_event(void *arg, const struct connection_event *ev)
{
    struct net *n = arg;
    assert(n->n_event < NET_NOTES);
    n->event[n->n_event++] = *ev;
}

static void net_mark(void *arg, const struct mark *m, int64_t ts_ns, uint64_t frame)
{
    (void)m, (void)ts_ns, (void)frame;
    ((struct net *)arg)->n_mark++;
}

__attribute__((unused)) static struct net *net_new(const struct plan *plan)
{
    struct net *n = calloc(1, sizeof *n);
    assert(n != NULL);
    struct sighting_handlers handlers = {net_message, net_event, net_mark, n};
    struct err e = ERR_INIT;
    n->now_ns = NET_START_NS;
    n->isn[CLIENT] = 1000;
    n->isn[SERVER] = 50000;
    n->client_port = 40000;
    n->server_port = 80;
    n->window[0] = n->window[1] = 1000;
    if (exchange_reader_new(plan, &handlers, &n->reader, &e) != ERR_OK) {
        fprintf(stderr, "%s\n", e.text);
        abort();
    }
    return n;
}

__attribute__((unused)) static void net_free(struct net *n)
{
    exchange_reader_free(n->reader);
    free(n);
}

__attribute__((unused)) static void net_finish(struct net *n)
{
    struct err e = ERR_INIT;
    if (exchange_reader_finish(n->reader, &e) != ERR_OK)
        abort();
}

/* A frame of len bytes in n->bytes, of which have were captured; in an exact-size heap block. */
__attribute__((unused)) static void net_frame(struct net *n, uint32_t link, size_t have, size_t len)
{
    uint8_t *block = malloc(have == 0 ? 1 : have);
    assert(block != NULL);
    memcpy(block, n->bytes, have);
    struct frame f = {++n->frame, 0, link, n->now_ns += 1000, (uint32_t)have, (uint32_t)len, block};
    struct err e = ERR_INIT;
    if (exchange_reader_frame(n->reader, &f, &e) != ERR_OK)
        abort();
    free(block);
}

/* A segment: at and ack count from each side's first byte. cut: bytes missing at the frame's end.
 */
__attribute__((unused)) static void net_send_cut(struct net *n, int from, uint8_t flags,
                                                 uint32_t at, uint32_t ack, const void *data,
                                                 size_t len, size_t cut)
{
    uint8_t *p = n->bytes + put_ethernet(n->bytes, 0x0800);
    uint8_t *tcp = p + 20;
    size_t tcp_len = put_tcp(tcp, from == CLIENT ? n->client_port : n->server_port,
                             from == CLIENT ? n->server_port : n->client_port, n->isn[from] + at,
                             (flags & TCP_ACK) != 0 ? n->isn[!from] + ack : 0, flags,
                             n->window[from], data, len);
    size_t total = 14 + put_ipv4(p, from, 6, tcp_len);
    net_frame(n, 1, total - cut, total);
}

__attribute__((unused)) static void net_send(struct net *n, int from, uint8_t flags, uint32_t at,
                                             uint32_t ack, const char *text)
{
    net_send_cut(n, from, flags, at, ack, text, text == NULL ? 0 : strlen(text), 0);
}

/* Frames 1 to 3. */
__attribute__((unused)) static void net_handshake(struct net *n)
{
    net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL); /* one in front of the first byte */
    net_send(n, SERVER, TCP_SYN | TCP_ACK, UINT32_MAX, 0, NULL);
    net_send(n, CLIENT, TCP_ACK, 0, 0, NULL);
}

__attribute__((unused)) static void net_data(struct net *n, int from, uint32_t at, uint32_t ack,
                                             const char *text)
{
    net_send(n, from, TCP_ACK, at, ack, text);
}

#endif
