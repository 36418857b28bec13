/* How it was decided: the rule in sentences, then each distinct rule with what it can do. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/plan/rule.h"
#include "harness/report/html.h"

#define RULES_SHOWN 24

struct distinct {
    const struct result_clause *k;
    const struct result_variant *v; /* one of those that it judged */
    uint32_t users;
};

static bool same(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

static bool same_rule(const struct result_clause *a, const struct result_clause *b)
{
    return a->ratio_ppb == b->ratio_ppb && a->n == b->n && a->fail_at == b->fail_at &&
           same(a->rule, b->rule) && same(a->accepts, b->accepts) && same(a->rejects, b->rejects);
}

/* Every rule of the result once, in its order; returns how many, more than RULES_SHOWN left out. */
static size_t collect(const struct result *r, struct distinct *out)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_row; i++)
        for (size_t j = 0; j < r->row[i].n_variant; j++) {
            const struct result_variant *v = &r->row[i].variant[j];
            for (size_t c = 0; c < v->n_clause; c++) {
                size_t at = 0;
                while (at < n && !same_rule(out[at].k, &v->clause[c]))
                    at++;
                if (at == n && n < RULES_SHOWN)
                    out[n++] = (struct distinct){&v->clause[c], v, 0};
                if (at < n)
                    out[at].users++;
            }
        }
    return n;
}

/* A probability in per cent, rounded up in the third digit behind the point: never told better. */
static void percent(struct text *t, double p)
{
    char s[WORDS_SIZE];
    int64_t ppb = llround(ceil(p * 1e5 - 1e-6)) * 10000;
    text_raw(t, words_ratio(ppb > 1000000000 ? 1000000000 : ppb, s, sizeof s));
}

static void expected(struct text *t, const struct rule *r, double rate)
{
    struct rule_characteristic c;
    if (html_characteristic(r, rate, &c))
        html_count(t, (uint64_t)llround(c.expected));
    else
        text_raw(t, "-");
}

static void numbers(struct text *t, const struct distinct *d, const struct rule *rule, double p0,
                    double p1)
{
    struct rule_characteristic c;
    const struct result_clause *k = d->k;
    text_raw(t, "<dl class=\"facts\"><div><dt>Takes at most</dt><dd>");
    html_count(t, k->n);
    text_raw(t, " units</dd></div>");
    if (rule->accept[0] > 0) {
        text_raw(t, "<div><dt>Passes without failure after</dt><dd>");
        html_count(t, rule->accept[0]);
        text_raw(t, "</dd></div>");
    }
    uint32_t least = 0;
    while (least < rule->steps && rule->reject[least] == 0)
        least++;
    text_f(t,
           "<div><dt>Fails at the earliest with</dt><dd>%" PRIu32 " failed</dd></div>"
           "<div><dt>Fails always with</dt><dd>%" PRIu32 " failed</dd></div>",
           least, k->fail_at);
    if (p0 > 0 && html_characteristic(rule, p0, &c)) {
        text_raw(t, "<div><dt>Producer&#39;s risk, exact at p0</dt><dd>");
        percent(t, c.rejects);
        text_raw(t, "</dd></div>");
    }
    if (html_characteristic(rule, p1, &c)) {
        text_raw(t, "<div><dt>Consumer&#39;s risk, exact at p1</dt><dd>");
        percent(t, c.accepts);
        text_raw(t, "</dd></div>");
    }
    text_raw(t, "<div><dt>Expected number: perfect, at p0, at p1</dt><dd>");
    expected(t, rule, 0);
    text_raw(t, ", ");
    if (p0 > 0)
        expected(t, rule, p0);
    else
        text_raw(t, "-");
    text_raw(t, ", ");
    expected(t, rule, p1);
    text_f(t, "</dd></div><div><dt>Judged</dt><dd>%" PRIu32 " %s</dd></div></dl>\n", d->users,
           d->users == 1 ? "reading" : "readings");
    if (d->v->unit != NULL && strcmp(d->v->unit, "event") == 0)
        text_raw(t, "<p class=\"small\">Computed for events that lose all of their devices or "
                    "none; the stated risks hold for any share that is lost.</p>\n");
}

static void one_rule(struct text *t, const struct result *r, const struct distinct *d)
{
    char s[WORDS_SIZE];
    struct arena a = ARENA_INIT;
    struct rule rule;
    if (html_rule_of(&a, d->k, &rule, NULL) == ERR_OK) {
        int64_t p1 = 1000000000 - d->k->ratio_ppb;
        int64_t p0 = r->discrimination_milli > 0 && !words_is_short(d->k->rule)
                         ? p1 * 1000 / r->discrimination_milli
                         : 0;
        text_f(t, "<article class=\"one-rule\"><div><h4>&gt; %s",
               words_ratio(d->k->ratio_ppb, s, sizeof s));
        text_f(t, "</h4><p>%s: p1 %s", words_rule_name(d->k->rule), words_ratio(p1, s, sizeof s));
        if (p0 > 0)
            text_f(t, ", p0 %s", words_ratio((p0 + 500) / 1000 * 1000, s, sizeof s));
        text_raw(t, "</p>\n");
        numbers(t, d, &rule, (double)p0 / 1e9, (double)p1 / 1e9);
        text_raw(t, "</div>\n");
        html_plot_characteristic(t, &rule, p0, p1);
        text_raw(t, "</article>\n");
    }
    arena_release(&a);
}

void html_rules(struct text *t, const struct result *r)
{
    char s[WORDS_RULE_SIZE];
    const char *sentence;
    struct distinct d[RULES_SHOWN];
    text_raw(t, "<section class=\"card wide\" id=\"rule\"><h3>How it was decided</h3>\n"
                "<ol class=\"rule\">");
    for (unsigned i = 0; (sentence = words_rule(r, i, s, sizeof s)) != NULL; i++) {
        text_raw(t, "<li>");
        text_esc(t, TEXT_MARKUP, sentence);
        text_raw(t, "</li>");
    }
    text_raw(t, "</ol>\n");
    size_t n = collect(r, d);
    if (n > 0)
        text_raw(t, "<div class=\"rules\">\n");
    for (size_t i = 0; i < n; i++)
        one_rule(t, r, &d[i]);
    if (n > 0)
        text_raw(t, "</div>\n");
    text_raw(t, "</section>\n");
}
