#include "harness/score/result.h"

#include <stdlib.h>
#include <string.h>

static const char *const verdict_word[VERDICT_COUNT] = {"none", "pass", "inconclusive", "fail",
                                                        "error"};
static const char *const no_verdict_word[NO_VERDICT_COUNT] = {
    "given", "not-applicable", "not-scorable", "not-exercised", "not-run", "information"};
static const char *const criterion_word[CRITERION_COUNT] = {
    "reliability", "latency", "size", "window", "rate", "confidentiality"};
static const char *const cause_word[CAUSE_COUNT] = {
    "ok",        "late",       "lost",          "refused",
    "malformed", "incomplete", "wrong-content", "wrong-correlation",
    "duplicate", "unproven",   "between",       "harness",
    "cut"};

const char *verdict_name(enum verdict v)
{
    return verdict_word[v];
}

const char *no_verdict_name(enum no_verdict s)
{
    return no_verdict_word[s];
}

const char *criterion_name(enum criterion_kind k)
{
    return criterion_word[k];
}

const char *cause_name(enum cause c)
{
    return cause_word[c];
}

bool result_shown(const struct result_variant *v, enum criterion_kind k)
{
    const struct result_criterion *c = &v->criterion[k];
    return k < CRITERION_ALWAYS || c->verdict != VERDICT_NONE || c->status != NOT_APPLICABLE ||
           (c->reason != NULL && c->reason[0] != '\0');
}

size_t result_row_criteria(const struct result_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n_variant; i++)
        for (int k = 0; k < CRITERION_COUNT; k++)
            n += result_shown(&row->variant[i], (enum criterion_kind)k);
    return n;
}

int64_t result_bin_edge_ns(unsigned bin)
{
    /* 1 us * 2^(bin/4); the quarters of an octave as exact thousandths of a nanosecond. */
    static const int64_t quarter[4] = {1000000, 1189207, 1414214, 1681793};
    return quarter[bin % 4] * (INT64_C(1) << bin / 4) / 1000;
}

int result_exit(const struct result_summary *s)
{
    if (s->fail > 0)
        return EXIT_FAIL;
    if (s->error > 0)
        return EXIT_HARNESS;
    if (s->inconclusive + s->not_exercised + s->not_scorable + s->not_run > 0)
        return EXIT_INCONCLUSIVE;
    return s->pass > 0 ? EXIT_ALL_PASS : EXIT_NOTHING;
}

const char *result_source_digest(const struct result *r, const char *kind)
{
    for (size_t i = 0; i < r->n_source; i++)
        if (strcmp(r->source[i].kind, kind) == 0)
            return r->source[i].digest;
    return "";
}

void result_free(struct result *r)
{
    if (r == NULL)
        return;
    arena_release(&r->arena);
    free(r);
}
