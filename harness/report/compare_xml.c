#include <stdio.h>

#include "harness/base/xmlw.h"
#include "harness/report/compare_impl.h"
#include "harness/report/words.h"

static void attr_f(struct xmlw *w, const char *name, double value)
{
    char s[32];
    (void)snprintf(s, sizeof s, "%.6g", value);
    xmlw_attr(w, name, s);
}

static void put_run(struct xmlw *w, const char *name, const struct result *r)
{
    xmlw_open(w, name);
    xmlw_attr_foreign(w, "plan-digest", r->plan_digest);
    xmlw_attr_foreign(w, "nonce", r->nonce);
    xmlw_attr_foreign(w, "vendor", r->vendor);
    xmlw_attr_foreign(w, "model", r->model);
    xmlw_attr_foreign(w, "firmware", r->firmware);
    xmlw_attr_foreign(w, "profile", r->profile_name);
    xmlw_attr(w, "outcome", outcome_name(words_whole(&r->summary)));
    xmlw_close(w, name);
}

static const char *criterion_outcome(const struct result_variant *v, int k)
{
    return outcome_name(outcome_of(v->criterion[k].verdict, v->criterion[k].status));
}

static void put_test(struct xmlw *w, const struct compare_reading *r, enum compare_kind k)
{
    const struct compare_test *t = &r->test[k];
    xmlw_open(w, "test");
    xmlw_attr(w, "kind", compare_kind_name(k));
    if (t->left_out != NULL) {
        xmlw_attr(w, "left-out", t->left_out);
        xmlw_close(w, "test");
        return;
    }
    xmlw_attr(w, "word", compare_word_name(t->word));
    xmlw_attr_bool(w, "significant", t->significant);
    xmlw_attr_bool(w, "together", t->together);
    attr_f(w, "p", t->p);
    attr_f(w, "adjusted", t->adjusted);
    xmlw_attr_u64(w, "n-a", t->n_a);
    xmlw_attr_u64(w, "n-b", t->n_b);
    if (k == COMPARE_LATENCY)
        attr_f(w, "slower-share", t->above);
    if (k != COMPARE_LATENCY) {
        xmlw_attr_u64(w, "x-a", t->x_a);
        xmlw_attr_u64(w, "x-b", t->x_b);
    }
    if (k != COMPARE_SHARE) {
        xmlw_attr_i64(w, "p50-a-ns", r->a->percentile_ns[1]);
        xmlw_attr_i64(w, "p50-b-ns", r->b->percentile_ns[1]);
        xmlw_attr_i64(w, "p99-a-ns", r->a->percentile_ns[4]);
        xmlw_attr_i64(w, "p99-b-ns", r->b->percentile_ns[4]);
    }
    xmlw_close(w, "test");
}

static void put_reading(struct xmlw *w, const struct compare_reading *r)
{
    xmlw_open(w, "reading");
    xmlw_attr_foreign(w, "leg", r->b->leg);
    xmlw_attr_foreign(w, "mode", r->b->mode);
    xmlw_attr_foreign(w, "class", r->b->device_class);
    xmlw_attr_foreign(w, "from", r->b->from);
    xmlw_attr_foreign(w, "to", r->b->to);
    for (int k = 0; k < CRITERION_COUNT; k++) {
        if (!r->shown[k])
            continue;
        xmlw_open(w, "criterion");
        xmlw_attr(w, "kind", criterion_name((enum criterion_kind)k));
        xmlw_attr(w, "word", compare_word_name(r->criterion[k]));
        xmlw_attr(w, "a", criterion_outcome(r->a, k));
        xmlw_attr(w, "b", criterion_outcome(r->b, k));
        xmlw_attr_bool(w, "expected", r->expected[k]);
        xmlw_close(w, "criterion");
    }
    for (int k = 0; k < COMPARE_KIND_COUNT; k++)
        put_test(w, r, (enum compare_kind)k);
    xmlw_close(w, "reading");
}

static void put_row(struct xmlw *w, const struct compare_row *x)
{
    const struct result_row *named = x->b != NULL ? x->b : x->a;
    xmlw_open(w, "row");
    xmlw_attr_foreign(w, "id", named->id);
    xmlw_attr_foreign(w, "use-case", named->use_case);
    xmlw_attr(w, "word", compare_word_name(x->word));
    if (x->a != NULL)
        xmlw_attr(w, "a", outcome_name(words_row_outcome(x->a)));
    if (x->b != NULL)
        xmlw_attr(w, "b", outcome_name(words_row_outcome(x->b)));
    for (size_t i = 0; i < x->n_reading; i++)
        put_reading(w, &x->reading[i]);
    xmlw_close(w, "row");
}

void compare_xml(const struct compare *c, struct text *out)
{
    struct xmlw w;
    xmlw_begin(&w, &out->buf, &out->err);
    xmlw_open(&w, "comparison");
    xmlw_attr(&w, "xmlns", "urn:gridassay:comparison:1");
    xmlw_attr(&w, "version", "1");
    xmlw_attr_i64(&w, "exit", compare_exit(c));
    xmlw_attr_i64(&w, "level-ppm", c->options.level_ppm);
    xmlw_attr_i64(&w, "least-shift-ppm", c->options.least_shift_ppm);
    xmlw_attr_i64(&w, "least-limit-ppm", c->options.least_limit_ppm);
    xmlw_attr_u64(&w, "tests", c->tests);
    xmlw_attr_u64(&w, "significant", c->significant);
    xmlw_attr_u64(&w, "not-counted", c->small);
    for (int i = 0; i < COMPARE_WORD_COUNT; i++)
        xmlw_attr_u64(&w, compare_word_name((enum compare_word)i), c->count[i]);
    put_run(&w, "a", c->a);
    put_run(&w, "b", c->b);
    for (size_t i = 0; i < c->n_note; i++) {
        xmlw_open(&w, "note");
        xmlw_attr_foreign(&w, "text", c->note[i]);
        xmlw_close(&w, "note");
    }
    for (size_t i = 0; i < c->n_row; i++)
        put_row(&w, &c->row[i]);
    xmlw_close(&w, "comparison");
    if (out->rc == ERR_OK)
        out->rc = w.rc;
}
