#include "harness/score/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/score/spill.h"

#define CONTEXTS_MOST 1000000u

struct history {
    struct records records;
    struct exchange_record ahead; /* read, not given yet */
    enum err_code state;          /* of ahead: ERR_OK, or ERR_CLOSED */
    struct history_context *context;
    size_t n_context;
};

static enum err_code keep_context(struct history *h, const struct history_context *c, size_t *cap,
                                  const char *path, struct err *e)
{
    if (h->n_context == CONTEXTS_MOST)
        return err_set(e, ERR_DATA, "%s: more than %u context records", path, CONTEXTS_MOST);
    if (h->n_context == *cap) {
        size_t more = *cap == 0 ? 64 : 2 * *cap;
        struct history_context *room = realloc(h->context, more * sizeof *room);
        if (room == NULL)
            return err_set(e, ERR_NOMEM, "%s: no memory to read it", path);
        h->context = room;
        *cap = more;
    }
    h->context[h->n_context++] = *c;
    return ERR_OK;
}

/* They stand at the end: read from there, then put into the order of the file. */
static enum err_code read_contexts(struct history *h, const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd == -1 || fstat(fd, &st) == -1) {
        int number = errno;
        if (fd != -1)
            (void)close(fd);
        return err_sys(e, number, "%s: cannot be read", path);
    }
    enum err_code rc = ERR_OK;
    size_t cap = 0;
    struct history_context c;
    off_t at = st.st_size;
    while (rc == ERR_OK && at >= (off_t)(SPILL_HEADER_BYTES + sizeof c)) {
        at -= (off_t)sizeof c;
        if (pread(fd, &c, sizeof c, at) != (ssize_t)sizeof c || c.row != RECORDS_CONTEXT)
            break;
        rc = keep_context(h, &c, &cap, path, e);
    }
    (void)close(fd);
    for (size_t i = 0; i < h->n_context / 2; i++) {
        c = h->context[i];
        h->context[i] = h->context[h->n_context - 1 - i];
        h->context[h->n_context - 1 - i] = c;
    }
    return rc;
}

static enum err_code read_ahead(struct history *h, struct err *e)
{
    enum err_code rc = records_next(&h->records, &h->ahead, e);
    h->state = rc == ERR_OK ? ERR_OK : ERR_CLOSED;
    return rc == ERR_CLOSED ? ERR_OK : rc;
}

enum err_code history_open(const char *path, struct history **out, struct err *e)
{
    *out = NULL;
    struct history *h = calloc(1, sizeof *h);
    if (h == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to read it", path);
    enum err_code rc = records_open(path, NULL, &h->records, e);
    if (rc != ERR_OK) {
        free(h);
        return rc;
    }
    rc = read_contexts(h, path, e);
    if (rc == ERR_OK)
        rc = read_ahead(h, e);
    if (rc == ERR_OK)
        *out = h;
    else
        history_close(h);
    return rc;
}

void history_close(struct history *h)
{
    if (h == NULL)
        return;
    records_close(&h->records);
    free(h->context);
    free(h);
}

enum err_code history_next(struct history *h, struct exchange_record *out, bool *last,
                           struct err *e)
{
    if (h->state != ERR_OK)
        return h->state;
    *out = h->ahead;
    enum err_code rc = read_ahead(h, e);
    const struct exchange_record *next = &h->ahead;
    *last = h->state != ERR_OK || next->row != out->row || next->variant != out->variant ||
            next->scenario != out->scenario || next->kase != out->kase || next->trial != out->trial;
    return rc;
}

const struct history_context *history_find(const struct history *h, enum history_context_kind kind,
                                           uint32_t row, uint32_t variant)
{
    for (size_t i = 0; i < h->n_context; i++) {
        const struct history_context *c = &h->context[i];
        if (c->kind == (uint32_t)kind && c->of_row == row && c->of_variant == variant)
            return c;
    }
    return NULL;
}

void history_deployment(const struct history *h, struct deployment *out)
{
    out->n = 0;
    for (size_t i = 0; i < h->n_context; i++) {
        const struct history_context *c = &h->context[i];
        if (c->kind == CONTEXT_CLOCK)
            (void)deployment_set(out, c->value[0], c->value[1], c->value[2]);
    }
}

void history_rate(const struct history_context *c, struct rate_count *out)
{
    const int64_t *v = c->value;
    *out = (struct rate_count){.originators = (uint64_t)v[0],
                               .silent = (uint64_t)v[1],
                               .periods = (uint64_t)v[2],
                               .good = (uint64_t)v[3],
                               .edge = (uint64_t)v[4],
                               .bad = (uint64_t)v[5],
                               .frame_first = (uint64_t)v[6],
                               .frame_last = (uint64_t)v[7],
                               .dropped = v[8] != 0};
}

void history_mismatch(const struct history_context *c, char *out, size_t size)
{
    (void)snprintf(out, size,
                   "the journal says decided after %lld outcomes, the evidence says %s %lld",
                   (long long)c->value[0], c->value[1] != 0 ? "after" : "undecided at",
                   (long long)c->value[2]);
}
