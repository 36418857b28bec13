/* Writing pcapng: what was written is what is read, and a full disk leaves whole blocks. */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/evidence/capfile.h"
#include "harness/evidence/mark.h"
#include "harness/evidence/pcapng.h"
#include "tests/tap.h"

static char path[] = "/tmp/t_pcapng.XXXXXX";

static struct pcapng *begin(struct err *e)
{
    struct pcapng *p = NULL;
    const struct pcapng_interface i = {
        .name = "lo",
        .description = "a ring",
        .filter = "tcp port 80",
        .os = "Linux",
        .link_type = 1,
        .snap_bytes = 262144,
    };
    if (pcapng_create(path, "t_pcapng", "a machine", &p, e) != ERR_OK ||
        pcapng_interface(p, &i, e) != ERR_OK)
        abort();
    return p;
}

static void round_trip(void)
{
    struct err e = ERR_INIT;
    struct pcapng *p = begin(&e);
    const uint8_t data[7] = "abcdefg";
    bool written = true;
    for (uint32_t n = 0; n < 8; n++) { /* lengths of every remainder by 4 */
        const struct frame f = {.ts_ns = INT64_C(1700000000123456789) + n,
                                .captured_bytes = n % 8,
                                .wire_bytes = 1000 + n,
                                .data = data};
        written = written && pcapng_frame(p, &f, n == 3 ? "a comment" : NULL, &e) == ERR_OK;
    }
    const struct capture_stats s = {.ts_ns = INT64_C(1700000001000000001),
                                    .received = UINT64_MAX,
                                    .dropped = UINT64_C(1) << 40,
                                    .if_dropped = 3};
    written = written && pcapng_stats(p, &s, &e) == ERR_OK;
    ok(written && pcapng_close(p, &e) == ERR_OK, "frames and statistics are written");

    struct capfile *c = NULL;
    struct cap_item i;
    is_int(capfile_open(path, false, &c, &e), ERR_OK, "the file is a capture");
    bool same = true;
    for (uint32_t n = 0; n < 8; n++)
        same = same && capfile_next(c, &i, &e) == ERR_OK && i.kind == CAP_FRAME &&
               i.frame.number == n + 1 && i.frame.ts_ns == INT64_C(1700000000123456789) + n &&
               i.frame.captured_bytes == n && i.frame.wire_bytes == 1000 + n &&
               i.frame.link_type == 1 && memcmp(i.frame.data, data, n) == 0;
    ok(same, "frames of every length come back with every nanosecond");
    is_int(capfile_next(c, &i, &e), ERR_OK, "statistics come back");
    ok(i.kind == CAP_STATS && i.stats.ts_ns == s.ts_ns && i.stats.received == s.received &&
           i.stats.dropped == s.dropped && i.stats.if_dropped == s.if_dropped,
       "with 64 bits of each counter");
    is_int(capfile_next(c, &i, &e), ERR_CLOSED, "and nothing else");
    size_t n = 0;
    const struct cap_interface *f = capfile_interfaces(c, &n);
    ok(n == 1 && strcmp(f->name, "lo") == 0 && strcmp(f->filter, "tcp port 80") == 0 &&
           f->snap_bytes == 262144 && f->ticks_per_s == 1000000000,
       "the interface comes back with name, filter, snap length and resolution");
    capfile_close(c);
}

static void misuse(void)
{
    struct err e = ERR_INIT;
    struct pcapng *p = begin(&e);
    const struct frame f = {.interface = 1, .ts_ns = 1, .data = (const uint8_t *)""};
    is_int(pcapng_frame(p, &f, NULL, &e), ERR_USAGE, "an undeclared interface is refused");
    const struct capture_stats s = {.ts_ns = -1};
    is_int(pcapng_stats(p, &s, &e), ERR_USAGE, "a time before 1970 is refused");
    is_int(pcapng_close(p, &e), ERR_OK, "which harms nothing");
    is_int(pcapng_create("/nonexistent/file", NULL, NULL, &p, &e), ERR_SYS,
           "a file that can't be made is told");
    is_str(e.text, "/nonexistent/file: cannot be created: No such file or directory",
           "with its path");
}

