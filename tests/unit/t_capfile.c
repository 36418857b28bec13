/* Reading capture files: every format and byte order, every truncation, hostile lengths. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/limits.h"
#include "harness/evidence/capfile.h"
#include "tests/tap.h"
#include "tests/unit/capmake.h"

/* What a file holds, written out as text, so that two readings can be compared. */
struct story {
    char text[4096];
    size_t len;
    size_t items;
};

static void tell(struct story *s, const struct cap_item *i)
{
    int n;
    if (i->kind == CAP_FRAME)
        n = snprintf(s->text + s->len, sizeof s->text - s->len,
                     "%llu: if %u link %u %lld ns %u of %u bytes %.*s\n",
                     (unsigned long long)i->frame.number, i->frame.interface, i->frame.link_type,
                     (long long)i->frame.ts_ns, i->frame.captured_bytes, i->frame.wire_bytes,
                     (int)i->frame.captured_bytes, (const char *)i->frame.data);
    else
        n = snprintf(s->text + s->len, sizeof s->text - s->len,
                     "stats: if %u %lld ns %llu %llu %llu\n", i->stats.interface,
                     (long long)i->stats.ts_ns, (unsigned long long)i->stats.received,
                     (unsigned long long)i->stats.dropped, (unsigned long long)i->stats.if_dropped);
    s->len += (size_t)n;
    s->items++;
}

/* The story of bytes in an exact-size heap block; the code that ended it. */
static enum err_code read_all(const uint8_t *data, size_t len, struct story *s, struct err *e)
{
    *s = (struct story){.text = ""};
    uint8_t *exact = malloc(len > 0 ? len : 1);
    memcpy(exact, data, len);
    struct capfile *c = NULL;
    struct cap_item item;
    enum err_code rc = capfile_open_memory(exact, len, &c, e);
    while (rc == ERR_OK && (rc = capfile_next(c, &item, e)) == ERR_OK)
        tell(s, &item);
    capfile_close(c);
    free(exact);
    return rc;
}

static void make_pcap(struct capmake *m, bool big, bool nano)
{
    *m = (struct capmake){.big = big};
    pcap_header(m, nano ? 0xa1b23c4d : 0xa1b2c3d4, 1);
    pcap_packet(m, 1700000000, nano ? 123456789 : 123456, 60, "first");
    pcap_packet(m, 4294967295, nano ? 999999999 : 999999, 4, "long");
    pcap_packet(m, 0, 0, 0, "");
}

static void make_pcapng(struct capmake *m, bool big)
{
    *m = (struct capmake){.big = big};
    section(m, big);
    interface(m, 1, 0, -1, 0, "eth0");
    interface(m, 113, 4, 9, 0, "any");
    packet(m, 0, 1700000000123456, 60, "micro", 0);
    packet(m, 1, 1700000000123456789, 1500, "nano", 3);
    block(m, 0x0bad); /* custom: has a frame number in Wireshark */
    put(m, 4711, 4);
    block_end(m);
    block(m, 4); /* name resolution */
    put(m, 0, 4);
    block_end(m);
    statistics(m, 1, 1700000000200000000, 7, 1, 2);
    block(m, 3); /* simple packet: cut to the first interface's snap length, which is none */
    put(m, 6, 4);
    put_bytes(m, "simple", 6);
    block_end(m);
    block(m, 2); /* the old packet block */
    put(m, 1, 2);
    put(m, 5, 2);
    put(m, 1700000000300000000ull >> 32, 4);
    put(m, 1700000000300000000ull & UINT32_MAX, 4);
    put(m, 3, 4);
    put(m, 99, 4);
    put_bytes(m, "old", 3);
    block_end(m);
    block(m, 0x77777777); /* unknown */
    put_bytes(m, "whatever", 8);
    block_end(m);
    section(m, !big);
    interface(m, 228, 0, 0x80 | 10, 1700000000, "raw"); /* 1/1024 s */
    interface(m, 276, 0, 12, -5, "sll2");               /* picoseconds */
    packet(m, 0, 1023, 20, "binary", 0);
    packet(m, 1, 6000000001999ull, 20, "pico", 0);
}

