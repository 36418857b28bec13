#include "harness/report/annotate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/report/annotate_impl.h"
#include "harness/report/words.h"

struct annotation {
    const struct result *result;
    struct marks *marks;
    struct text line;
    /* What is the same for all exchanges of a reading, made when it is first asked for. */
    char ***verdicts;
};

/* "reliability pass, latency fail, size pass" of a reading. */
static const char *verdicts_of(struct annotation *a, uint32_t row, uint32_t variant)
{
    char **kept = &a->verdicts[row][variant];
    if (*kept != NULL)
        return *kept;
    const struct result_variant *v = &a->result->row[row].variant[variant];
    struct text t;
    text_init(&t);
    const char *before = "";
    for (int k = 0; k < CRITERION_COUNT; k++) {
        const struct result_criterion *c = &v->criterion[k];
        enum outcome o = outcome_of(c->verdict, c->status);
        if (!result_shown(v, (enum criterion_kind)k) || o == OUTCOME_NOT_APPLICABLE)
            continue;
        text_f(&t, "%s%s %s", before, criterion_name((enum criterion_kind)k), outcome_label(o));
        before = ", ";
    }
    *kept = t.buf.data; /* ours from now on */
    return *kept == NULL ? "" : *kept;
}

static void describe(struct annotation *a, const struct mark_of *m)
{
    const struct result_row *row = &a->result->row[m->row];
    char s[WORDS_SIZE];
    struct text *t = &a->line;
    buf_reset(&t->buf);
    text_raw(t, "gridassay: ");
    words_row(t, TEXT_PLAIN, row);
    size_t before = t->buf.len;
    text_raw(t, ", ");
    size_t start = t->buf.len;
    words_variant(t, TEXT_PLAIN, row, m->variant);
    if (t->buf.len == start)
        text_cut(t, before);
    text_f(t, ", trial %" PRIu32, m->trial);
    if (m->sub > 0)
        text_f(t, ".%" PRIu32, m->sub);
    text_f(t, ", %s", m->end ? "end" : "origin");
    if (m->other != 0 && m->other != m->frame)
        text_f(t, " (%s is frame %" PRIu64 ")", m->end ? "origin" : "end", m->other);
    text_f(t, ": %s", cause_name((enum cause)m->cause));
    if (m->latency_ns >= 0)
        text_f(t, " after %s", words_exact(m->latency_ns, s, sizeof s));
    text_f(t, "%s; verdicts: %s", m->used ? "" : ", behind the decision, not used",
           verdicts_of(a, m->row, m->variant));
}

/* The comments of one packet; the marks come in the order of packets. */
static enum err_code comment(void *arg, uint64_t frame, struct capcopy_notes *notes, struct err *e)
{
    struct annotation *a = arg;
    const struct mark_of *m;
    uint64_t n = 0;
    while ((m = marks_first(a->marks)) != NULL && m->frame <= frame) {
        if (m->frame == frame && n++ < ANNOTATE_MOST) {
            describe(a, m);
            capcopy_note(notes, a->line.buf.data, a->line.buf.len);
        }
        enum err_code rc = marks_take(a->marks, e);
        if (rc != ERR_OK)
            return rc;
    }
    if (n > ANNOTATE_MOST) {
        char s[80];
        int len =
            snprintf(s, sizeof s, "gridassay: and %" PRIu64 " more exchanges", n - ANNOTATE_MOST);
        capcopy_note(notes, s, (size_t)len);
    }
    return ERR_OK;
}

static enum err_code make_room(struct annotation *a, struct err *e)
{
    const struct result *r = a->result;
    a->verdicts = calloc(r->n_row + 1, sizeof *a->verdicts);
    bool whole = a->verdicts != NULL;
    for (size_t i = 0; i < r->n_row && whole; i++) {
        a->verdicts[i] = calloc(r->row[i].n_variant + 1, sizeof **a->verdicts);
        whole = a->verdicts[i] != NULL;
    }
    return whole ? ERR_OK : err_set(e, ERR_NOMEM, "no memory to annotate %zu rows", r->n_row);
}

static void release(struct annotation *a)
{
    for (size_t i = 0; i < a->result->n_row && a->verdicts != NULL && a->verdicts[i] != NULL; i++) {
        for (size_t k = 0; k < a->result->row[i].n_variant; k++)
            free(a->verdicts[i][k]);
        free(a->verdicts[i]);
    }
    free(a->verdicts);
    text_release(&a->line);
    marks_free(a->marks);
}

enum err_code annotate(const struct result *r, const char *capture, const char *exchanges, int to,
                       const char *to_name, struct capcopy_counts *counts, struct err *e)
{
    struct annotation a = {.result = r};
    text_init(&a.line);
    enum err_code rc = marks_new(&a.marks, e);
    if (rc == ERR_OK)
        rc = annotate_marks(r, exchanges, a.marks, e);
    if (rc == ERR_OK)
        rc = marks_sort(a.marks, e);
    if (rc == ERR_OK)
        rc = make_room(&a, e);
    if (rc == ERR_OK)
        rc = capcopy(capture, to, to_name, comment, &a, counts, e);
    /* What was scored although it was cut is copied as far as it was scored. */
    if (rc == ERR_DATA && !r->complete && counts->frames == r->frames)
        rc = ERR_OK;
    if (rc == ERR_OK && (counts->frames != r->frames || marks_first(a.marks) != NULL))
        rc = err_set(e, ERR_EVIDENCE,
                     "%s: %" PRIu64 " packets, but run.xml was made of %" PRIu64
                     ": it is another run's capture",
                     capture, counts->frames, r->frames);
    release(&a);
    return rc;
}
