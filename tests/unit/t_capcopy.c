/* A capture copied block for block: nothing lost, nothing changed but the comments asked for. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/evidence/capcopy.h"
#include "tests/tap.h"
#include "tests/unit/capmake.h"

static char from_path[] = "/tmp/t_capcopy-from.XXXXXX", to_path[] = "/tmp/t_capcopy-to.XXXXXX";

/* Comments every packet whose bit is set, with as many notes as its number says, at most 3. */
static enum err_code note_some(void *arg, uint64_t frame, struct capcopy_notes *notes,
                               struct err *e)
{
    (void)e;
    const uint64_t *mask = arg;
    if ((*mask >> frame & 1) == 0)
        return ERR_OK;
    for (uint64_t i = 0; i < 1 + frame % 3; i++) {
        char text[64];
        int n = snprintf(text, sizeof text, "packet %d, note %d", (int)frame, (int)i);
        capcopy_note(notes, text, (size_t)n);
    }
    return ERR_OK;
}

static void write_from(const void *data, size_t len)
{
    int fd = open(from_path, O_WRONLY | O_TRUNC);
    if (fd == -1 || write(fd, data, len) != (ssize_t)len || close(fd) == -1)
        abort();
}

static enum err_code copy(uint64_t mask, struct capcopy_counts *n, struct err *e)
{
    int fd = open(to_path, O_WRONLY | O_TRUNC);
    enum err_code rc = capcopy(from_path, fd, to_path, note_some, &mask, n, e);
    (void)close(fd);
    return rc;
}

static size_t read_to(uint8_t *out, size_t size)
{
    int fd = open(to_path, O_RDONLY);
    ssize_t n = read(fd, out, size);
    (void)close(fd);
    return n < 0 ? 0 : (size_t)n;
}

/* Two sections of either byte order, several interfaces, all kinds of blocks. */
static struct capmake everything(void)
{
    static struct capmake m;
    m = (struct capmake){.len = 0};
    section(&m, false);
    interface(&m, 1, 65535, 9, 0, "eth0");
    interface(&m, 101, 0, 6, 3600, "tun0");
    packet(&m, 0, 1700000000000000001, 60, "first", 0);
    packet(&m, 1, 1700000000000002, 60, "second one", 7); /* with a comment of its own */
    statistics(&m, 0, 1700000000000000003, 2, 0, 0);
    block(&m, 0x0bad); /* custom: numbered, holds no comment of ours */
    put(&m, 1234, 4);
    block_end(&m);
    block(&m, 3); /* simple */
    put(&m, 6, 4);
    put_bytes(&m, "simple", 6);
    block_end(&m);
    block(&m, 2); /* old */
    put(&m, 1, 2);
    put(&m, 0, 2);
    put(&m, 1700000000000005 >> 32, 4);
    put(&m, 1700000000000005 & UINT32_MAX, 4);
    put(&m, 3, 4);
    put(&m, 3, 4);
    put_bytes(&m, "old", 3);
    block_end(&m);
    block(&m, 0x7777); /* nobody knows it */
    put_bytes(&m, "kept as it is", 13);
    block_end(&m);
    section(&m, true);
    interface(&m, 1, 65535, 9, 0, "eth1");
    packet(&m, 0, 1700000000000000009, 60, "of the other order", 0);
    packet(&m, 0, 1700000000000000010, 60, "and with options", 2);
    return m;
}

/* The comments of a packet block, with slashes between. */
struct comments {
    char of[16][400];
};

static void collect(void *arg, const struct cap_block *b)
{
    struct comments *c = arg;
    if (b->frame == 0 || (b->type != 6 && b->type != 2))
        return;
    uint32_t captured;
    memcpy(&captured, b->data + 20, 4);
    captured = b->swapped ? __builtin_bswap32(captured) : captured;
    char *out = c->of[b->frame];
    for (size_t at = 28 + (captured + 3) / 4 * 4; at + 8 <= b->bytes;) {
        uint16_t head[2];
        memcpy(head, b->data + at, 4);
        if (b->swapped)
            head[0] = __builtin_bswap16(head[0]), head[1] = __builtin_bswap16(head[1]);
        if (head[0] == 0)
            break;
        if (head[0] == 1)
            (void)snprintf(out + strlen(out), 400 - strlen(out), "%.*s/", head[1],
                           (const char *)b->data + at + 4);
        at += 4 + (head[1] + 3u) / 4 * 4;
    }
}

