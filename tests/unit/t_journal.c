/* The journal: every type there and back, every truncation, every flipped bit. */
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/journal/codec.h"
#include "harness/journal/crc32c.h"
#include "tests/tap.h"

#define TEXT(t)                                                                                    \
    {                                                                                              \
        (t), sizeof(t) - 1                                                                         \
    }

static char path[] = "/tmp/t_journal.XXXXXX";

static const struct journal_record all[] = {
    {.type = JOURNAL_BEGIN, .u.begin = {TEXT("nonce"), TEXT("digest of the plan")}},
    {.type = JOURNAL_TRIAL, .u.trial = {1, 2, 3, -4}},
    {.type = JOURNAL_ATTEMPT,
     .u.attempt = {.scenario = 1,
                   .kase = 2,
                   .trial = 3,
                   .row = JOURNAL_NO_ROW,
                   .variant = 5,
                   .sub = 6,
                   .role = JOURNAL_THROUGH,
                   .binding = 7,
                   .endpoint = 8,
                   .planned_ns = INT64_MAX,
                   .give_up_ns = INT64_MIN,
                   .correlation = TEXT("run-1"),
                   .device = TEXT("M1"),
                   .n_expect = 2,
                   .expect = {{9, TEXT("value")}, {10, TEXT("")}}}},
    {.type = JOURNAL_OUTCOME, .u.outcome = {TEXT("run-1"), -1, 56, 200, 65535, UINT64_MAX, 1}},
    {.type = JOURNAL_TRIAL_END, .u.trial_end = {1, 2, 3, 1}},
    {.type = JOURNAL_STIMULUS, .u.stimulus = {1, 2, 3, TEXT("tamper"), TEXT("M1")}},
    {.type = JOURNAL_MARK, .u.mark = {UINT64_C(0x123456789abcdef)}},
    {.type = JOURNAL_CAPTURE_STATS},
    {.type = JOURNAL_CLOCK},
    {.type = JOURNAL_STALL, .u.stall = {10, 20}},
    {.type = JOURNAL_DECIDED, .u.decided = {1, 2, 149}},
    {.type = JOURNAL_TIMEBASE, .u.timebase = {INT64_MIN, -3600000000000, 1440}},
    {.type = JOURNAL_END, .u.end = {2, TEXT("the driver stalled")}},
};
#define N_ALL (sizeof all / sizeof all[0])

