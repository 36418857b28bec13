/* Journal and capture as one stream: order, cuts, and that live and later see the same. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/evidence/merge.h"
#include "harness/evidence/pcapng.h"
#include "tests/tap.h"

static char folder[] = "/tmp/t_merge.XXXXXX";
static char capture_path[64], journal_path[64];

struct story {
    char text[4000];
    size_t len;
    int64_t now_ns;
    bool back; /* evidence time went back */
};

static void tell(struct story *s, const struct merge_item *i)
{
    s->back = s->back || i->now_ns < s->now_ns;
    s->now_ns = i->now_ns;
    int n = 0;
    char *out = s->text + s->len;
    size_t room = sizeof s->text - s->len;
    switch (i->kind) {
    case MERGE_FRAME:
        n = snprintf(out, room, "f%llu@%lld ", (unsigned long long)i->u.frame->number,
                     (long long)i->u.frame->ts_ns);
        break;
    case MERGE_STATS:
        n = snprintf(out, room, "s@%lld ", (long long)i->u.stats->ts_ns);
        break;
    case MERGE_JOURNAL:
        n = snprintf(out, room, "j%u@%lld ", i->u.journal->sequence,
                     (long long)i->u.journal->real_ns);
        break;
    case MERGE_CUT:
        n = snprintf(out, room, "cut-%s ", i->u.cut.journal ? "journal" : "capture");
        break;
    case MERGE_KIND_COUNT:
        break;
    }
    s->len += (size_t)n;
}

/* Gives what can be given now. */
static enum err_code drain(struct merge *m, struct story *s, struct err *e)
{
    struct merge_item i;
    enum err_code rc;
    while ((rc = merge_next(m, &i, e)) == ERR_OK)
        tell(s, &i);
    return rc;
}

/* Writers of both files, times as told. */
struct files {
    struct pcapng *p;
    struct journal_writer *w;
};

static struct files begin(void)
{
    struct files f = {0};
    struct err e = ERR_INIT;
    const struct pcapng_interface i = {.name = "lo", .link_type = 1};
    if (pcapng_create(capture_path, NULL, NULL, &f.p, &e) != ERR_OK ||
        pcapng_interface(f.p, &i, &e) != ERR_OK || pcapng_flush(f.p, &e) != ERR_OK ||
        journal_create(journal_path, &f.w, &e) != ERR_OK)
        abort();
    return f;
}

static void put_frame(struct files *f, int64_t ts_ns)
{
    const struct frame x = {
        .ts_ns = ts_ns, .captured_bytes = 4, .wire_bytes = 4, .data = (const uint8_t *)"data"};
    if (pcapng_frame(f->p, &x, NULL, NULL) != ERR_OK || pcapng_flush(f->p, NULL) != ERR_OK)
        abort();
}

static void put_stats(struct files *f, int64_t ts_ns)
{
    const struct capture_stats x = {.ts_ns = ts_ns};
    if (pcapng_stats(f->p, &x, NULL) != ERR_OK || pcapng_flush(f->p, NULL) != ERR_OK)
        abort();
}

static void put_record(struct files *f, enum journal_type type, int64_t real_ns)
{
    struct journal_record r = {.type = type, .real_ns = real_ns};
    if (journal_write_at(f->w, &r, NULL) != ERR_OK || journal_flush(f->w, NULL) != ERR_OK)
        abort();
}

static void end(struct files *f)
{
    (void)pcapng_close(f->p, NULL);
    (void)journal_close(f->w, NULL);
}

static void offline(const char *journal, const char *want, const char *title)
{
    struct merge *m = NULL;
    struct err e = ERR_INIT;
    struct story s = {.now_ns = INT64_MIN};
    enum err_code rc = merge_open(capture_path, journal, false, &m, &e);
    if (rc == ERR_OK)
        rc = drain(m, &s, &e);
    merge_close(m);
    ok(rc == ERR_CLOSED && !s.back, "%s: read to the end, time never goes back", title);
    is_str(s.text, want, "%s", title);
}

