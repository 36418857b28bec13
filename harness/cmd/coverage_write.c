#include <stdio.h>
#include <string.h>

#include "harness/cmd/coverage.h"
#include "harness/cmd/grid.h"

#define REASONS_MAX 200

const char *coverage_kind_name(enum coverage_kind kind)
{
    static const char *const name[KIND_COUNT] = {"command answered",
                                                 "message read back",
                                                 "answer to its request",
                                                 "message unproved",
                                                 "reply",
                                                 "event",
                                                 "own time",
                                                 "forwarded",
                                                 "population",
                                                 "share per period",
                                                 "each destination",
                                                 "after an event",
                                                 "image in blocks"};
    return name[kind];
}

static const char *const criterion[SCORED_COUNT] = {"reliability", "latency", "size",
                                                    "window",      "rate",    "confidentiality"};

/* Several times in the table: borrowed by other use cases. */
static bool alone(const struct coverage *c, const struct coverage_row *r)
{
    for (size_t i = 0; i < c->n_row; i++)
        if (&c->row[i] != r && strcmp(c->row[i].id, r->id) == 0)
            return false;
    return true;
}

static const char *kinds_text(const struct coverage_row *r, struct arena *a)
{
    char text[400] = "";
    size_t n = 0;
    for (int k = 0; k < KIND_COUNT; k++)
        if (r->kinds & 1u << k && n < sizeof text)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n == 0 ? "" : "; ",
                                  coverage_kind_name((enum coverage_kind)k));
    return arena_strdup(a, text);
}

static const char *scored_text(const struct coverage_row *r, struct arena *a)
{
    char text[80] = "";
    size_t n = 0;
    for (int k = 0; k < SCORED_COUNT; k++)
        if (r->scored & 1u << k)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n == 0 ? "" : ", ",
                                  criterion[k]);
    return arena_strdup(a, text);
}

/* Rate and confidentiality are for those who ask for them. */
static bool missing(const struct coverage_row *r, int k)
{
    return coverage_exercised(r) && k < SCORED_RATE && !(r->scored & 1u << k) && r->why[k] != NULL;
}

static const char *why_text(const struct coverage_row *r, struct arena *a)
{
    char text[2000] = "";
    size_t n = 0;
    if (!coverage_exercised(r))
        return r->reason;
    for (int k = 0; k < SCORED_COUNT; k++)
        if (missing(r, k) && n < sizeof text)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s: %s", n == 0 ? "" : "; ",
                                  criterion[k], r->why[k]);
    return arena_strdup(a, text);
}

struct totals {
    size_t role[PLAN_ROLE_COUNT], exercised, kind[KIND_COUNT], unlisted;
};

static struct totals count(const struct coverage *c)
{
    struct totals t = {0};
    for (size_t i = 0; i < c->n_row; i++) {
        const struct coverage_row *r = &c->row[i];
        t.exercised += coverage_exercised(r);
        t.unlisted += r->unlisted;
        for (int k = 0; k < PLAN_ROLE_COUNT; k++)
            t.role[k] += r->by[k][0] != '\0';
        for (int k = 0; k < KIND_COUNT; k++)
            t.kind[k] += (r->kinds >> k) & 1;
    }
    return t;
}

/* Rows of the document: each counts once, however many use cases borrow it. */
static void count_listed(const struct coverage *c, size_t *listed, size_t *done)
{
    *listed = *done = 0;
    for (size_t i = 0; i < c->n_row; i++) {
        bool first = true, exercised = coverage_exercised(&c->row[i]);
        for (size_t k = 0; k < c->n_row; k++)
            if (k != i && strcmp(c->row[k].id, c->row[i].id) == 0) {
                first = first && k > i;
                exercised = exercised && coverage_exercised(&c->row[k]);
            }
        *listed += first && !c->row[i].unlisted;
        *done += first && !c->row[i].unlisted && exercised;
    }
}

static enum err_code totals(const struct coverage *c, struct buf *out, struct err *e)
{
    struct totals t = count(c);
    size_t listed, done;
    count_listed(c, &listed, &done);
    enum err_code rc = buf_printf(
        out, e,
        "%zu of %zu rows exercised, under every use case that runs them (%zu lines, %zu of them "
        "rows that no table of the document holds),\nby %zu statements: to the equipment %zu, from "
        "it %zu, through it %zu.",
        done, listed, c->n_row, t.unlisted, c->n_statement, t.role[PLAN_TO_EUT],
        t.role[PLAN_FROM_EUT], t.role[PLAN_THROUGH_EUT]);
    for (int k = 0; k < KIND_COUNT && rc == ERR_OK; k++)
        rc = buf_printf(out, e, "%s%s %zu", k == 0 ? "\nKinds of exchange: " : ", ",
                        coverage_kind_name((enum coverage_kind)k), t.kind[k]);
    return rc == ERR_OK ? buf_puts(out, ".\n", e) : rc;
}