static bool same_text(struct journal_text a, struct journal_text b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static bool same(const struct journal_record *a, const struct journal_record *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case JOURNAL_BEGIN:
        return same_text(a->u.begin.nonce, b->u.begin.nonce) &&
               same_text(a->u.begin.plan_digest, b->u.begin.plan_digest);
    case JOURNAL_TRIAL:
        return a->u.trial.scenario == b->u.trial.scenario && a->u.trial.kase == b->u.trial.kase &&
               a->u.trial.trial == b->u.trial.trial &&
               a->u.trial.planned_ns == b->u.trial.planned_ns;
    case JOURNAL_ATTEMPT:
        for (uint32_t i = 0; i < a->u.attempt.n_expect; i++)
            if (a->u.attempt.expect[i].field != b->u.attempt.expect[i].field ||
                !same_text(a->u.attempt.expect[i].value, b->u.attempt.expect[i].value))
                return false;
        return a->u.attempt.scenario == b->u.attempt.scenario &&
               a->u.attempt.kase == b->u.attempt.kase && a->u.attempt.trial == b->u.attempt.trial &&
               a->u.attempt.row == b->u.attempt.row &&
               a->u.attempt.variant == b->u.attempt.variant &&
               a->u.attempt.sub == b->u.attempt.sub && a->u.attempt.role == b->u.attempt.role &&
               a->u.attempt.binding == b->u.attempt.binding &&
               a->u.attempt.endpoint == b->u.attempt.endpoint &&
               a->u.attempt.planned_ns == b->u.attempt.planned_ns &&
               a->u.attempt.give_up_ns == b->u.attempt.give_up_ns &&
               a->u.attempt.n_expect == b->u.attempt.n_expect &&
               same_text(a->u.attempt.correlation, b->u.attempt.correlation) &&
               same_text(a->u.attempt.device, b->u.attempt.device);
    case JOURNAL_OUTCOME:
        return same_text(a->u.outcome.correlation, b->u.outcome.correlation) &&
               a->u.outcome.errno_value == b->u.outcome.errno_value &&
               a->u.outcome.curl_code == b->u.outcome.curl_code &&
               a->u.outcome.status == b->u.outcome.status &&
               a->u.outcome.local_port == b->u.outcome.local_port &&
               a->u.outcome.sent_bytes == b->u.outcome.sent_bytes &&
               a->u.outcome.received_bytes == b->u.outcome.received_bytes;
    case JOURNAL_TRIAL_END:
        return a->u.trial_end.scenario == b->u.trial_end.scenario &&
               a->u.trial_end.kase == b->u.trial_end.kase &&
               a->u.trial_end.trial == b->u.trial_end.trial &&
               a->u.trial_end.failed == b->u.trial_end.failed;
    case JOURNAL_STIMULUS:
        return a->u.stimulus.scenario == b->u.stimulus.scenario &&
               a->u.stimulus.kase == b->u.stimulus.kase &&
               a->u.stimulus.trial == b->u.stimulus.trial &&
               same_text(a->u.stimulus.name, b->u.stimulus.name) &&
               same_text(a->u.stimulus.device, b->u.stimulus.device);
    case JOURNAL_MARK:
        return a->u.mark.number == b->u.mark.number;
    case JOURNAL_CAPTURE_STATS:
    case JOURNAL_CLOCK:
        return true;
    case JOURNAL_STALL:
        return a->u.stall.from_ns == b->u.stall.from_ns && a->u.stall.to_ns == b->u.stall.to_ns;
    case JOURNAL_DECIDED:
        return a->u.decided.row == b->u.decided.row &&
               a->u.decided.variant == b->u.decided.variant &&
               a->u.decided.used == b->u.decided.used;
    case JOURNAL_END:
        return a->u.end.reason == b->u.end.reason && same_text(a->u.end.text, b->u.end.text);
    case JOURNAL_TIMEBASE:
        return a->u.timebase.from_ns == b->u.timebase.from_ns &&
               a->u.timebase.shift_ns == b->u.timebase.shift_ns &&
               a->u.timebase.factor == b->u.timebase.factor;
    }
    return false;
}

static void round_trip(struct buf *bytes)
{
    struct err e = ERR_INIT;
    struct journal_writer *w = NULL;
    int64_t before_ns = clock_real_ns();
    bool written = journal_create(path, &w, &e) == ERR_OK;
    for (size_t i = 0; i < N_ALL; i++) {
        struct journal_record r = all[i];
        written = written && journal_write(w, &r, &e) == ERR_OK && r.sequence == i;
    }
    ok(written && journal_close(w, &e) == ERR_OK, "a record of every type is written");
    is_int(buf_read_file(bytes, path, &e), ERR_OK, "the file is there");

    struct journal_reader *r = NULL;
    struct journal_record rec;
    bool back = journal_open(path, false, &r, &e) == ERR_OK, timed = true;
    for (size_t i = 0; i < N_ALL; i++) {
        back =
            back && journal_next(r, &rec, &e) == ERR_OK && same(&all[i], &rec) && rec.sequence == i;
        timed = timed && rec.real_ns >= before_ns && rec.real_ns <= clock_real_ns() &&
                rec.mono_ns <= clock_mono_ns();
    }
    ok(back, "a record of every type comes back the same");
    ok(timed, "each is stamped with both clocks");
    is_int(journal_next(r, &rec, &e), ERR_CLOSED, "END ends it");
    is_int(journal_next(r, &rec, &e), ERR_CLOSED, "for good");
    journal_reader_close(r);
}

