#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/cmd/plan_numbers.h"
#include "harness/cmd/plan_text.h"
#include "harness/table/cell.h"

struct page {
    struct buf *out;
    struct err *e;
    enum err_code rc;
};

__attribute__((format(printf, 2, 3))) static void line(struct page *w, const char *fmt, ...)
{
    char text[2000];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (w->rc == ERR_OK)
        w->rc = buf_printf(w->out, w->e, "%s\n", text);
}

/* Line breaks of a cell show as slashes. */
static void cells(struct page *w, const struct table_row *r)
{
    for (int c = 0; c < CELL_COUNT; c++) {
        char text[1500];
        size_t n = 0;
        for (const char *p = r->cell[c]; *p != '\0' && n < sizeof text - 4; p++) {
            if (*p == '\n')
                n += (size_t)snprintf(text + n, sizeof text - n, " / ");
            else
                text[n++] = *p;
        }
        text[n] = '\0';
        line(w, "  %-12s %s", cell_column_name((enum table_cell)c), text);
    }
}

static void criterion(struct page *w, const char *name, enum plan_scored scored, const char *why)
{
    static const char *const words[PLAN_SCORED_COUNT] = {"judged", "not applicable", "not scorable",
                                                         "information"};
    line(w, "    %-12s %s%s%s", name, words[scored], why == NULL ? "" : ": ",
         why == NULL ? "" : why);
}

/* "0 at 221, 1 at 276, 2 at 331 ... 13 at 1173", as far as it goes without tiring. */
static void steps(const uint32_t *at, uint32_t n, bool accept, char *out, size_t size)
{
    enum { SHOWN = 5 };
    size_t used = 0;
    uint32_t shown = 0, last = n;
    out[0] = '\0';
    for (uint32_t f = 0; f < n; f++)
        last = at[f] > 0 ? f : last;
    for (uint32_t f = 0; f < n && used < size; f++) {
        if (at[f] == 0 || (shown >= SHOWN && f != last))
            continue;
        const char *between = shown == 0 ? "" : shown == SHOWN && last > f - 1 ? " ... " : ", ";
        used += (size_t)snprintf(out + used, size - used, "%s%u %s %u", between, f,
                                 accept ? "at" : "within", at[f]);
        shown++;
    }
}

static void sequential(struct page *w, const struct rule *r, const char *what, const char *ratio,
                       const char *units)
{
    char list[400];
    steps(r->accept, r->steps, true, list, sizeof list);
    line(w, "    %-12s > %s: sequential, at most %u trials%s", what, ratio, r->n, units);
    line(w, "    %-12s passes with failures: %s", "", list);
    steps(r->reject, r->steps, false, list, sizeof list);
    line(w, "    %-12s fails with: %s%s%u at any time", "", list, list[0] == '\0' ? "" : ", ",
         r->steps);
}

static void clause(struct page *w, const struct plan_variant *v, const char *what,
                   const struct plan_clause *c)
{
    char ratio[100], one[40], period[40], units[80] = "", most[40] = "none";
    if (v->population > 0)
        (void)snprintf(units, sizeof units, " trials, each with the share lost of its %u devices",
                       v->population);
    (void)snprintf(ratio, sizeof ratio, "%s%s%s", plan_ratio(c->ratio_ppb, one, sizeof one),
                   c->period_ns == 0 ? "" : " in ",
                   c->period_ns == 0 ? "" : plan_duration(c->period_ns, period, sizeof period));
    uint32_t accepts = rule_accepts_up_to(&c->rule);
    if (accepts > 0)
        (void)snprintf(most, sizeof most, "%u", accepts);
    if (c->rule.kind == RULE_SEQUENTIAL)
        sequential(w, &c->rule, what, ratio, v->population > 0 ? units + strlen(" trials") : "");
    else
        line(w, "    %-12s > %s: %s of %u%s may fail; %u failures in %u refute it", what, ratio,
             most, c->rule.n, units, rule_rejects_from(&c->rule), c->rule.n);
}