/* Stamps by hand: 1023/1024 s = 0.9990234375 s; 6.000000001999 s - 5 s, rounded down to ns. The old
 * block's 5 drops add to the 3 of the packet and the 2 of the statistics. */
static const char pcapng_story[] = "1: if 0 link 1 1700000000123456000 ns 5 of 60 bytes micro\n"
                                   "stats: if 1 1700000000123456789 ns 0 3 0\n"
                                   "2: if 1 link 113 1700000000123456789 ns 4 of 1500 bytes nano\n"
                                   "stats: if 1 1700000000200000000 ns 7 5 1\n"
                                   "4: if 0 link 1 0 ns 6 of 6 bytes simple\n"
                                   "stats: if 1 1700000000300000000 ns 7 10 1\n"
                                   "5: if 1 link 113 1700000000300000000 ns 3 of 99 bytes old\n"
                                   "6: if 2 link 228 1700000000999023437 ns 6 of 20 bytes binary\n"
                                   "7: if 3 link 276 1000000001 ns 4 of 20 bytes pico\n";

static void formats(void)
{
    struct capmake m;
    struct story s;
    struct err e = ERR_INIT;
    for (int big = 0; big < 2; big++) {
        const char *order = big ? "big-endian" : "little-endian";
        make_pcap(&m, big, false);
        is_int(read_all(m.data, m.len, &s, &e), ERR_CLOSED, "%s pcap is read to its end", order);
        is_str(s.text,
               "1: if 0 link 1 1700000000123456000 ns 5 of 60 bytes first\n"
               "2: if 0 link 1 4294967295999999000 ns 4 of 4 bytes long\n"
               "3: if 0 link 1 0 ns 0 of 0 bytes \n",
               "%s pcap gives its frames in microseconds", order);
        make_pcap(&m, big, true);
        is_int(read_all(m.data, m.len, &s, &e), ERR_CLOSED, "%s nanosecond pcap is read", order);
        is_str(s.text,
               "1: if 0 link 1 1700000000123456789 ns 5 of 60 bytes first\n"
               "2: if 0 link 1 4294967295999999999 ns 4 of 4 bytes long\n"
               "3: if 0 link 1 0 ns 0 of 0 bytes \n",
               "%s nanosecond pcap keeps every nanosecond", order);
        make_pcapng(&m, big);
        is_int(read_all(m.data, m.len, &s, &e), ERR_CLOSED, "%s pcapng is read to its end", order);
        is_str(s.text, pcapng_story, "%s pcapng gives the items worked out by hand", order);
    }
}

/* Each prefix: a proper end, or a cut that tells the offset, and never more than the whole tells.
 */
static void truncations(const struct capmake *m, const char *name)
{
    struct story whole, part;
    struct err e = ERR_INIT;
    bool prefix = true, coded = true, told = true;
    size_t clean = 0;
    (void)read_all(m->data, m->len, &whole, &e);
    for (size_t n = 0; n < m->len; n++) {
        e = (struct err)ERR_INIT;
        enum err_code rc = read_all(m->data, n, &part, &e);
        coded = coded && (rc == ERR_DATA || rc == ERR_CLOSED);
        clean += rc == ERR_CLOSED;
        told = told && (rc == ERR_CLOSED || strstr(e.text, "memory: byte ") != NULL);
        prefix = prefix && strncmp(whole.text, part.text, part.len) == 0;
    }
    ok(coded, "every truncation of %s ends properly or is told as a cut", name);
    ok(told, "every cut of %s names path and byte offset", name);
    ok(prefix, "what a truncated %s gives is what the whole file begins with", name);
    ok(clean > 0 && clean < m->len / 10, "only the ends of whole records of %s count as proper",
       name);
}