/* The documented bytes of one record, by hand. */
static void layout(void)
{
    const struct journal_record r = {.type = JOURNAL_TRIAL_END,
                                     .sequence = 258,
                                     .real_ns = 1,
                                     .mono_ns = -1,
                                     .u.trial_end = {1, 2, 3, 1}};
    uint8_t out[64];
    size_t len = 0;
    const uint8_t want[] = {5,   0,   1,   0,   2,   1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255,
                            255, 255, 255, 255, 255, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0,   1};
    is_int(journal_encode(&r, out, sizeof out, &len, NULL), ERR_OK, "encoded");
    is_int(len, 45, "a TRIAL_END has 45 bytes");
    ok(out[0] == 37 && out[1] == 0 && out[2] == 0 && out[3] == 0, "37 of them behind the checksum");
    ok(memcmp(out + 8, want, sizeof want) == 0, "laid out as documented");
    is_int(crc32c("123456789", 9), 0xe3069283, "the checksum is CRC-32C (check value)");
    uint8_t zeros[32] = {0};
    is_int(crc32c(zeros, 32), 0x8a9136aa, "also over 32 zeros (RFC 3720)");
}

static int count(const void *data, size_t len, enum err_code *rc, struct err *e)
{
    struct journal_reader *r = NULL;
    struct journal_record rec;
    int n = 0;
    uint8_t *exact = malloc(len > 0 ? len : 1);
    memcpy(exact, data, len);
    *rc = journal_open_memory(exact, len, &r, e);
    while (*rc == ERR_OK && (*rc = journal_next(r, &rec, e)) == ERR_OK)
        n++;
    journal_reader_close(r);
    free(exact);
    return n;
}

static void truncations(const struct buf *b)
{
    struct err e = ERR_INIT;
    enum err_code rc;
    int proper = 0;
    bool told = true, fewer = true;
    for (size_t n = 0; n < b->len; n++) {
        int got = count(b->data, n, &rc, &e);
        proper += rc == ERR_CLOSED;
        told = told &&
               (rc == ERR_CLOSED || (rc == ERR_DATA && strncmp(e.text, "memory: byte ", 13) == 0));
        fewer = fewer && got < (int)N_ALL;
    }
    ok(told, "every truncation ends properly or is told with its offset");
    ok(fewer, "and loses a record");
    is_int(proper, N_ALL - 1, "only the ends of whole records are proper ends");
    (void)count("", 0, &rc, &e);
    is_str(e.text, "memory: byte 0: the journal is empty; expected a BEGIN record",
           "an empty journal is told");
}