enum err_code coverage_table(const struct coverage *c, size_t width, struct buf *out, struct err *e)
{
    static const char *const header[] = {"row",     "use case",    "scenario", "to",        "from",
                                         "through", "by exchange", "scored",   "not scored"};
    struct grid g;
    struct arena a = ARENA_INIT;
    enum err_code rc = ERR_OK;
    grid_init(&g, header, sizeof header / sizeof header[0]);
    for (size_t i = 0; i < c->n_row && rc == ERR_OK; i++) {
        const struct coverage_row *r = &c->row[i];
        const char *const cell[] = {r->id,
                                    r->use_case,
                                    r->file,
                                    r->by[PLAN_TO_EUT],
                                    r->by[PLAN_FROM_EUT],
                                    r->by[PLAN_THROUGH_EUT],
                                    kinds_text(r, &a),
                                    scored_text(r, &a),
                                    why_text(r, &a)};
        rc = grid_add(&g, cell, e);
    }
    if (rc == ERR_OK)
        rc = grid_table(&g, width, false, out, e);
    if (rc == ERR_OK)
        rc = buf_puts(out, "\n", e);
    if (rc == ERR_OK)
        rc = totals(c, out, e);
    grid_release(&g);
    arena_release(&a);
    return rc;
}

struct reasons {
    const char *text[REASONS_MAX];
    size_t n;
};

/* Its number, from 1; the last one takes what does not fit. */
static size_t number_of(struct reasons *x, const char *text)
{
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(x->text[i], text) == 0)
            return i + 1;
    if (x->n < REASONS_MAX)
        x->text[x->n++] = text;
    return x->n;
}

static enum err_code put_link(const struct coverage_row *r, struct buf *out, struct err *e)
{
    enum err_code rc = buf_printf(out, e, "| [%s](", r->id);
    for (const char *p = r->file; *p != '\0' && rc == ERR_OK; p++)
        rc = *p == ' ' ? buf_puts(out, "%20", e) : buf_append(out, p, 1, e);
    return rc == ERR_OK ? buf_puts(out, ")", e) : rc;
}

static enum err_code put_by(const struct coverage_row *r, struct buf *out, struct err *e)
{
    static const char *const word[PLAN_ROLE_COUNT] = {NULL, "to", "from", "through"};
    enum err_code rc = ERR_OK;
    bool first = true;
    for (int k = PLAN_TO_EUT; k < PLAN_ROLE_COUNT && rc == ERR_OK; k++)
        if (r->by[k][0] != '\0') {
            rc = buf_printf(out, e, "%s*%s* %s", first ? "" : "; ", word[k], r->by[k]);
            first = false;
        }
    return rc == ERR_OK && first ? buf_puts(out, "nothing", e) : rc;
}

static enum err_code put_criteria(const struct coverage_row *r, struct reasons *x, struct buf *out,
                                  struct err *e)
{
    static const char letter[SCORED_COUNT + 1] = "RLSWQC";
    enum err_code rc = buf_puts(out, " | ", e);
    for (int k = 0; k < SCORED_COUNT && rc == ERR_OK; k++)
        if (r->scored & 1u << k)
            rc = buf_append(out, &letter[k], 1, e);
    if (rc == ERR_OK)
        rc = buf_puts(out, " |", e);
    if (rc == ERR_OK && !coverage_exercised(r))
        rc = buf_printf(out, e, " %zu", number_of(x, r->reason == NULL ? "" : r->reason));
    for (int k = 0; k < SCORED_COUNT && rc == ERR_OK; k++)
        if (missing(r, k))
            rc = buf_printf(out, e, " %c%zu", letter[k], number_of(x, r->why[k]));
    return rc == ERR_OK ? buf_puts(out, " |\n", e) : rc;
}

enum err_code coverage_markdown(const struct coverage *c, struct buf *out, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct reasons x = {.n = 0};
    enum err_code rc = totals(c, out, e);
    if (rc == ERR_OK)
        rc = buf_puts(out,
                      "\n<details>\n<summary>Row by row</summary>\n\n"
                      "Scored: R reliability, L latency, S size, W window, Q rate, C "
                      "confidentiality; numbers stand for the reasons below.\n\n"
                      "| row | exercised | by exchange | scored | not scored |\n"
                      "|---|---|---|---|---|\n",
                      e);
    for (size_t i = 0; i < c->n_row && rc == ERR_OK; i++) {
        const struct coverage_row *r = &c->row[i];
        rc = r->file != NULL ? put_link(r, out, e) : buf_printf(out, e, "| %s", r->id);
        if (rc == ERR_OK && !alone(c, r))
            rc = buf_printf(out, e, " (%s)", r->use_case);
        if (rc == ERR_OK && r->unlisted)
            rc = buf_puts(out, " (our reading)", e);
        if (rc == ERR_OK)
            rc = buf_puts(out, " | ", e);
        if (rc == ERR_OK)
            rc = put_by(r, out, e);
        const char *kinds = kinds_text(r, &a);
        if (rc == ERR_OK)
            rc = buf_printf(out, e, " | %s", kinds == NULL ? "" : kinds);
        if (rc == ERR_OK)
            rc = put_criteria(r, &x, out, e);
    }
    if (rc == ERR_OK)
        rc = buf_puts(out, "\n", e);
    for (size_t i = 0; i < x.n && rc == ERR_OK; i++)
        rc = buf_printf(out, e, "%zu. %s\n", i + 1, x.text[i]);
    if (rc == ERR_OK)
        rc = buf_puts(out, "\n</details>\n", e);
    arena_release(&a);
    return rc;
}