static void order(void)
{
    struct files f = begin();
    put_record(&f, JOURNAL_BEGIN, 100);
    put_record(&f, JOURNAL_CLOCK, 200);
    put_record(&f, JOURNAL_CLOCK, 190); /* a clock that steps back keeps its place */
    put_record(&f, JOURNAL_END, 300);
    put_frame(&f, 150);
    put_frame(&f, 200);
    put_frame(&f, 180); /* steps back: its place in the file counts */
    put_stats(&f, 250);
    put_frame(&f, 300);
    put_frame(&f, 400);
    end(&f);
    offline(journal_path, "j0@100 f1@150 j1@200 j2@190 f2@200 f3@180 s@250 j3@300 f4@300 f5@400 ",
            "earlier first, the journal before a frame of the same time, file order kept");
    offline(NULL, "f1@150 f2@200 f3@180 s@250 f4@300 f5@400 ",
            "a foreign capture without a journal");
}

static void step(struct merge *m, struct story *s, const char *want, const char *title)
{
    struct err e = ERR_INIT;
    s->len = 0;
    s->text[0] = '\0';
    enum err_code rc = drain(m, s, &e);
    if (!ok(rc == ERR_AGAIN && strcmp(s->text, want) == 0, "%s", title))
        printf("# %s, got \"%s\", want \"%s\"\n", err_name(rc), s->text, want);
}

static void live(void)
{
    struct files f = begin();
    struct merge *m = NULL;
    struct err e = ERR_INIT;
    struct story s = {.now_ns = INT64_MIN};
    is_int(merge_open(capture_path, journal_path, true, &m, &e), ERR_OK,
           "two growing files are followed");
    step(m, &s, "", "nothing yet");
    put_record(&f, JOURNAL_BEGIN, 100);
    step(m, &s, "", "a record waits until the capture has reached its time");
    put_frame(&f, 150);
    step(m, &s, "j0@100 ", "the record is given; the frame waits for the journal");
    put_record(&f, JOURNAL_CLOCK, 149);
    step(m, &s, "j1@149 ", "a heartbeat of an earlier time does not free it");
    put_record(&f, JOURNAL_CLOCK, 150);
    step(m, &s, "j2@150 ", "nor one of the same time: another could follow");
    put_record(&f, JOURNAL_CLOCK, 250);
    step(m, &s, "f1@150 ", "one of a later time does");
    put_stats(&f, 250);
    step(m, &s, "j3@250 ", "a statistics block tells that the capture has reached a time");
    put_record(&f, JOURNAL_END, 260);
    step(m, &s, "s@250 ", "and is given in its turn");
    put_frame(&f, 300);
    step(m, &s, "j4@260 f2@300 ", "an ended journal holds no frame back");
    merge_finish(m);
    s.len = 0;
    is_int(drain(m, &s, &e), ERR_CLOSED, "finished: closed");
    merge_close(m);
    end(&f);
    offline(journal_path, "j0@100 j1@149 j2@150 f1@150 j3@250 s@250 j4@260 f2@300 ",
            "reading the same files later gives the same order");
}

static void cut(const char *path, off_t bytes)
{
    FILE *f = fopen(path, "r+");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0 || ftruncate(fileno(f), ftell(f) - bytes) != 0)
        abort();
    (void)fclose(f);
}

static void make_cut(void)
{
    struct files f = begin();
    put_record(&f, JOURNAL_BEGIN, 100);
    put_frame(&f, 150);
    put_record(&f, JOURNAL_CLOCK, 200);
    put_frame(&f, 250);
    put_record(&f, JOURNAL_CLOCK, 300);
    put_frame(&f, 350);
    end(&f);
}