/* What the rules of a reading risk and take. */
static void numbers(struct page *w, const struct plan_book *b, const struct plan_variant *v,
                    const struct plan_case *c)
{
    const struct plan *p = b->plan;
    char curve[200], ns[3][40];
    for (size_t i = 0; i < v->n_clause && w->rc == ERR_OK; i++) {
        const struct plan_fact *f = plan_book_of(b, &v->clause[i]);
        if (f == NULL)
            continue;
        w->rc = plan_characteristic(f, curve, sizeof curve, w->e);
        line(w,
             "    %-12s %.3g %% of devices at p1 = %.3g %% pass, %.3g %% of those at p0 = %.3g %% "
             "fail",
             i == 0 ? "true risks" : "", 100 * f->risk.bad.accepts, 100 * f->risk.p1,
             100 * f->risk.good.rejects, 100 * f->risk.p0);
        line(w, "    %-12s passes at a failure rate of %s", "", curve);
    }
    struct plan_numbers n = plan_numbers_of(b, v);
    if (v->n_clause == 0 || c == NULL || v->observed)
        return;
    uint64_t devices = plan_case_devices(p, c);
    line(w, "    %-12s %.0f trials without a failure, %.0f at p0, %.0f at p1", "expected", n.least,
         n.good, n.bad);
    line(w, "    %-12s %s, %s, %s at %lld a second and under the duty declared", "takes",
         plan_long(plan_case_ns(p, c, n.least), ns[0], sizeof ns[0]),
         plan_long(plan_case_ns(p, c, n.good), ns[1], sizeof ns[1]),
         plan_long(plan_case_ns(p, c, n.bad), ns[2], sizeof ns[2]), (long long)p->pace_per_s);
    if (v->rate_max <= 0) {
        line(w,
             "    %-12s nobody knows: the row gives no number for one originator and a fixed "
             "period",
             "naturally");
        return;
    }
    char period[40];
    (void)snprintf(ns[2], sizeof ns[2], "%lld", (long long)v->rate_max);
    line(w, "    %-12s %.0f at %s in %s: %s with one device, %s with the %llu declared",
         "naturally", n.least, ns[2], plan_duration(v->rate_period_ns, period, sizeof period),
         plan_long(plan_natural_ns(v, 1, n.least), ns[0], sizeof ns[0]),
         plan_long(plan_natural_ns(v, devices, n.least), ns[1], sizeof ns[1]),
         (unsigned long long)devices);
    line(w, "    %-12s %.0f at p0: %s and %s", "", n.good,
         plan_long(plan_natural_ns(v, 1, n.good), ns[0], sizeof ns[0]),
         plan_long(plan_natural_ns(v, devices, n.good), ns[1], sizeof ns[1]));
}

static void limits(struct page *w, const struct plan_variant *v)
{
    char strict[40], lax[40];
    line(w, "    %-12s pass within %s, fail beyond %s (%s)", "limit",
         plan_duration(v->latency_strict_ns, strict, sizeof strict),
         plan_duration(v->latency_lax_ns, lax, sizeof lax), v->span);
    if (v->pair_strict_ns != -1)
        line(w, "    %-12s the other half has %s to %s", "pair",
             plan_duration(v->pair_strict_ns, strict, sizeof strict),
             plan_duration(v->pair_lax_ns, lax, sizeof lax));
    for (size_t i = 0; i < v->n_clause; i++)
        clause(w, v, i == 0 ? "rule" : "", &v->clause[i]);
    if (v->lax_ppb != -1)
        clause(w, v, "laxest", &v->lax);
    if (v->size_max_bytes != -1)
        line(w, "    %-12s at most %lld bytes, canonical%s", "size", (long long)v->size_max_bytes,
             v->size_band ? ", and not below the row's lower figure" : "");
    for (size_t i = 0; i < v->n_window; i++)
        line(w, "    %-12s %02d:%02d to %02d:%02d", "window", v->window[i].from_s / 3600,
             v->window[i].from_s / 60 % 60, v->window[i].to_s / 3600, v->window[i].to_s / 60 % 60);
    if (v->after_ns != -1)
        line(w, "    %-12s within %s of the %s, less what the harness held it", "window",
             plan_duration(v->after_ns, strict, sizeof strict), v->after_event);
    if (v->rate_max != -1)
        line(w, "    %-12s %lld to %lld times in %s", "how often", (long long)v->rate_min,
             (long long)v->rate_max, plan_duration(v->rate_period_ns, strict, sizeof strict));
    line(w, "    %-12s %u, at most %u; not seen within %s counts as failed", "trials", v->trials,
         v->trials_max, plan_duration(v->give_up_ns, strict, sizeof strict));
    if (v->trials_least > 0)
        line(w, "    %-12s %u are driven, decided or not: the profile asks for them", "",
             v->trials_least);
}

static void interpretations(struct page *w, const struct plan *p, const struct plan_variant *v)
{
    for (const char *id = v->interpretations; *id != '\0';) {
        size_t len = strcspn(id, " ");
        for (size_t i = 0; i < p->n_interpretation; i++) {
            const struct plan_text *x = &p->interpretation[i];
            if (strlen(x->id) == len && memcmp(x->id, id, len) == 0) {
                line(w, "    leans on     %s: %s", x->id, x->reading);
                line(w, "                 ground: %s", x->ground);
            }
        }
        id += len + (id[len] == ' ');
    }
}

/* Grounds of the readings that a variant joins: "operations+ems". */
static void grounds(struct page *w, const struct table_row *r, const struct plan_variant *v)
{
    for (size_t i = 0; i < r->n_leg; i++) {
        size_t len = strlen(r->leg[i].id);
        for (const char *p = v->leg; (p = strstr(p, r->leg[i].id)) != NULL; p += len)
            if ((p == v->leg || p[-1] == '+') &&
                (p[len] == '\0' || p[len] == '+' || p[len] == ' ')) {
                line(w, "    read so      %s", r->leg[i].ground);
                break;
            }
    }
}