/* The file grows by one byte at a time while it is followed. */
static void follow(const struct capmake *m, const char *name)
{
    struct story whole, grown = {.text = ""};
    struct err e = ERR_INIT;
    (void)read_all(m->data, m->len, &whole, &e);
    char path[] = "/tmp/t_capfile.XXXXXX";
    int fd = mkstemp(path);
    struct capfile *c = NULL;
    is_int(capfile_open(path, true, &c, &e), ERR_OK, "an empty file can be followed (%s)", name);
    bool again = true;
    for (size_t n = 0; n < m->len; n++) {
        struct cap_item item;
        enum err_code rc;
        if (write(fd, m->data + n, 1) != 1)
            break;
        while ((rc = capfile_next(c, &item, &e)) == ERR_OK)
            tell(&grown, &item);
        again = again && rc == ERR_AGAIN;
    }
    ok(again, "%s, growing byte by byte, is always AGAIN at its end", name);
    is_str(grown.text, whole.text, "following %s gives what reading it at once gives", name);
    capfile_finish(c);
    struct cap_item item;
    is_int(capfile_next(c, &item, &e), ERR_CLOSED, "a finished %s is closed", name);
    capfile_close(c);

    /* Finished in the middle of a record. */
    is_int(ftruncate(fd, (off_t)m->len - 1), 0, "cut for the test");
    is_int(capfile_open(path, true, &c, &e), ERR_OK, "the cut %s can be followed", name);
    while (capfile_next(c, &item, &e) == ERR_OK)
        continue;
    is_int(capfile_next(c, &item, &e), ERR_AGAIN, "half a record of %s is waited for", name);
    capfile_finish(c);
    is_int(capfile_next(c, &item, &e), ERR_DATA, "half a record of a finished %s is a cut", name);
    ok(strstr(e.text, "the file is cut inside") != NULL &&
           strstr(e.text, "last whole frame: ") != NULL,
       "the cut of %s tells what is cut and the last whole frame", name);
    is_int(capfile_next(c, &item, &e), ERR_DATA, "and stays one");
    capfile_close(c);
    (void)close(fd);
    (void)unlink(path);
}

static void refused(const void *data, size_t len, const char *want, const char *title)
{
    struct story s;
    struct err e = ERR_INIT;
    enum err_code rc = read_all(data, len, &s, &e);
    if (!ok(rc == ERR_DATA && strstr(e.text, want) != NULL, "%s", title))
        printf("# %s \"%s\", wanted \"%s\"\n", err_name(rc), e.text, want);
}

/* A good file with one number changed. */
static void changed(size_t at, uint32_t value, const char *want, const char *title)
{
    struct capmake m = {.big = false};
    section(&m, false);
    interface(&m, 1, 0, 9, 0, "lo");
    packet(&m, 0, 1000, 4, "data", 0);
    memcpy(m.data + at, &value, 4);
    refused(m.data, m.len, want, title);
}