static void cuts(void)
{
    make_cut();
    cut(capture_path, 1);
    offline(journal_path, "j0@100 f1@150 j1@200 f2@250 cut-capture j2@300 ",
            "a cut capture: what is whole counts, and the journal goes on");
    make_cut();
    cut(journal_path, 1);
    offline(journal_path, "j0@100 f1@150 j1@200 cut-journal f2@250 f3@350 ",
            "a cut journal: what is whole counts, and the capture goes on");
    cut(capture_path, 1);
    offline(journal_path, "j0@100 f1@150 j1@200 cut-journal f2@250 cut-capture ", "both cut");

    struct merge *m = NULL;
    struct err e = ERR_INIT;
    struct story s = {.now_ns = INT64_MIN};
    (void)merge_open(capture_path, journal_path, true, &m, &e);
    is_int(drain(m, &s, &e), ERR_AGAIN, "while following, half a record may still become whole");
    merge_finish(m);
    is_int(drain(m, &s, &e), ERR_CLOSED, "finished, it is a cut");
    is_str(s.text, "j0@100 f1@150 j1@200 cut-journal f2@250 cut-capture ",
           "in the same place as when read later");
    merge_close(m);
}

/* A run of ours that was killed before a file held anything. */
static void early_cut(void)
{
    make_cut();
    if (truncate(journal_path, 20) != 0)
        abort();
    offline(journal_path, "cut-journal f1@150 f2@250 f3@350 ",
            "a journal cut before its first record is whole is a cut, the capture goes on");
    if (truncate(journal_path, 0) != 0 || truncate(capture_path, 2) != 0)
        abort();
    offline(journal_path, "cut-journal cut-capture ", "also where both hold nothing");
    struct merge *m = NULL;
    struct err e = ERR_INIT;
    is_int(merge_open(capture_path, NULL, false, &m, &e), ERR_DATA,
           "a foreign capture that holds nothing is refused");
}

static void unusable(void)
{
    struct merge *m = NULL;
    struct err e = ERR_INIT;
    struct merge_item i;
    make_cut();
    int fd = open(journal_path, O_WRONLY);
    if (fd == -1 || pwrite(fd, "no journal at all!", 18, 0) != 18)
        abort();
    (void)close(fd);
    is_int(merge_open(capture_path, journal_path, false, &m, &e), ERR_OK, "opened");
    is_int(merge_next(m, &i, &e), ERR_DATA, "what is no journal is refused, whatever its length");
    merge_close(m);
    is_int(merge_open(journal_path, NULL, false, &m, &e), ERR_DATA, "a journal is no capture");
    ok(m == NULL, "and nothing is left open");
    is_int(merge_open(capture_path, "/nonexistent", true, &m, &e), ERR_DATA,
           "a missing journal is told");
}

/* Whatever the pace at which the files grow, the stream is the same. */
static void any_pace(void)
{
    static char later[4000];
    struct err e = ERR_INIT;
    srand(7);
    bool same = true, any = false;
    for (int round = 0; round < 200; round++) {
        struct files f = begin();
        struct merge *m = NULL;
        struct story s = {.now_ns = INT64_MIN};
        (void)merge_open(capture_path, journal_path, true, &m, &e);
        int64_t c_ns = 100, j_ns = 100;
        put_record(&f, JOURNAL_BEGIN, j_ns);
        for (int n = 0; n < 60; n++) {
            int what = rand() % 4;
            if (what == 0)
                put_record(&f, JOURNAL_CLOCK, j_ns += rand() % 4);
            else if (what == 1)
                put_frame(&f, (c_ns += rand() % 4) - (rand() % 5 == 0 ? 2 : 0));
            else if (what == 2)
                put_stats(&f, c_ns += rand() % 3);
            else
                (void)drain(m, &s, &e);
        }
        merge_finish(m);
        (void)drain(m, &s, &e);
        merge_close(m);
        end(&f);
        struct story t = {.now_ns = INT64_MIN};
        (void)merge_open(capture_path, journal_path, false, &m, &e);
        (void)drain(m, &t, &e);
        merge_close(m);
        same = same && strcmp(s.text, t.text) == 0 && !s.back;
        any = any || strcmp(later, t.text) != 0;
        memcpy(later, t.text, sizeof later);
    }
    ok(same && any, "200 runs at any pace: the live stream is the later one");
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(capture_path, sizeof capture_path, "%s/capture.pcapng", folder);
    (void)snprintf(journal_path, sizeof journal_path, "%s/journal", folder);
    order();
    live();
    cuts();
    early_cut();
    unusable();
    any_pace();
    (void)unlink(capture_path);
    (void)unlink(journal_path);
    (void)rmdir(folder);
    return done_testing();
}