static void all_kinds(void)
{
    struct capmake m = everything();
    struct capcopy_counts n;
    struct err e = ERR_INIT;
    static uint8_t got[1 << 16];
    write_from(m.data, m.len);
    is_int(copy(0, &n, &e), ERR_OK, "a file of all kinds of blocks is copied (%s)", e.text);
    ok(read_to(got, sizeof got) == m.len && memcmp(got, m.data, m.len) == 0,
       "without comments byte for byte");
    is_int(n.frames, 7, "packets and the custom block have numbers");

    is_int(copy(~UINT64_C(0), &n, &e), ERR_OK, "with a comment at each");
    is_int(n.commented, 5, "five can hold one");
    is_int(n.without, 2, "the simple and the custom one cannot");
    struct capfile *a = NULL, *b = NULL;
    static struct comments c;
    ok(capfile_open(from_path, false, &a, &e) == ERR_OK &&
           capfile_open(to_path, false, &b, &e) == ERR_OK && capfile_on_block(b, collect, &c),
       "both are captures");
    bool same = true;
    struct cap_item x, y;
    enum err_code rc;
    while ((rc = capfile_next(a, &x, &e)) == ERR_OK) {
        same = same && capfile_next(b, &y, &e) == ERR_OK && x.kind == y.kind;
        if (same && x.kind == CAP_FRAME)
            same = x.frame.number == y.frame.number && x.frame.ts_ns == y.frame.ts_ns &&
                   x.frame.interface == y.frame.interface &&
                   x.frame.captured_bytes == y.frame.captured_bytes &&
                   memcmp(x.frame.data, y.frame.data, x.frame.captured_bytes) == 0;
        else if (same)
            same = memcmp(&x.stats, &y.stats, sizeof x.stats) == 0;
    }
    ok(rc == ERR_CLOSED && same && capfile_next(b, &y, &e) == ERR_CLOSED,
       "frames, times, drops and statistics are the same");
    capfile_close(a);
    capfile_close(b);
    is_str(c.of[1], "packet 1, note 0/packet 1, note 1/", "a packet without options has its two");
    is_str(c.of[2], "packet 2, note 0/packet 2, note 1/packet 2, note 2/hello/",
           "one with a comment keeps it behind ours");
    is_str(c.of[5], "packet 5, note 0/packet 5, note 1/packet 5, note 2/", "an old block as well");
    is_str(c.of[6], "packet 6, note 0/", "in the other byte order");
    is_str(c.of[7], "packet 7, note 0/packet 7, note 1/hello/", "and with options there");
}

static void section_length(void)
{
    struct capmake m = everything();
    const uint64_t length = 1000;
    struct capcopy_counts n;
    struct err e = ERR_INIT;
    uint8_t got[32];
    memcpy(m.data + 16, &length, 8);
    write_from(m.data, m.len);
    uint64_t copied = 0;
    is_int(copy(2, &n, &e), ERR_OK, "a section that tells its length is copied");
    (void)read_to(got, sizeof got);
    memcpy(&copied, got + 16, 8);
    ok(copied == UINT64_MAX, "and its length is unknown from now on");
}

static void from_pcap(void)
{
    struct capmake m = {.len = 0};
    struct capcopy_counts n;
    struct err e = ERR_INIT;
    pcap_header(&m, 0xa1b2c3d4, 1);
    pcap_packet(&m, 1700000000, 123456, 99, "hello");
    pcap_packet(&m, 1700000001, 5, 4, "four");
    write_from(m.data, m.len);
    is_int(copy(4, &n, &e), ERR_OK, "a pcap file is copied (%s)", e.text);
    struct capfile *c = NULL;
    static struct comments notes;
    struct cap_item i = {0};
    ok(capfile_open(to_path, false, &c, &e) == ERR_OK && capfile_on_block(c, collect, &notes),
       "as pcapng");
    ok(capfile_next(c, &i, &e) == ERR_OK && i.frame.ts_ns == INT64_C(1700000000123456000) &&
           i.frame.wire_bytes == 99 && i.frame.captured_bytes == 5 && i.frame.link_type == 1 &&
           memcmp(i.frame.data, "hello", 5) == 0,
       "with its time, lengths and bytes");
    ok(capfile_next(c, &i, &e) == ERR_OK && i.frame.captured_bytes == 4 &&
           capfile_next(c, &i, &e) == ERR_CLOSED,
       "to its end");
    capfile_close(c);
    is_str(notes.of[1], "", "the first without a comment");
    is_str(notes.of[2], "packet 2, note 0/packet 2, note 1/packet 2, note 2/", "the second with");
}

/* Cut anywhere: told, and what was written is a capture of whole blocks. */
static void cut(void)
{
    struct capmake m = everything();
    struct capcopy_counts n;
    struct err e = ERR_INIT;
    bool told = true, whole = true;
    for (size_t len = 5; len < m.len; len++) {
        write_from(m.data, len);
        enum err_code rc = copy(~UINT64_C(0), &n, &e);
        told = told && (rc == ERR_DATA || rc == ERR_OK);
        struct capfile *c = NULL;
        struct cap_item i;
        uint64_t frames = 0;
        if (len < 60 || capfile_open(to_path, false, &c, &e) != ERR_OK)
            continue;
        while ((rc = capfile_next(c, &i, &e)) == ERR_OK)
            frames += i.kind == CAP_FRAME;
        whole = whole && rc == ERR_CLOSED && frames <= n.frames;
        capfile_close(c);
    }
    ok(told, "each truncation is copied up to the cut");
    ok(whole, "and the copy holds whole blocks only");
}

static void full_disk(void)
{
    struct capmake m = everything();
    struct capcopy_counts n;
    struct err e = ERR_INIT;
    uint64_t mask = 0;
    write_from(m.data, m.len);
    int fd = open("/dev/full", O_WRONLY);
    if (fd == -1)
        return;
    is_int(capcopy(from_path, fd, "the copy", note_some, &mask, &n, &e), ERR_SYS,
           "a full disk is told");
    ok(strstr(e.text, "the copy: cannot be written") != NULL, "with the name of the copy");
    (void)close(fd);
}

int main(void)
{
    int a = mkstemp(from_path), b = mkstemp(to_path);
    if (a == -1 || b == -1)
        return 1;
    (void)close(a);
    (void)close(b);
    all_kinds();
    section_length();
    from_pcap();
    cut();
    full_disk();
    (void)unlink(from_path);
    (void)unlink(to_path);
    return done_testing();
}
