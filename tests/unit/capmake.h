/* capmake - makes capture bytes in either byte order, apart from the writer under test. */
#ifndef TESTS_CAPMAKE_H
#define TESTS_CAPMAKE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct capmake {
    uint8_t data[8192];
    size_t len;
    bool big;        /* byte order of what is put */
    size_t block_at; /* of the block in the making */
};

static inline void put(struct capmake *m, uint64_t v, size_t n)
{
    assert(m->len + n <= sizeof m->data);
    for (size_t i = 0; i < n; i++)
        m->data[m->len++] = (uint8_t)(v >> 8 * (m->big ? n - 1 - i : i));
}

static inline void put_bytes(struct capmake *m, const void *p, size_t n)
{
    assert(m->len + n <= sizeof m->data);
    memcpy(m->data + m->len, p, n);
    m->len += n;
}

static inline void pad(struct capmake *m)
{
    while ((m->len - m->block_at) % 4 != 0)
        put(m, 0, 1);
}

static inline void pcap_header(struct capmake *m, uint32_t magic, uint32_t link_type)
{
    put(m, magic, 4);
    put(m, 2, 2);
    put(m, 4, 2);
    put(m, 0, 8);
    put(m, 65535, 4);
    put(m, link_type, 4);
}

static inline void pcap_packet(struct capmake *m, uint32_t s, uint32_t fraction, uint32_t wire,
                               const char *bytes)
{
    put(m, s, 4);
    put(m, fraction, 4);
    put(m, strlen(bytes), 4);
    put(m, wire, 4);
    put_bytes(m, bytes, strlen(bytes));
}

static inline void block(struct capmake *m, uint32_t type)
{
    m->block_at = m->len;
    put(m, type, 4);
    put(m, 0, 4);
}

static inline void block_end(struct capmake *m)
{
    pad(m);
    uint32_t total = (uint32_t)(m->len - m->block_at + 4);
    put(m, total, 4);
    size_t end = m->len;
    m->len = m->block_at + 4;
    put(m, total, 4);
    m->len = end;
}

static inline void option(struct capmake *m, uint16_t code, const void *p, size_t n)
{
    put(m, code, 2);
    put(m, n, 2);
    put_bytes(m, p, n);
    pad(m);
}

static inline void option_u64(struct capmake *m, uint16_t code, uint64_t v)
{
    put(m, code, 2);
    put(m, 8, 2);
    put(m, v, 8);
}

static inline void section(struct capmake *m, bool big)
{
    m->big = big;
    block(m, 0x0a0d0d0a);
    put(m, 0x1a2b3c4d, 4);
    put(m, 1, 2);
    put(m, 0, 2);
    put(m, UINT64_MAX, 8);
    option(m, 4, "capmake", 7);
    put(m, 0, 4);
    block_end(m);
}

/* resolution as its option byte; -1: the option is left out, as is an offset of 0. */
static inline void interface(struct capmake *m, uint16_t link_type, uint32_t snap, int resolution,
                             int64_t offset_s, const char *name)
{
    block(m, 1);
    put(m, link_type, 2);
    put(m, 0, 2);
    put(m, snap, 4);
    option(m, 2, name, strlen(name));
    uint8_t r = (uint8_t)resolution;
    if (resolution >= 0)
        option(m, 9, &r, 1);
    option(m, 11, "\0tcp port 80", 12);
    if (offset_s != 0)
        option_u64(m, 14, (uint64_t)offset_s);
    put(m, 0, 4);
    block_end(m);
}

/* drops 0: without options. */
static inline void packet(struct capmake *m, uint32_t interface_id, uint64_t ticks, uint32_t wire,
                          const char *bytes, uint64_t drops)
{
    block(m, 6);
    put(m, interface_id, 4);
    put(m, ticks >> 32, 4);
    put(m, ticks & UINT32_MAX, 4);
    put(m, strlen(bytes), 4);
    put(m, wire, 4);
    put_bytes(m, bytes, strlen(bytes));
    pad(m);
    if (drops > 0) {
        option(m, 1, "hello", 5);
        option_u64(m, 4, drops);
        put(m, 0, 4);
    }
    block_end(m);
}

static inline void statistics(struct capmake *m, uint32_t interface_id, uint64_t ticks,
                              uint64_t received, uint64_t if_dropped, uint64_t os_dropped)
{
    block(m, 5);
    put(m, interface_id, 4);
    put(m, ticks >> 32, 4);
    put(m, ticks & UINT32_MAX, 4);
    option_u64(m, 4, received);
    option_u64(m, 5, if_dropped);
    option_u64(m, 7, os_dropped);
    put(m, 0, 4);
    block_end(m);
}

#endif
