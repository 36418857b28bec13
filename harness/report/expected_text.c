#include <inttypes.h>

#include "harness/report/expected_impl.h"

const char *expected_exit_words(int status)
{
    switch (status) {
    case EXIT_ALL_PASS:
        return "nothing failed but what is expected";
    case EXIT_FAIL:
        return "a failure that is not expected, or not in this way";
    case EXIT_INCONCLUSIVE:
        return "an expected failure passes, or something not listed is inconclusive, not "
               "exercised or not scorable";
    default:
        return words_exit(status);
    }
}

static void entry_text(const struct expected *x, const struct expected_entry *mine,
                       struct text *out)
{
    text_raw(out, "  ");
    text_esc(out, TEXT_PLAIN, x->path);
    text_f(out, ":%d: ", mine->line);
    text_clip(out, TEXT_PLAIN, mine->row, 160);
    if (mine->leg != NULL) {
        text_raw(out, " leg ");
        text_clip(out, TEXT_PLAIN, mine->leg, 80);
    }
    if (mine->criterion != -1)
        text_f(out, " %s", criterion_name((enum criterion_kind)mine->criterion));
    text_f(out, ": expected to %s %s; ",
           mine->outcome == OUTCOME_FAIL || mine->outcome == OUTCOME_ERROR ? "end in" : "be",
           mine->what);
}

/* What the points of an entry came to instead. */
static void others_text(const struct expected_entry *mine, const struct result *r, struct text *out)
{
    const char *before = "it is ";
    for (size_t i = 0; i < r->n_row; i++) {
        const struct result_row *row = &r->row[i];
        if (row->n_variant == 0 && row->expected.is == EXPECTATION_OTHER &&
            row->expected.line == mine->line) {
            text_f(out, "%s%s", before, outcome_label(words_row_outcome(row)));
            before = ", ";
        }
        for (size_t j = 0; j < row->n_variant; j++)
            for (int k = 0; k < CRITERION_COUNT; k++) {
                const struct result_variant *v = &row->variant[j];
                if (v->criterion[k].expected.is != EXPECTATION_OTHER ||
                    v->criterion[k].expected.line != mine->line)
                    continue;
                struct words_point p = words_point(row, j, (enum criterion_kind)k);
                int cause = expected_dominant(v);
                text_f(out, "%s%s %s%s%s", before, criterion_name((enum criterion_kind)k),
                       outcome_label(p.outcome), cause == -1 ? "" : ", mostly ",
                       cause == -1 ? "" : cause_name((enum cause)cause));
                before = "; ";
            }
    }
    text_raw(out, "\n");
}

static bool differs(const struct expected_entry *mine, const struct result *r)
{
    for (size_t i = 0; i < r->n_row; i++) {
        const struct result_row *row = &r->row[i];
        if (row->n_variant == 0 && row->expected.is == EXPECTATION_OTHER &&
            row->expected.line == mine->line)
            return true;
        for (size_t j = 0; j < row->n_variant; j++)
            for (int k = 0; k < CRITERION_COUNT; k++)
                if (row->variant[j].criterion[k].expected.is == EXPECTATION_OTHER &&
                    row->variant[j].criterion[k].expected.line == mine->line)
                    return true;
    }
    return false;
}

void expected_text(const struct expected *x, const struct result *r, struct text *out)
{
    if (x == NULL || r->expected.list == NULL)
        return;
    text_f(out,
           "\nexpected failures: %" PRIu32 " as listed, %" PRIu32 " in another way; %" PRIu32
           " that should fail pass%s; %" PRIu32 " expired\n",
           r->expected.met, r->expected.other, r->expected.passes,
           r->expected.passes == 1 ? "es" : "", r->expected.expired);
    for (size_t i = 0; i < x->n; i++) {
        const struct expected_entry *mine = &x->entry[i];
        if (mine->expired) {
            entry_text(x, mine, out);
            text_f(out, "expected until %s, which is over\n", mine->until);
        } else if (mine->passed) {
            entry_text(x, mine, out);
            text_raw(out, "it passes\n");
        } else if (differs(mine, r)) {
            entry_text(x, mine, out);
            others_text(mine, r, out);
        }
    }
    text_f(out, "with that list: exit status %d: %s\n", r->expected.exit_status,
           expected_exit_words(r->expected.exit_status));
}