/* Where a payload arrives, and whose turn it is opposite the subject. */
static void course(struct page *w, const struct plan *p, const struct plan_case *c,
                   const struct plan_target *t, enum plan_role role)
{
    if (c->population > 0)
        line(w, "                 %u of them at once in each trial", c->population);
    if (c->whole_day)
        line(w, "                 over a whole day of the deployment's clock, %lld times as fast",
             (long long)p->time_factor);
    for (size_t i = 0; i < c->n_peer; i++)
        line(w, "                 %s %s", i == 0 ? "opposite" : "in turn with",
             p->endpoint[c->peer[i]].actor);
    if (t->endpoint != -1)
        line(w, "                 %s %s", role == PLAN_TO_EUT ? "sent by" : "arrives at",
             p->endpoint[t->endpoint].actor);
}

static void driven_by(struct page *w, const struct plan *p, uint32_t row, uint32_t variant)
{
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++) {
            const struct plan_case *c = &p->scenario[s].kase[k];
            for (size_t t = 0; t < c->n_target; t++) {
                if (c->target[t].row != row || c->target[t].variant != variant)
                    continue;
                line(w, "    driven by    %s%s%s", p->scenario[s].file,
                     c->mode[0] == '\0' ? "" : ", mode ", c->mode);
                for (size_t g = 0; g < c->n_group; g++)
                    line(w, "                 %u %s: %s%s%s", p->group[c->group[g]].count,
                         p->group[c->group[g]].eut ? "devices" : "played devices",
                         p->group[c->group[g]].actor,
                         p->group[c->group[g]].device_class[0] == '\0' ? "" : ", ",
                         p->group[c->group[g]].device_class);
                course(w, p, c, &c->target[t], p->row[row].variant[variant].role);
            }
        }
}

/* What counts as one in the rules: nothing in it hangs on what is in another. */
static const char *unit_text(const struct plan_variant *v)
{
    if (strcmp(v->unit, "event") == 0)
        return "event: all devices that one trial reaches share its luck";
    if (strcmp(v->unit, "period") == 0)
        return "period: one originator in one period";
    return strcmp(v->unit, "connection") == 0
               ? "connection: each exchange has one of its own"
               : "exchange; several share a connection: the test of clustering looks at whether "
                 "failures come together";
}

static const char *const role_words[PLAN_ROLE_COUNT] = {"no part of", "to", "from", "through"};

static void variant(struct page *w, const struct plan_book *b, const struct table_row *source,
                    uint32_t row, uint32_t index)
{
    const struct plan *p = b->plan;
    const struct plan_variant *v = &p->row[row].variant[index];
    line(w, "  reading %s: %s -> %s, %s the EUT", v->leg, v->from, v->to, role_words[v->role]);
    grounds(w, source, v);
    if (v->note[0] != '\0')
        line(w, "    note         %s", v->note);
    limits(w, v);
    numbers(w, b, v, plan_case_of(p, row, index));
    line(w, "    %-12s %s", "unit", unit_text(v));
    criterion(w, "reliability", v->scored_reliability, v->why_reliability);
    criterion(w, "latency", v->scored_latency, v->why_latency);
    criterion(w, "size", v->scored_size, v->why_size);
    criterion(w, "window", v->scored_window, v->why_window);
    if (plan_asked(v->scored_rate, v->why_rate))
        criterion(w, "how often", v->scored_rate, v->why_rate);
    if (plan_asked(v->scored_confidentiality, v->why_confidentiality))
        criterion(w, "confidential", v->scored_confidentiality, v->why_confidentiality);
    interpretations(w, p, v);
    driven_by(w, p, row, index);
}

enum err_code plan_explain(const struct plan *p, const struct table *t, const char *id,
                           struct buf *out, struct err *e)
{
    struct page w = {out, e, ERR_OK};
    struct plan_book b;
    const struct table_row *source = table_row_by_id(t, id);
    if (source == NULL)
        return err_set(e, ERR_USAGE,
                       "no row \"%s\" in the requirement table; gridassay rows lists them", id);
    bool found = false;
    w.rc = plan_book_make(p, &b, e);
    line(&w, "%s", id);
    if (source->unlisted != NULL)
        line(&w, "  %-12s %s", "our reading", source->unlisted);
    cells(&w, source);
    for (uint32_t i = 0; i < p->n_row; i++) {
        const struct plan_row *r = &p->row[i];
        if (strcmp(r->id, id) != 0)
            continue;
        line(&w, "  %-12s %s", "use case", r->use_case);
        line(&w, "  %-12s %s", "in or out", r->reason);
        if (r->proof == PLAN_PROOF_REPLY)
            line(&w, "  %-12s %s", "proved by", r->reply);
        else if (r->proof == PLAN_PROOF_READ_BACK)
            line(&w, "  %-12s reading it back from the equipment", "proved by");
        if (r->command != NULL)
            line(&w, "  %-12s %s", "answers", r->command);
        for (uint32_t k = 0; k < r->n_variant; k++)
            variant(&w, &b, source, i, k);
        found = true;
    }
    if (!found)
        line(&w, "  %-12s not in the plan: none of what the profile has in scope holds it",
             "in or out");
    plan_book_release(&b);
    return w.rc;
}
