#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/compare_impl.h"
#include "harness/report/words.h"

const char *compare_word_name(enum compare_word w)
{
    static const char *const names[COMPARE_WORD_COUNT] = {"same",    "better", "new",  "apart",
                                                          "changed", "gone",   "worse"};
    return (unsigned)w < COMPARE_WORD_COUNT ? names[w] : "?";
}

const char *compare_kind_name(enum compare_kind k)
{
    static const char *const names[COMPARE_KIND_COUNT] = {"share", "latency", "tail"};
    return (unsigned)k < COMPARE_KIND_COUNT ? names[k] : "?";
}

bool compare_same(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

const char *compare_say(struct compare *c, const char *fmt, ...)
{
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return arena_strdup(&c->arena, text);
}

/* ---- who is whose -------------------------------------------------------------------------------
 */

static bool same_reading(const struct result_variant *a, const struct result_variant *b)
{
    return compare_same(a->leg, b->leg) && compare_same(a->mode, b->mode) &&
           compare_same(a->device_class, b->device_class) && compare_same(a->role, b->role) &&
           compare_same(a->from, b->from) && compare_same(a->to, b->to);
}

static enum err_code match_readings(struct compare *c, struct compare_row *row, struct err *e)
{
    size_t n_a = row->a->n_variant, n_b = row->b->n_variant;
    bool *taken = arena_alloc(&c->arena, n_a + 1);
    row->reading = arena_alloc(&c->arena, (n_b + 1) * sizeof *row->reading);
    if (taken == NULL || row->reading == NULL)
        return err_set(e, ERR_NOMEM, "no memory to compare %s", row->b->id);
    for (size_t i = 0; i < n_b; i++)
        for (size_t k = 0; k < n_a; k++)
            if (!taken[k] && same_reading(&row->a->variant[k], &row->b->variant[i])) {
                taken[k] = true;
                row->reading[row->n_reading++] = (struct compare_reading){
                    &row->a->variant[k], &row->b->variant[i], .index_a = k, .index_b = i};
                break;
            }
    row->unmatched_a = n_a - row->n_reading;
    row->unmatched_b = n_b - row->n_reading;
    return ERR_OK;
}

static enum err_code match_rows(struct compare *c, struct err *e)
{
    bool *taken = arena_alloc(&c->arena, c->a->n_row + 1);
    c->row = arena_alloc(&c->arena, (c->a->n_row + c->b->n_row + 1) * sizeof *c->row);
    if (taken == NULL || c->row == NULL)
        return err_set(e, ERR_NOMEM, "no memory to compare %zu rows", c->a->n_row + c->b->n_row);
    for (size_t i = 0; i < c->b->n_row; i++) {
        struct compare_row *row = &c->row[c->n_row++];
        row->b = &c->b->row[i];
        for (size_t k = 0; k < c->a->n_row && row->a == NULL; k++)
            if (!taken[k] && compare_same(c->a->row[k].id, row->b->id) &&
                compare_same(c->a->row[k].use_case, row->b->use_case)) {
                taken[k] = true;
                row->a = &c->a->row[k];
            }
        enum err_code rc = row->a == NULL ? ERR_OK : match_readings(c, row, e);
        if (rc != ERR_OK)
            return rc;
    }
    for (size_t k = 0; k < c->a->n_row; k++)
        if (!taken[k])
            c->row[c->n_row++].a = &c->a->row[k];
    return ERR_OK;
}

enum err_code compare_new(const struct result *a, const struct result *b,
                          const struct compare_options *options, struct compare **out,
                          struct err *e)
{
    *out = NULL;
    struct compare *c = calloc(1, sizeof *c);
    if (c == NULL)
        return err_set(e, ERR_NOMEM, "no memory to compare");
    c->a = a;
    c->b = b;
    c->options = *options;
    enum err_code rc = match_rows(c, e);
    c->side = calloc(2, sizeof *c->side);
    if (rc == ERR_OK && c->side == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory to compare");
    if (rc == ERR_OK)
        rc = compare_side_init(&c->side[0], a, e);
    if (rc == ERR_OK)
        rc = compare_side_init(&c->side[1], b, e);
    if (rc == ERR_OK)
        *out = c;
    else
        compare_free(c);
    return rc;
}

void compare_free(struct compare *c)
{
    if (c == NULL)
        return;
    for (int i = 0; i < 2 && c->side != NULL; i++)
        compare_side_release(&c->side[i]);
    free(c->side);
    arena_release(&c->arena);
    free(c);
}

/* ---- words --------------------------------------------------------------------------------------
 */

/* How bad an outcome is; -1: nothing was judged. */
static int badness(enum outcome o)
{
    switch (o) {
    case OUTCOME_PASS:
        return 0;
    case OUTCOME_INCONCLUSIVE:
    case OUTCOME_NOT_EXERCISED:
    case OUTCOME_NOT_SCORABLE:
    case OUTCOME_NOT_RUN:
        return 1;
    case OUTCOME_FAIL:
    case OUTCOME_ERROR:
        return 2;
    case OUTCOME_NOT_APPLICABLE:
    case OUTCOME_INFORMATION:
    case OUTCOME_COUNT:
        break;
    }
    return -1;
}

static enum compare_word change(enum outcome a, enum outcome b)
{
    int was = badness(a), is = badness(b);
    if (was == -1 || is == -1)
        return was == is ? COMPARE_SAME : was == -1 ? COMPARE_NEW : COMPARE_GONE;
    if (was != is)
        return is > was ? COMPARE_WORSE : COMPARE_BETTER;
    return a == b ? COMPARE_SAME : COMPARE_CHANGED;
}

bool compare_asks_alike(const struct compare_reading *r, enum criterion_kind k)
{
    struct text a, b;
    text_init(&a);
    text_init(&b);
    words_required(&a, r->a, k);
    words_required(&b, r->b, k);
    bool alike = compare_same(a.buf.data, b.buf.data);
    text_release(&a);
    text_release(&b);
    return alike;
}

static void word_criterion(struct compare_reading *r, enum criterion_kind k)
{
    const struct result_criterion *a = &r->a->criterion[k], *b = &r->b->criterion[k];
    enum compare_word w =
        change(outcome_of(a->verdict, a->status), outcome_of(b->verdict, b->status));
    r->shown[k] = result_shown(r->a, k) || result_shown(r->b, k);
    if ((w == COMPARE_BETTER || w == COMPARE_WORSE || w == COMPARE_CHANGED) &&
        !compare_asks_alike(r, k))
        w = COMPARE_APART;
    r->expected[k] = b->expected.is == EXPECTATION_MET;
    r->criterion[k] = w;
}

static enum compare_word worst(enum compare_word a, enum compare_word b)
{
    return a > b ? a : b;
}

/* A failure that a list expects in this very way makes nothing worse. */
static enum compare_word weighed(enum compare_word w, bool expected)
{
    return expected && w == COMPARE_WORSE ? COMPARE_CHANGED : w;
}

static enum compare_word word_row(struct compare_row *row)
{
    static const enum outcome none = OUTCOME_NOT_APPLICABLE;
    enum outcome a = row->a == NULL ? none : words_row_outcome(row->a);
    enum outcome b = row->b == NULL ? none : words_row_outcome(row->b);
    enum compare_word word = COMPARE_SAME;
    bool met = row->b != NULL && row->b->expected.is == EXPECTATION_MET;
    if (row->n_reading == 0)
        return weighed(change(a, b), met);
    for (size_t i = 0; i < row->n_reading; i++) {
        struct compare_reading *r = &row->reading[i];
        for (int k = 0; k < CRITERION_COUNT; k++) {
            word_criterion(r, (enum criterion_kind)k);
            word = worst(word, weighed(r->criterion[k], r->expected[k]));
        }
        for (int k = 0; k < COMPARE_KIND_COUNT; k++)
            word = worst(word, r->test[k].word);
    }
    if (row->unmatched_b > 0)
        word = worst(word, COMPARE_NEW);
    if (row->unmatched_a > 0)
        word = worst(word, COMPARE_GONE);
    return word;
}

enum err_code compare_conclude(struct compare *c, struct err *e)
{
    c->records = c->side[0].read && c->side[1].read;
    enum err_code rc = compare_run_tests(c, e);
    for (size_t i = 0; i < c->n_row && rc == ERR_OK; i++) {
        c->row[i].word = word_row(&c->row[i]);
        c->count[c->row[i].word]++;
    }
    return rc;
}

int compare_exit(const struct compare *c)
{
    if (c->count[COMPARE_WORSE] > 0 || (c->count[COMPARE_GONE] > 0 && !c->options.partial))
        return EXIT_FAIL;
    return c->b->expected.passes > 0 ? EXIT_INCONCLUSIVE : EXIT_ALL_PASS;
}