static void flips(const struct buf *b)
{
    struct err e = ERR_INIT;
    enum err_code rc;
    uint8_t *bad = malloc(b->len);
    memcpy(bad, b->data, b->len);
    bool caught = true;
    for (size_t bit = 0; bit < 8 * b->len; bit++) {
        bad[bit / 8] ^= (uint8_t)(1u << bit % 8);
        (void)count(bad, b->len, &rc, &e);
        caught = caught && rc == ERR_DATA;
        bad[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    ok(caught, "every flipped bit is caught");
    free(bad);
}

/* A whole record with a right checksum but wrong content. */
static void crafted(size_t at, uint8_t value, const char *want, const char *title)
{
    struct journal_record r = {.type = JOURNAL_BEGIN};
    uint8_t out[128];
    size_t len = 0;
    struct err e = ERR_INIT;
    enum err_code rc;
    (void)journal_encode(&r, out, sizeof out, &len, &e);
    out[at] = value;
    uint32_t crc = crc32c(out + 8, len - 8);
    for (int i = 0; i < 4; i++)
        out[4 + i] = (uint8_t)(crc >> 8 * i);
    (void)count(out, len, &rc, &e);
    if (!ok(rc == ERR_DATA && strstr(e.text, want) != NULL, "%s", title))
        printf("# %s \"%s\"\n", err_name(rc), e.text);
}

static void hostile(void)
{
    struct err e = ERR_INIT;
    enum err_code rc;
    crafted(8, 99, "its type is unknown", "an unknown type is refused");
    crafted(8, JOURNAL_CLOCK, "its body is longer", "a body too long for its type is refused");
    crafted(8, JOURNAL_OUTCOME, "its body is shorter", "a body too short is refused");
    crafted(8, JOURNAL_CAPTURE_STATS, "its body is longer", "also of a type without fields");
    crafted(10, 2, "its version is not 1", "another version is refused");
    crafted(12, 1, "out of sequence", "a gap in the sequence is refused");
    crafted(32, 9, "a string is longer", "a string beyond its record is refused");
    uint8_t huge[8] = {255, 255, 255, 255};
    (void)count(huge, 8, &rc, &e);
    ok(rc == ERR_DATA && strstr(e.text, "length is out of range") != NULL,
       "a huge length is refused");
    struct journal_record first = {.type = JOURNAL_CLOCK};
    uint8_t out[64];
    size_t len = 0;
    (void)journal_encode(&first, out, sizeof out, &len, &e);
    (void)count(out, len, &rc, &e);
    ok(rc == ERR_DATA && strstr(e.text, "the first record is not BEGIN") != NULL,
       "a journal begins with BEGIN");

    struct journal_writer *w = NULL;
    char *big = calloc(1, 70000);
    struct journal_record r = {.type = JOURNAL_END, .u.end = {.text = {big, 65000}}};
    is_int(journal_create(path, &w, &e), ERR_OK, "created");
    is_int(journal_write(w, &r, &e), ERR_OK, "a record just below the ceiling is written");
    r.u.end.text.len = 65536;
    is_int(journal_write(w, &r, &e), ERR_USAGE, "a text that is too long is refused");
    r.u.end.text.len = 65535;
    is_int(journal_write(w, &r, &e), ERR_USAGE, "a record above the ceiling is refused");
    r = (struct journal_record){.type = JOURNAL_ATTEMPT, .u.attempt = {.n_expect = 5}};
    is_int(journal_write(w, &r, &e), ERR_USAGE, "too many expectations are refused");
    is_int(journal_close(w, &e), ERR_OK, "closed");
    free(big);
}

static void follow(const struct buf *b)
{
    struct err e = ERR_INIT;
    struct journal_reader *r = NULL;
    struct journal_record rec;
    FILE *f = fopen(path, "w");
    bool again = true;
    size_t n = 0;
    is_int(journal_open(path, true, &r, &e), ERR_OK, "an empty journal can be followed");
    for (size_t i = 0; i < b->len; i++) {
        (void)fputc(b->data[i], f);
        (void)fflush(f);
        enum err_code rc;
        while ((rc = journal_next(r, &rec, &e)) == ERR_OK) {
            again = again && same(&all[n], &rec);
            n++;
        }
        again = again && rc == (i + 1 < b->len ? ERR_AGAIN : ERR_CLOSED);
    }
    ok(again && n == N_ALL, "a journal that grows byte by byte gives each record once it is whole");
    journal_reader_close(r);
    (void)ftruncate(fileno(f), (off_t)b->len - 1);
    (void)fclose(f);
    (void)journal_open(path, true, &r, &e);
    while (journal_next(r, &rec, &e) == ERR_OK)
        continue;
    is_int(journal_next(r, &rec, &e), ERR_AGAIN, "half a record is waited for");
    journal_finish(r);
    is_int(journal_next(r, &rec, &e), ERR_DATA, "until the journal is finished: then it is cut");
    ok(strstr(e.text,
              "cut inside a record; expected the rest of it (the last whole record is number 11)"),
       "which is told with the last whole record");
    journal_reader_close(r);
}

int main(void)
{
    struct buf bytes;
    buf_init(&bytes, LIMIT_JOURNAL_RECORD_BYTES);
    int fd = mkstemp(path);
    if (fd == -1)
        return 1;
    (void)close(fd);
    round_trip(&bytes);
    layout();
    truncations(&bytes);
    flips(&bytes);
    hostile();
    follow(&bytes);
    buf_release(&bytes);
    (void)unlink(path);
    return done_testing();
}
