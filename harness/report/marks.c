#include "harness/report/marks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECES_MAX 8192
#define READ_AHEAD 256 /* marks of each piece */

/* A sorted piece: marks from..to-1 of the file, of which some are read ahead. */
struct piece {
    uint64_t from, to;
    struct mark_of *ahead; /* NULL: all in memory */
    size_t at, n;
};

struct marks {
    FILE *file; /* NULL: one piece, and it is in memory */
    struct mark_of *mark;
    size_t n;
    uint64_t written;
    struct piece *piece;
    size_t n_piece;
    size_t *heap; /* of pieces by their first mark */
    size_t n_heap;
};

enum err_code marks_new(struct marks **out, struct err *e)
{
    *out = NULL;
    struct marks *m = calloc(1, sizeof *m);
    if (m != NULL)
        m->mark = malloc(MARKS_PIECE * sizeof *m->mark);
    if (m == NULL || m->mark == NULL) {
        free(m);
        return err_set(e, ERR_NOMEM, "no memory for %u packets", MARKS_PIECE);
    }
    *out = m;
    return ERR_OK;
}

void marks_free(struct marks *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < m->n_piece; i++)
        free(m->piece[i].ahead);
    if (m->file != NULL)
        (void)fclose(m->file);
    free(m->piece);
    free(m->heap);
    free(m->mark);
    free(m);
}

/* By packet; within one as the exchanges lie in the plan. */
static int in_order(const void *a, const void *b)
{
    const struct mark_of *x = a, *y = b;
    if (x->frame != y->frame)
        return x->frame < y->frame ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->variant != y->variant)
        return x->variant < y->variant ? -1 : 1;
    if (x->trial != y->trial)
        return x->trial < y->trial ? -1 : 1;
    if (x->sub != y->sub)
        return x->sub < y->sub ? -1 : 1;
    return (int)x->end - (int)y->end;
}

static enum err_code add_piece(struct marks *m, struct piece p, struct err *e)
{
    if (m->n_piece == PIECES_MAX)
        return err_set(e, ERR_LIMIT, "more than %llu packets of exchanges",
                       (unsigned long long)PIECES_MAX * MARKS_PIECE);
    struct piece *more = realloc(m->piece, (m->n_piece + 1) * sizeof *more);
    if (more == NULL)
        return err_set(e, ERR_NOMEM, "no memory to sort packets");
    m->piece = more;
    m->piece[m->n_piece++] = p;
    return ERR_OK;
}

static enum err_code write_piece(struct marks *m, struct err *e)
{
    qsort(m->mark, m->n, sizeof *m->mark, in_order);
    if (m->file == NULL)
        m->file = tmpfile();
    if (m->file == NULL || fwrite(m->mark, sizeof *m->mark, m->n, m->file) != m->n)
        return err_sys(e, errno, "a temporary file for %zu packets cannot be written", m->n);
    enum err_code rc = add_piece(m, (struct piece){m->written, m->written + m->n, NULL, 0, 0}, e);
    m->written += m->n;
    m->n = 0;
    return rc;
}

enum err_code marks_put(struct marks *m, const struct mark_of *x, struct err *e)
{
    m->mark[m->n++] = *x;
    return m->n == MARKS_PIECE ? write_piece(m, e) : ERR_OK;
}

static const struct mark_of *first_of(const struct marks *m, size_t piece)
{
    const struct piece *p = &m->piece[piece];
    return p->ahead == NULL ? &m->mark[p->at] : &p->ahead[p->at];
}

/* Reads on where the piece has been used up; n 0: it is at its end. */
static enum err_code refill(struct marks *m, struct piece *p, struct err *e)
{
    if (p->at < p->n || p->ahead == NULL)
        return ERR_OK;
    p->at = p->n = 0;
    size_t want = p->to - p->from < READ_AHEAD ? (size_t)(p->to - p->from) : READ_AHEAD;
    size_t bytes = want * sizeof *p->ahead, got = 0;
    while (got < bytes) {
        ssize_t n = pread(fileno(m->file), (char *)p->ahead + got, bytes - got,
                          (off_t)(p->from * sizeof *p->ahead + got));
        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_sys(e, n == 0 ? EIO : errno, "a temporary file cannot be read back");
        got += (size_t)n;
    }
    p->from += want;
    p->n = want;
    return ERR_OK;
}

static void sink(struct marks *m, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < m->n_heap; child++)
            if (in_order(first_of(m, m->heap[child]), first_of(m, m->heap[least])) < 0)
                least = child;
        if (least == at)
            return;
        size_t swap = m->heap[at];
        m->heap[at] = m->heap[least];
        m->heap[least] = swap;
        at = least;
    }
}

enum err_code marks_sort(struct marks *m, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (m->file == NULL) {
        qsort(m->mark, m->n, sizeof *m->mark, in_order);
        rc = add_piece(m, (struct piece){0, 0, NULL, 0, m->n}, e);
    } else if (m->n > 0) {
        rc = write_piece(m, e);
    }
    if (rc == ERR_OK && m->file != NULL && fflush(m->file) != 0)
        rc = err_sys(e, errno, "a temporary file cannot be written");
    if (rc == ERR_OK)
        m->heap = calloc(m->n_piece + 1, sizeof *m->heap);
    if (rc == ERR_OK && m->heap == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory to sort packets");
    for (size_t i = 0; i < m->n_piece && rc == ERR_OK; i++) {
        struct piece *p = &m->piece[i];
        if (m->file != NULL) {
            p->ahead = malloc(READ_AHEAD * sizeof *p->ahead);
            if (p->ahead == NULL)
                return err_set(e, ERR_NOMEM, "no memory to sort packets");
            rc = refill(m, p, e);
        }
        if (rc == ERR_OK && p->n > 0)
            m->heap[m->n_heap++] = i;
    }
    for (size_t i = m->n_heap / 2; i-- > 0 && rc == ERR_OK;)
        sink(m, i);
    if (m->file != NULL) {
        free(m->mark);
        m->mark = NULL;
    }
    return rc;
}

const struct mark_of *marks_first(const struct marks *m)
{
    return m->n_heap == 0 ? NULL : first_of(m, m->heap[0]);
}

enum err_code marks_take(struct marks *m, struct err *e)
{
    struct piece *p = &m->piece[m->heap[0]];
    p->at++;
    enum err_code rc = refill(m, p, e);
    if (rc != ERR_OK) {
        m->n_heap = 0;
        return rc;
    }
    if (p->at == p->n)
        m->heap[0] = m->heap[--m->n_heap];
    sink(m, 0);
    return ERR_OK;
}
