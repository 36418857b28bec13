#include <inttypes.h>
#include <stdio.h>

#include "harness/report/compare_impl.h"
#include "harness/report/words.h"

struct page {
    struct text *out;
    bool colour;
};

static void word(const struct page *p, enum compare_word w)
{
    static const char *const colours[COMPARE_WORD_COUNT] = {
        [COMPARE_SAME] = "\033[2m",    [COMPARE_BETTER] = "\033[32m",  [COMPARE_NEW] = "\033[36m",
        [COMPARE_APART] = "\033[33m",  [COMPARE_CHANGED] = "\033[33m", [COMPARE_GONE] = "\033[33m",
        [COMPARE_WORSE] = "\033[1;31m"};
    text_f(p->out, "%s%-9s%s", p->colour ? colours[w] : "", compare_word_name(w),
           p->colour ? "\033[0m" : "");
}

/* "p 0.0031": what is told of a probability, after the adjustment. */
static char *probability(double p, char *out, size_t size)
{
    if (p < 1e-9)
        (void)snprintf(out, size, "p < 1e-9");
    else
        (void)snprintf(out, size, p < 1e-3 ? "p %.1e" : "p %.3f", p);
    return out;
}

static const char *outcome_words(const struct result_criterion *c)
{
    return outcome_label(outcome_of(c->verdict, c->status));
}

static void criterion(const struct page *p, const struct compare_reading *r, enum criterion_kind k)
{
    const struct result_criterion *a = &r->a->criterion[k], *b = &r->b->criterion[k];
    if (r->criterion[k] == COMPARE_SAME)
        return;
    text_raw(p->out, "    ");
    word(p, r->criterion[k]);
    text_f(p->out, "%-16s %s -> %s", criterion_name(k), outcome_words(a), outcome_words(b));
    if (r->criterion[k] == COMPARE_APART) {
        text_raw(p->out, ", but it was to be ");
        words_required(p->out, r->a, k);
        text_raw(p->out, ", and is to be ");
        words_required(p->out, r->b, k);
    }
    if (r->expected[k])
        text_raw(p->out, ", as expected");
    if (b->reason != NULL && b->reason[0] != '\0') {
        text_raw(p->out, ": ");
        text_clip(p->out, TEXT_PLAIN, b->reason, 160);
    }
    text_raw(p->out, "\n");
}

static void percentiles(const struct page *p, const struct compare_reading *r)
{
    static const struct {
        int at;
        const char *name;
    } of[] = {{1, "median"}, {4, "p99"}};
    char a[WORDS_SIZE], b[WORDS_SIZE], shift[WORDS_SIZE];
    for (size_t i = 0; i < 2; i++) {
        int64_t was = r->a->percentile_ns[of[i].at], is = r->b->percentile_ns[of[i].at];
        if (was < 0 || is < 0)
            continue;
        text_f(p->out, "%s%s %s -> %s (%s%s)", i == 0 ? "" : ", ", of[i].name,
               words_duration(was, a, sizeof a), words_duration(is, b, sizeof b),
               is < was ? "-" : "+",
               words_duration(is < was ? was - is : is - was, shift, sizeof shift));
    }
}

/* A test that found something; one that found what is too small to count says so. */
static void test(const struct page *p, const struct compare_reading *r, enum compare_kind k)
{
    const struct compare_test *t = &r->test[k];
    char s[WORDS_SIZE], a[WORDS_SIZE], b[WORDS_SIZE];
    if (t->left_out != NULL || t->word == COMPARE_SAME)
        return;
    text_raw(p->out, "    ");
    word(p, t->word);
    switch (k) {
    case COMPARE_SHARE:
        text_f(p->out, "%-16s %" PRIu64 " of %" PRIu64 " (%s) -> %" PRIu64 " of %" PRIu64 " (%s)",
               "successes", t->x_a, t->n_a, words_share(t->x_a, t->n_a, a, sizeof a), t->x_b,
               t->n_b, words_share(t->x_b, t->n_b, b, sizeof b));
        break;
    case COMPARE_LATENCY:
        text_f(p->out, "%-16s ", "latency");
        percentiles(p, r);
        text_f(p->out, ", slower in %.1f %% of pairs", t->above * 100.0);
        break;
    case COMPARE_TAIL:
        text_f(p->out, "%-16s ", "slowest 5 %");
        text_f(p->out, "%" PRIu64 " of %" PRIu64 " -> %" PRIu64 " of %" PRIu64 ", ", t->x_a, t->n_a,
               t->x_b, t->n_b);
        percentiles(p, r);
        break;
    case COMPARE_KIND_COUNT:
        break;
    }
    text_f(p->out, ", %s\n", probability(t->adjusted, s, sizeof s));
}

