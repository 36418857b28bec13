#include <string.h>

#include "harness/base/clock.h"
#include "harness/report/expected_impl.h"

static bool covers(const struct expected_entry *x, const struct result_row *row,
                   const struct result_variant *v, int criterion)
{
    return !x->expired && strcmp(x->row, row->id) == 0 &&
           (x->use_case == NULL || strcmp(x->use_case, row->use_case) == 0) &&
           (x->leg == NULL || v == NULL || strcmp(x->leg, v->leg) == 0) &&
           (x->criterion == -1 || v == NULL || x->criterion == criterion);
}

int expected_dominant(const struct result_variant *v)
{
    int most = -1;
    for (int c = CAUSE_OK + 1; c < CAUSE_COUNT; c++)
        if (v->by_cause[c] > 0 && (most == -1 || v->by_cause[c] > v->by_cause[most]))
            most = c;
    return most;
}

/* The first entry that covers the point; v NULL: a row without a reading. */
static struct result_expected judge(struct expected *x, const struct result_row *row,
                                    const struct result_variant *v, int criterion,
                                    enum outcome outcome, bool spoils)
{
    for (size_t i = 0; i < x->n; i++) {
        struct expected_entry *mine = &x->entry[i];
        if (!covers(mine, row, v, criterion))
            continue;
        struct result_expected out = {EXPECTATION_NONE, mine->line, mine->what, mine->reason};
        if (!spoils) {
            mine->passes += outcome == OUTCOME_PASS;
            continue;
        }
        bool alike = outcome == mine->outcome && (v != NULL || mine->criterion == -1) &&
                     (mine->cause == -1 || (v != NULL && expected_dominant(v) == mine->cause));
        out.is = alike ? EXPECTATION_MET : EXPECTATION_OTHER;
        mine->fails++;
        return out;
    }
    return (struct result_expected){EXPECTATION_NONE, 0, NULL, NULL};
}

/* The evidence's day against the last one of each entry; both read "2026-12-31". */
static void date(struct expected *x, const struct result *r)
{
    char stamp[40];
    clock_iso(r->last_ns, stamp, sizeof stamp);
    for (size_t i = 0; i < x->n; i++) {
        struct expected_entry *mine = &x->entry[i];
        mine->passed = false;
        mine->expired =
            mine->until != NULL && r->last_ns > 0 && strncmp(stamp, mine->until, 10) > 0;
    }
}

/* What nothing of the list explains, as an exit status. */
static int worse(int status, enum outcome o)
{
    int mine = o == OUTCOME_FAIL    ? EXIT_FAIL
               : o == OUTCOME_ERROR ? EXIT_HARNESS
                                    : EXIT_INCONCLUSIVE;
    static const int order[] = {EXIT_FAIL, EXIT_HARNESS, EXIT_INCONCLUSIVE};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (status == order[i] || mine == order[i])
            return order[i];
    return status;
}

/* A point that spoils, with what the list says of it, into the run's account. */
static void account(struct result *r, const struct result_expected *point, enum outcome o)
{
    r->expected.met += point->is == EXPECTATION_MET;
    r->expected.other += point->is == EXPECTATION_OTHER;
    if (point->is == EXPECTATION_OTHER)
        o = OUTCOME_FAIL;
    if (point->is != EXPECTATION_MET)
        r->expected.exit_status = worse(r->expected.exit_status, o);
}

/* What a row without a reading, or the points of its readings, come to. */
static void apply_row(struct expected *x, struct result *r, struct result_row *row)
{
    enum outcome own = words_row_outcome(row);
    struct result_expected met = {0}, other = {0};
    bool unlisted = false;
    row->expected = met;
    if (row->n_variant == 0) {
        row->expected = judge(x, row, NULL, -1, own, outcome_spoils(own));
        if (outcome_spoils(own))
            account(r, &row->expected, own);
        return;
    }
    for (size_t i = 0; i < row->n_variant; i++) {
        struct result_variant *v = (struct result_variant *)&row->variant[i];
        for (int k = 0; k < CRITERION_COUNT; k++) {
            struct words_point p = words_point(row, i, (enum criterion_kind)k);
            struct result_expected *mine = &v->criterion[k].expected;
            *mine = (struct result_expected){0};
            if (result_shown(v, (enum criterion_kind)k))
                *mine = judge(x, row, v, k, p.outcome, p.spoils);
            if (!p.spoils)
                continue;
            account(r, mine, p.outcome);
            if (mine->is == EXPECTATION_MET)
                met = *mine;
            else if (mine->is == EXPECTATION_OTHER)
                other = *mine;
            else
                unlisted = true;
        }
    }
    if (other.is != EXPECTATION_NONE)
        row->expected = other;
    else if (!unlisted)
        row->expected = met;
}

/* Points of entries under which nothing failed in this row. */
static void mark_passes(struct expected *x, struct result_row *row)
{
    for (size_t e = 0; e < x->n; e++) {
        struct expected_entry *mine = &x->entry[e];
        struct result_expected passes = {EXPECTATION_PASSES, mine->line, mine->what, mine->reason};
        if (mine->fails > 0 || mine->passes == 0)
            continue;
        mine->passed = true;
        for (size_t i = 0; i < row->n_variant; i++) {
            struct result_variant *v = (struct result_variant *)&row->variant[i];
            for (int k = 0; k < CRITERION_COUNT; k++)
                if (words_point(row, i, (enum criterion_kind)k).outcome == OUTCOME_PASS &&
                    covers(mine, row, v, k))
                    v->criterion[k].expected = passes;
        }
        if (!outcome_spoils(words_row_outcome(row)))
            row->expected = passes;
    }
}

enum err_code expected_apply(struct expected *x, struct result *r, struct err *e)
{
    enum err_code rc = expected_check_result(x, r, e);
    if (rc != ERR_OK)
        return rc;
    r->expected.list = x->path;
    r->expected.met = r->expected.other = r->expected.passes = r->expected.expired = 0;
    r->expected.exit_status = EXIT_ALL_PASS;
    date(x, r);
    for (size_t i = 0; i < r->n_row; i++) {
        for (size_t k = 0; k < x->n; k++)
            x->entry[k].fails = x->entry[k].passes = 0;
        apply_row(x, r, (struct result_row *)&r->row[i]);
        mark_passes(x, (struct result_row *)&r->row[i]);
    }
    for (size_t i = 0; i < x->n; i++) {
        r->expected.expired += x->entry[i].expired;
        r->expected.passes += x->entry[i].passed;
    }
    if (r->expected.exit_status == EXIT_ALL_PASS && r->expected.passes > 0)
        r->expected.exit_status = EXIT_INCONCLUSIVE;
    if (r->expected.exit_status == EXIT_ALL_PASS && result_exit(&r->summary) == EXIT_NOTHING)
        r->expected.exit_status = EXIT_NOTHING;
    return ERR_OK;
}