/* Counts the items up to the end of the file, which must be a proper one. */
static int whole_frames(void)
{
    struct err e = ERR_INIT;
    struct capfile *c = NULL;
    struct cap_item i;
    int n = 0;
    enum err_code rc = capfile_open(path, false, &c, &e);
    while (rc == ERR_OK && (rc = capfile_next(c, &i, &e)) == ERR_OK)
        n++;
    capfile_close(c);
    return rc == ERR_CLOSED ? n : -1;
}

static void unflushed(void)
{
    struct err e = ERR_INIT;
    struct pcapng *p = begin(&e);
    uint8_t data[100] = {0};
    const struct frame f = {.ts_ns = 1, .captured_bytes = 100, .wire_bytes = 100, .data = data};
    is_int(pcapng_flush(p, &e), ERR_OK, "flushed");
    is_int(whole_frames(), 0, "a flushed file is whole without any frame");
    for (int n = 0; n < 3; n++)
        (void)pcapng_frame(p, &f, NULL, &e);
    is_int(whole_frames(), 0, "frames wait in the buffer");
    is_int(pcapng_flush(p, &e), ERR_OK, "flushed again");
    is_int(whole_frames(), 3, "a flush brings them into the file");
    is_int(pcapng_close(p, &e), ERR_OK, "closed");
}

/* A limit on the size of files stands for the full disk: write() takes a part, then fails. */
static void full_disk(void)
{
    struct err e = ERR_INIT;
    struct pcapng *p = begin(&e);
    uint8_t data[1000] = {0};
    const struct frame f = {.ts_ns = 1, .captured_bytes = 1000, .wire_bytes = 1000, .data = data};
    struct rlimit old, low = {.rlim_cur = 10000};
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)getrlimit(RLIMIT_FSIZE, &old);
    low.rlim_max = old.rlim_max;
    (void)setrlimit(RLIMIT_FSIZE, &low);
    for (int n = 0; n < 50; n++)
        (void)pcapng_frame(p, &f, NULL, &e);
    is_int(pcapng_flush(p, &e), ERR_SYS, "a full disk is told");
    ok(strstr(e.text, path) == e.text && strstr(e.text, "File too large") != NULL,
       "with path and reason");
    is_int(whole_frames(), 9, "the file ends with the last whole frame that fitted");
    (void)setrlimit(RLIMIT_FSIZE, &old);
    (void)pcapng_frame(p, &f, NULL, &e);
    is_int(pcapng_flush(p, &e), ERR_SYS,
           "nothing is written behind the gap, even when there is room again");
    is_int(pcapng_close(p, &e), ERR_SYS, "closing tells it too");
    is_int(whole_frames(), 9, "and the file stays as it was");
}

static void marks(void)
{
    const struct mark m = {.number = UINT64_C(0x0102030405060708), .real_ns = 1700000000123456789};
    const uint8_t source[6] = {2, 0, 0, 0, 0, 1};
    uint8_t bytes[MARK_FRAME_BYTES];
    struct mark back;
    mark_build(&m, source, bytes);
    struct frame f = {.link_type = 1, .captured_bytes = sizeof bytes, .data = bytes};
    ok(mark_parse(&f, &back) && back.number == m.number && back.real_ns == m.real_ns,
       "a mark comes back with number and time");
    const uint8_t want[] = {0x88, 0xb5, 'G', 'A', 'M', 'A', 'R', 'K', '1',
                            0,    1,    2,   3,   4,   5,   6,   7,   8};
    ok(memcmp(bytes + 12, want, sizeof want) == 0, "its bytes are big-endian behind the magic");
    f.link_type = 101;
    ok(!mark_parse(&f, &back), "no mark on a link without Ethernet headers");
    f.link_type = 1;
    bytes[20] = 'X';
    ok(!mark_parse(&f, &back), "no mark without the magic");
    bytes[20] = '1';
    bool refused = true;
    for (uint32_t n = 0; n < 38; n++) {
        uint8_t *exact = malloc(n > 0 ? n : 1);
        memcpy(exact, bytes, n);
        f.data = exact;
        f.captured_bytes = n;
        refused = refused && !mark_parse(&f, &back);
        free(exact);
    }
    ok(refused, "no truncation of a mark is a mark");
}

int main(void)
{
    if (mkstemp(path) == -1)
        return 1;
    round_trip();
    misuse();
    unflushed();
    full_disk();
    marks();
    (void)unlink(path);
    return done_testing();
}