static void row(const struct page *p, const struct compare_row *x)
{
    const struct result_row *named = x->b != NULL ? x->b : x->a;
    word(p, x->word);
    words_row(p->out, TEXT_PLAIN, named);
    text_f(p->out, "  %s", x->a == NULL ? "not there" : outcome_label(words_row_outcome(x->a)));
    text_f(p->out, " -> %s\n", x->b == NULL ? "not there" : outcome_label(words_row_outcome(x->b)));
    for (size_t i = 0; i < x->n_reading; i++) {
        const struct compare_reading *r = &x->reading[i];
        bool any = false;
        for (int k = 0; k < CRITERION_COUNT; k++)
            any = any || r->criterion[k] != COMPARE_SAME;
        for (int k = 0; k < COMPARE_KIND_COUNT; k++)
            any = any || r->test[k].word != COMPARE_SAME;
        if (any && x->b->n_variant > 1) {
            text_raw(p->out, "  ");
            words_variant(p->out, TEXT_PLAIN, x->b, r->index_b);
            text_raw(p->out, "\n");
        }
        for (int k = 0; k < CRITERION_COUNT; k++)
            criterion(p, r, (enum criterion_kind)k);
        for (int k = 0; k < COMPARE_KIND_COUNT; k++)
            test(p, r, (enum compare_kind)k);
    }
    if (x->a != NULL && x->b != NULL && x->unmatched_a + x->unmatched_b > 0)
        text_f(p->out, "    readings of one run only, not compared: %zu of a, %zu of b\n",
               x->unmatched_a, x->unmatched_b);
}

/* Tests that could not be made though both runs judged the row, by their reasons. */
static void left_out(const struct page *p, const struct compare *c)
{
    for (size_t i = 0; i < c->n_row; i++)
        for (size_t j = 0; j < c->row[i].n_reading; j++) {
            const struct compare_reading *r = &c->row[i].reading[j];
            const struct compare_test *t = &r->test[COMPARE_SHARE];
            if (t->left_out == NULL || r->a->used == 0 || r->b->used == 0)
                continue;
            text_raw(p->out, "not tested  ");
            words_row(p->out, TEXT_PLAIN, c->row[i].b);
            text_f(p->out, " successes: %s\n", t->left_out);
        }
}

static void run(const struct page *p, const char *letter, const char *name, const struct result *r)
{
    text_f(p->out, "%s  ", letter);
    text_esc(p->out, TEXT_PLAIN, name);
    text_raw(p->out, "  ");
    words_equipment(p->out, TEXT_PLAIN, r);
    if (r->firmware != NULL && r->firmware[0] != '\0') {
        text_raw(p->out, ", firmware ");
        text_clip(p->out, TEXT_PLAIN, r->firmware, 80);
    }
    text_f(p->out, ", %s\n", outcome_label(words_whole(&r->summary)));
}

void compare_text(const struct compare *c, const char *name_a, const char *name_b, bool colour,
                  struct text *out)
{
    static const enum compare_word order[] = {COMPARE_WORSE, COMPARE_GONE, COMPARE_CHANGED,
                                              COMPARE_APART, COMPARE_NEW,  COMPARE_BETTER};
    const struct page p = {out, colour};
    run(&p, "a", name_a, c->a);
    run(&p, "b", name_b, c->b);
    for (size_t i = 0; i < c->n_note; i++) {
        text_raw(out, "note  ");
        text_clip(out, TEXT_PLAIN, c->note[i], 700);
        text_raw(out, "\n");
    }
    text_raw(out, "\n");
    for (size_t w = 0; w < sizeof order / sizeof order[0]; w++)
        for (size_t i = 0; i < c->n_row; i++)
            if (c->row[i].word == order[w])
                row(&p, &c->row[i]);
    left_out(&p, c);
    text_f(out, "\n%zu rows:", c->n_row);
    for (size_t w = 0; w < sizeof order / sizeof order[0]; w++)
        if (c->count[order[w]] > 0)
            text_f(out, " %" PRIu32 " %s,", c->count[order[w]], compare_word_name(order[w]));
    text_f(out, " %" PRIu32 " the same\n", c->count[COMPARE_SAME]);
    text_f(out,
           "%" PRIu32 " tests at %" PRId64 ".%02" PRId64 " %% together (Holm): %" PRIu32
           " significant, %" PRIu32 " of them too small or too close together to count\n",
           c->tests, c->options.level_ppm / 10000, c->options.level_ppm % 10000 / 100,
           c->significant, c->small);
    int status = compare_exit(c);
    text_f(out, "%s (exit status %d)\n",
           status == EXIT_FAIL           ? "something got worse"
           : status == EXIT_INCONCLUSIVE ? "nothing got worse, but what is expected to fail passes"
                                         : "nothing got worse",
           status);
}