static void hostile(void)
{
    struct capmake m = {.big = false};
    refused("", 0, "the file is empty: expected a pcap or pcapng capture", "an empty file is told");
    refused("GET / HTTP/1.1", 14, "not a capture file (it begins with 47 45 54 20)",
            "a file of another kind is told");
    refused("\x1f\x8b\x08\x00", 4, "a gzip file", "a packed file is told");
    pcap_header(&m, 0xa1b2cd34, 1);
    refused(m.data, m.len, "Kuznetzov", "the Kuznetzov variant is refused by name");

    make_pcap(&m, false, false);
    m.data[4] = 3;
    refused(m.data, m.len, "pcap version 3.4: expected 2.4", "another pcap version is refused");
    make_pcap(&m, false, false);
    memcpy(m.data + 24 + 8, &(uint32_t){LIMIT_FRAME_BYTES + 1}, 4);
    refused(m.data, m.len, "byte 24: a packet of 262145 bytes: expected at most 262144",
            "a packet above the ceiling is refused");
    make_pcap(&m, true, true);
    memcpy(m.data + 24 + 4, "\x3b\x9a\xca\x00", 4);
    refused(m.data, m.len, "1000000000 ns: expected less than a second",
            "a stamp of a second and more of nanoseconds is refused");

    /* Section header 44 bytes; interface from 44 (56 bytes); packet from 100. */
    changed(8, 0x11111111, "byte-order magic", "a section without its magic is refused");
    changed(4, 13, "expected a multiple of 4", "a block length off the grid is refused");
    changed(4, 8, "expected a multiple of 4 from 12", "a block shorter than a block is refused");
    changed(4, 0xfffffffc, "block length of 4294967292", "a huge block length is refused");
    changed(40, 48, "closing length is 48: expected 44", "unequal lengths of a block are refused");
    changed(12, 2, "pcapng version 2.0", "another pcapng version is refused");
    changed(44, 99, "names interface 0: the section declared 0",
            "a packet before its interface is refused");
    changed(108, 1, "names interface 1: the section declared 1",
            "an undeclared interface is refused");
    changed(112, 0xffffffff, "before the year 2262", "a time beyond 64 bits is refused");
    changed(120, 100, "a packet of 100 bytes passes the end of its block",
            "a packet longer than its block is refused");

    m = (struct capmake){.big = false};
    section(&m, false);
    for (int i = 0; i <= LIMIT_INTERFACES; i++)
        interface(&m, 1, 0, 9, 0, "lo");
    refused(m.data, m.len, "expected at most 64", "more interfaces than the ceiling are refused");
    m = (struct capmake){.big = false};
    section(&m, false);
    interface(&m, 1, 0, 19, 0, "lo");
    refused(m.data, m.len, "counts time in 10^-19 s", "a resolution beyond 64 bits is refused");
    m = (struct capmake){.big = false};
    section(&m, false);
    block(&m, 1);
    put(&m, 1, 8);
    put(&m, 2, 2);
    put(&m, 400, 2); /* an option that passes the block */
    block_end(&m);
    refused(m.data, m.len, "fields pass its end", "an option longer than its block is refused");

    struct capfile *c;
    struct err e = ERR_INIT;
    is_int(capfile_open("/nonexistent/capture", false, &c, &e), ERR_DATA, "a missing file is told");
    is_str(e.text, "/nonexistent/capture: cannot be opened: No such file or directory",
           "with its path and the reason");
    is_int(capfile_open("/tmp", false, &c, &e), ERR_DATA, "a folder is told");
}

static void interfaces(void)
{
    struct capmake m;
    struct capfile *c = NULL;
    struct cap_item item;
    struct err e = ERR_INIT;
    size_t n = 0;
    make_pcapng(&m, false);
    is_int(capfile_open_memory(m.data, m.len, &c, &e), ERR_OK, "opened");
    while (capfile_next(c, &item, &e) == ERR_OK)
        continue;
    const struct cap_interface *i = capfile_interfaces(c, &n);
    is_int(n, 4, "interfaces of all sections are kept");
    is_str(i[0].name, "eth0", "an interface has its name");
    is_str(i[0].filter, "tcp port 80", "and its filter");
    is_int(i[0].ticks_per_s, 1000000, "microseconds when it does not tell");
    is_int(i[1].ticks_per_s, 1000000000, "nanoseconds as declared");
    is_int(i[1].snap_bytes, 4, "the snap length as declared");
    is_int(i[2].ticks_per_s, 0, "1/1024 s has no whole nanoseconds");
    is_int(i[3].link_type, 276, "the link type as declared");
    capfile_close(c);
}

int main(void)
{
    struct capmake m;
    formats();
    interfaces();
    make_pcap(&m, true, false);
    truncations(&m, "pcap");
    follow(&m, "pcap");
    make_pcapng(&m, false);
    truncations(&m, "pcapng");
    follow(&m, "pcapng");
    make_pcapng(&m, true);
    truncations(&m, "pcapng, other order first");
    hostile();
    return done_testing();
}
