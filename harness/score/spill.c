#include "harness/score/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/file.h"

#define SUB (INT64_C(1) << SPILL_SUB_BITS)
#define BUFFERED 1024  /* records */
#define SELECT_BITS 12 /* sub-bins of one pass over the file */
#define SELECT_BINS (1 << SELECT_BITS)

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "records are written as they lie in memory");

struct header {
    char magic[8];
    uint32_t record_bytes, reserved;
};

struct spill {
    struct buf path, part;
    int fd;
    bool finished;
    uint64_t written; /* records in the file */
    size_t n;
    struct exchange_record record[BUFFERED];
};

static size_t bin_of(int64_t value)
{
    if (value < SUB)
        return value < 0 ? 0 : (size_t)value;
    unsigned octave = 63u - (unsigned)__builtin_clzll((unsigned long long)value);
    unsigned shift = octave - SPILL_SUB_BITS;
    return ((size_t)(shift + 1) << SPILL_SUB_BITS) + (size_t)(value >> shift & (SUB - 1));
}

static int64_t bin_low(size_t bin)
{
    if (bin < (size_t)SUB)
        return (int64_t)bin;
    size_t shift = (bin >> SPILL_SUB_BITS) - 1;
    return (SUB + (int64_t)(bin & (SUB - 1))) << shift;
}

static int64_t bin_width(size_t bin)
{
    return bin < (size_t)SUB ? 1 : INT64_C(1) << ((bin >> SPILL_SUB_BITS) - 1);
}

void spill_count(struct spill_histogram *h, int64_t value)
{
    h->n++;
    h->bin[bin_of(value)]++;
}

void spill_locate(const struct spill_histogram *h, struct spill_rank *r)
{
    uint64_t left = r->rank;
    size_t bin = 0;
    while (bin < SPILL_HISTOGRAM_BINS - 1 && left > h->bin[bin])
        left -= h->bin[bin++];
    r->low = r->value_ns = bin_low(bin);
    r->width = bin_width(bin);
    r->below = left;
}

static enum err_code flush(struct spill *s, struct err *e)
{
    enum err_code rc = file_write(s->fd, s->record, s->n * sizeof *s->record, s->part.data, e);
    s->written += s->n;
    s->n = 0;
    return rc;
}

enum err_code spill_create(const char *path, struct spill **out, struct err *e)
{
    *out = NULL;
    struct spill *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_set(e, ERR_NOMEM, "no memory to write %s", path);
    s->fd = -1;
    buf_init(&s->path, 8192);
    buf_init(&s->part, 8192);
    struct header header = {SPILL_MAGIC, sizeof(struct exchange_record), 0};
    enum err_code rc = buf_puts(&s->path, path, e);
    if (rc == ERR_OK)
        rc = buf_printf(&s->part, e, "%s.part", path);
    if (rc == ERR_OK) {
        s->fd = open(s->part.data, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (s->fd == -1)
            rc = err_sys(e, errno, "%s: cannot be made", s->part.data);
    }
    if (rc == ERR_OK)
        rc = file_write(s->fd, &header, sizeof header, s->part.data, e);
    if (rc == ERR_OK)
        *out = s;
    else
        spill_close(s);
    return rc;
}

enum err_code spill_put(struct spill *s, const struct exchange_record *r, struct err *e)
{
    s->record[s->n++] = *r;
    return s->n == BUFFERED ? flush(s, e) : ERR_OK;
}

/* Counts a record's latency into the sub-bins of the ranks that lie there. */
static void look(const struct exchange_record *x, struct spill_rank *rank, size_t n)
{
    if (x->used == 0 || (x->flags & OUTCOME_DELIVERED) == 0 || x->latency_ns < 0)
        return;
    for (size_t i = 0; i < n; i++) {
        struct spill_rank *r = &rank[i];
        if (r->count == NULL || r->row != x->row || r->variant != x->variant ||
            x->latency_ns < r->low || x->latency_ns - r->low >= r->width)
            continue;
        int64_t step = r->width > SELECT_BINS ? r->width / SELECT_BINS : 1;
        r->count[(x->latency_ns - r->low) / step]++;
    }
}

static void narrow(struct spill_rank *r)
{
    int64_t step = r->width > SELECT_BINS ? r->width / SELECT_BINS : 1;
    size_t bin = 0;
    while (bin < SELECT_BINS - 1 && r->below > r->count[bin])
        r->below -= r->count[bin++];
    r->low += (int64_t)bin * step;
    r->value_ns = r->low;
    r->width = step;
    memset(r->count, 0, SELECT_BINS * sizeof *r->count);
}

static enum err_code pass(struct spill *s, struct spill_rank *rank, size_t n, struct err *e)
{
    static const size_t chunk = BUFFERED * sizeof(struct exchange_record);
    off_t at = sizeof(struct header);
    for (;;) {
        ssize_t got = pread(s->fd, s->record, chunk, at);
        if (got == -1 && errno == EINTR)
            continue;
        if (got == -1)
            return err_sys(e, errno, "%s: cannot be read back", s->part.data);
        if (got == 0)
            return ERR_OK;
        size_t whole = (size_t)got / sizeof(struct exchange_record);
        for (size_t i = 0; i < whole; i++)
            look(&s->record[i], rank, n);
        at += (off_t)(whole * sizeof(struct exchange_record));
        if (whole == 0)
            return ERR_OK;
    }
}

enum err_code spill_select(struct spill *s, struct spill_rank *rank, size_t n, struct err *e)
{
    enum err_code rc = flush(s, e);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        rank[i].count = rank[i].width > 1 ? calloc(SELECT_BINS, sizeof *rank[i].count) : NULL;
        if (rank[i].count == NULL && rank[i].width > 1)
            rc = err_set(e, ERR_NOMEM, "no memory for %zu percentiles", n);
    }
    bool more = false;
    for (size_t i = 0; i < n; i++)
        more = more || rank[i].count != NULL;
    while (rc == ERR_OK && more) {
        more = false;
        rc = pass(s, rank, n, e);
        for (size_t i = 0; i < n && rc == ERR_OK; i++) {
            if (rank[i].count == NULL)
                continue;
            narrow(&rank[i]);
            if (rank[i].width > 1) {
                more = true;
            } else {
                free(rank[i].count);
                rank[i].count = NULL;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        free(rank[i].count);
        rank[i].count = NULL;
    }
    return rc;
}

enum err_code spill_finish(struct spill *s, struct err *e)
{
    enum err_code rc = flush(s, e);
    if (rc == ERR_OK && rename(s->part.data, s->path.data) == -1)
        rc = err_sys(e, errno, "%s: cannot be given its name", s->path.data);
    s->finished = rc == ERR_OK;
    return rc;
}

void spill_close(struct spill *s)
{
    if (s == NULL)
        return;
    if (s->fd != -1) {
        (void)close(s->fd);
        if (!s->finished)
            (void)unlink(s->part.data);
    }
    buf_release(&s->path);
    buf_release(&s->part);
    free(s);
}
