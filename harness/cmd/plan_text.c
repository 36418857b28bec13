#include "harness/cmd/plan_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/arena.h"
#include "harness/base/clock.h"
#include "harness/cmd/grid.h"
#include "harness/cmd/plan_numbers.h"

const char *plan_duration(int64_t ns, char *out, size_t size)
{
    static const struct {
        int64_t ns;
        const char *name;
    } unit[] = {{86400 * NS_PER_S, "d"},
                {3600 * NS_PER_S, "h"},
                {60 * NS_PER_S, "min"},
                {NS_PER_S, "s"},
                {NS_PER_MS, "ms"}};
    if (ns < 0)
        return "-";
    for (size_t i = 0; i < sizeof unit / sizeof unit[0]; i++)
        if (ns >= unit[i].ns && ns % unit[i].ns == 0) {
            (void)snprintf(out, size, "%lld %s", (long long)(ns / unit[i].ns), unit[i].name);
            return out;
        }
    (void)snprintf(out, size, "%.9g s", (double)ns / 1e9);
    return out;
}

const char *plan_ratio(int64_t ppb, char *out, size_t size)
{
    (void)snprintf(out, size, "%.9g %%", (double)ppb / 1e7);
    return out;
}

uint32_t plan_case_trials(const struct plan *p, const struct plan_case *c)
{
    uint32_t most = 0;
    for (size_t i = 0; i < c->n_target; i++) {
        const struct plan_variant *v = &p->row[c->target[i].row].variant[c->target[i].variant];
        uint32_t n = v->trials > v->trials_least ? v->trials : v->trials_least;
        most = n > most ? n : most;
    }
    return most;
}

/* All that takes a whole day goes into the same one. */
static int64_t day_ns(const struct plan *p)
{
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++)
            if (p->scenario[s].kase[k].whole_day)
                return 86400 * NS_PER_S / (p->time_factor > 1 ? p->time_factor : 1);
    return 0;
}

int64_t plan_expected_ns(const struct plan *p)
{
    double ns = (double)(p->linger_ns + day_ns(p));
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++) {
            const struct plan_case *c = &p->scenario[s].kase[k];
            double one = c->whole_day ? 0 : plan_case_ns(p, c, plan_case_trials(p, c));
            ns += one < 0 ? 0 : one;
        }
    return (int64_t)ns;
}

/* Small texts that live as long as the grid. */
static const char *keep(struct arena *a, const char *text)
{
    char *copy = arena_strdup(a, text);
    return copy == NULL ? "" : copy;
}

static const char *limit_text(struct arena *a, const struct plan_variant *v)
{
    char strict[40], lax[40], text[100];
    if (v->latency_strict_ns == -1)
        return "-";
    if (v->latency_strict_ns == v->latency_lax_ns)
        (void)snprintf(text, sizeof text, "%s",
                       plan_duration(v->latency_strict_ns, strict, sizeof strict));
    else
        (void)snprintf(text, sizeof text, "%s .. %s",
                       plan_duration(v->latency_strict_ns, strict, sizeof strict),
                       plan_duration(v->latency_lax_ns, lax, sizeof lax));
    return keep(a, text);
}

static const char *ratio_text(struct arena *a, const struct plan_variant *v)
{
    char text[200] = "", one[40];
    size_t used = 0;
    for (size_t i = 0; i < v->n_clause && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i == 0 ? "> " : ", ",
                                 plan_ratio(v->clause[i].ratio_ppb, one, sizeof one));
    if (v->lax_ppb != -1 && used < sizeof text)
        (void)snprintf(text + used, sizeof text - used, " .. %s",
                       plan_ratio(v->lax_ppb, one, sizeof one));
    return used == 0 ? "-" : keep(a, text);
}

static const struct plan_clause *longest(const struct plan_variant *v)
{
    const struct plan_clause *c = NULL;
    for (size_t i = 0; i < v->n_clause; i++)
        if (c == NULL || v->clause[i].rule.n > c->rule.n)
            c = &v->clause[i];
    return c;
}

/* Failures that may be in so many trials, and how many are too many. */
static const char *rule_text(struct arena *a, const struct plan_variant *v)
{
    char text[80], of[24] = "";
    const struct plan_clause *c = longest(v);
    if (c == NULL)
        return "-";
    if (v->population > 0)
        (void)snprintf(of, sizeof of, " of %u", v->population);
    if (c->rule.kind == RULE_SEQUENTIAL)
        (void)snprintf(text, sizeof text, "%u to %u%s", rule_least_accept(&c->rule), c->rule.n, of);
    else
        (void)snprintf(text, sizeof text, "%u/%u%s, fail %u", rule_accepts_up_to(&c->rule),
                       c->rule.n, of, rule_rejects_from(&c->rule));
    return keep(a, text);
}

static const char *expected_text(struct arena *a, const struct plan_book *b,
                                 const struct plan_variant *v)
{
    char text[80];
    struct plan_numbers n = plan_numbers_of(b, v);
    if (v->n_clause == 0 || v->observed)
        return "-";
    (void)snprintf(text, sizeof text, "%.0f, %.0f", n.good, n.bad);
    return keep(a, text);
}

/* Of a device at p0: at the pace, and as often as the row has it. */
static const char *pace_text(struct arena *a, const struct plan_book *b, const struct plan_case *c,
                             const struct plan_variant *v)
{
    char text[40];
    if (c == NULL || v->observed)
        return "-";
    double ns = plan_case_ns(b->plan, c, plan_numbers_of(b, v).good);
    return ns < 0 ? "beyond duty" : keep(a, plan_long(ns, text, sizeof text));
}

static const char *natural_text(struct arena *a, const struct plan_book *b,
                                const struct plan_case *c, const struct plan_variant *v)
{
    char text[40];
    if (c == NULL || v->n_clause == 0)
        return "-";
    return keep(
        a, plan_long(plan_natural_ns(v, plan_case_devices(b->plan, c), plan_numbers_of(b, v).good),
                     text, sizeof text));
}

/* R L S W, and F C where asked for: what is judged; small: information; a dot: not. */
static const char *scored_text(struct arena *a, const struct plan_variant *v)
{
    static const char letters[] = "RLSWFC";
    const enum plan_scored scored[] = {v->scored_reliability, v->scored_latency,
                                       v->scored_size,        v->scored_window,
                                       v->scored_rate,        v->scored_confidentiality};
    bool optional = plan_asked(v->scored_rate, v->why_rate) ||
                    plan_asked(v->scored_confidentiality, v->why_confidentiality);
    char text[7] = "......";
    text[optional ? 6 : 4] = '\0';
    for (size_t i = 0; text[i] != '\0'; i++)
        if (scored[i] == PLAN_SCORED)
            text[i] = letters[i];
        else if (scored[i] == PLAN_SCORED_INFORMATION)
            text[i] = (char)(letters[i] | 0x20);
    return keep(a, text);
}

static const char *number_text(struct arena *a, int64_t n)
{
    char text[24];
    if (n == -1)
        return "-";
    (void)snprintf(text, sizeof text, "%lld", (long long)n);
    return keep(a, text);
}

static const char *const role_text[PLAN_ROLE_COUNT] = {"n/a", "to", "from", "through"};

/* Its id, and its use case where it has a row for each of several. */
static const char *row_text(struct arena *a, const struct plan *p, const struct plan_row *r)
{
    char text[400];
    size_t n = 0;
    for (size_t i = 0; i < p->n_row; i++)
        n += strcmp(p->row[i].id, r->id) == 0;
    if (n == 1)
        return r->id;
    (void)snprintf(text, sizeof text, "%s (%s)", r->id, r->use_case);
    return keep(a, text);
}

static bool unselected(const struct plan_row *r)
{
    return strcmp(r->reason, PLAN_UNSELECTED) == 0;
}

static enum err_code add_row(struct grid *g, struct arena *a, const struct plan_book *b,
                             uint32_t row, struct err *e)
{
    const struct plan *p = b->plan;
    const struct plan_row *r = &p->row[row];
    const char *id = row_text(a, p, r);
    const char *role =
        r->role != PLAN_NOT_APPLICABLE && r->scenario == -1 ? "not run" : role_text[r->role];
    if (r->n_variant == 0 || r->scenario == -1) {
        const char *const cell[] = {id, role, "", "", "", "", "", "", "", "", "", "", r->reason};
        return grid_add(g, cell, e);
    }
    enum err_code rc = ERR_OK;
    for (uint32_t i = 0; i < r->n_variant && rc == ERR_OK; i++) {
        const struct plan_variant *v = &r->variant[i];
        const struct plan_case *c = plan_case_of(p, row, i);
        bool same = i > 0 && v->role == r->variant[i - 1].role;
        const char *const cell[] = {i == 0 ? id : "",
                                    same ? "" : role_text[v->role],
                                    v->leg,
                                    limit_text(a, v),
                                    ratio_text(a, v),
                                    rule_text(a, v),
                                    number_text(a, v->size_max_bytes),
                                    number_text(a, v->trials),
                                    expected_text(a, b, v),
                                    pace_text(a, b, c, v),
                                    natural_text(a, b, c, v),
                                    scored_text(a, v),
                                    i == 0 ? r->reason : ""};
        rc = grid_add(g, cell, e);
    }
    return rc;
}

static enum err_code head(const struct plan *p, struct buf *out, struct err *e)
{
    char shift[40] = "not shifted";
    int64_t s = (p->time_shift_ns < 0 ? -p->time_shift_ns : p->time_shift_ns) / NS_PER_S;
    if (p->time_shift_ns != 0)
        (void)snprintf(shift, sizeof shift, "shifted by %s%lld:%02lld:%02lld h",
                       p->time_shift_ns < 0 ? "-" : "+", (long long)(s / 3600),
                       (long long)(s / 60 % 60), (long long)(s % 60));
    return buf_printf(out, e,
                      "EUT       %s %s, hardware %s, firmware %s\n          as %s\n"
                      "profile   %s%s%s\n"
                      "zone      %s, clock for windows %s\n"
                      "capture   %s, %s\n",
                      p->vendor, p->model, p->hardware, p->firmware, p->eut_actors, p->profile_name,
                      p->profile_label[0] == '\0' ? "" : " - ", p->profile_label, p->zone, shift,
                      p->interface, p->filter);
}

static double per_second(const struct plan_background *m)
{
    return (double)m->times * (double)NS_PER_S / (double)m->period_ns;
}

/* What goes out beside the trials, in all and row by row, and what does not. */
static enum err_code background(const struct plan *p, struct buf *out, struct err *e)
{
    double all = 0;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < p->n_background; i++)
        all += per_second(&p->background[i]);
    if (p->n_background + p->n_unsent > 0)
        rc = buf_printf(out, e, "\nbackground  %.4g messages a second beside the trials\n", all);
    if (rc == ERR_OK && p->trace.path != NULL)
        rc = buf_printf(out, e,
                        "trace       %s: %" PRIu64 " payloads in %.3f s, of which %" PRIu64
                        " are sent at its times\n",
                        p->trace.path, p->trace.payloads,
                        (double)p->trace.length_ns / (double)NS_PER_S, p->trace.sent);
    for (size_t i = 0; i < p->n_background && rc == ERR_OK; i++) {
        const struct plan_background *m = &p->background[i];
        rc = buf_printf(out, e, "  %-11.3g%s (%s), reading %s, from %s, about %u of %s\n",
                        per_second(m), m->row, m->use_case, m->leg, p->endpoint[m->endpoint].actor,
                        p->group[m->group].count, p->group[m->group].actor);
    }
    for (size_t i = 0; i < p->n_unsent && rc == ERR_OK; i++)
        rc = buf_printf(out, e, "  left out   %s (%s): %s\n", p->unsent[i].row,
                        p->unsent[i].use_case, p->unsent[i].why);
    return rc;
}

/* All cases one after the other, for a device without failures, at p0, at p1. */
static enum err_code sums(const struct plan_book *b, struct buf *out, struct err *e)
{
    const struct plan *p = b->plan;
    struct plan_numbers all = {0, 0, 0}, ns = {0, 0, 0};
    double slowest = -1;
    char least[40], good[40], bad[40], natural[40];
    const char *of = "";
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++) {
            const struct plan_case *c = &p->scenario[s].kase[k];
            struct plan_numbers n = plan_numbers_of_case(b, c);
            all = (struct plan_numbers){all.least + n.least, all.good + n.good, all.bad + n.bad};
            ns.least += fmax(0, plan_case_ns(p, c, n.least));
            ns.good += fmax(0, plan_case_ns(p, c, n.good));
            ns.bad += fmax(0, plan_case_ns(p, c, n.bad));
            for (size_t t = 0; t < c->n_target; t++) {
                const struct plan_row *r = &p->row[c->target[t].row];
                const struct plan_variant *v = &r->variant[c->target[t].variant];
                double one = v->n_clause == 0 ? -1
                                              : plan_natural_ns(v, plan_case_devices(p, c),
                                                                plan_numbers_of(b, v).good);
                of = one > slowest ? r->id : of;
                slowest = fmax(slowest, one);
            }
        }
    enum err_code rc = buf_printf(
        out, e,
        "trials    %.0f without a failure, %.0f expected at p0, %.0f at p1: %s, %s, %s at the pace "
        "and under the duty declared\n",
        all.least, all.good, all.bad, plan_long(ns.least, least, sizeof least),
        plan_long(ns.good, good, sizeof good), plan_long(ns.bad, bad, sizeof bad));
    if (rc == ERR_OK && slowest >= 0)
        rc = buf_printf(out, e, "          as often as the rows have it, %s for the slowest: %s\n",
                        plan_long(slowest, natural, sizeof natural), of);
    return rc;
}

static enum err_code totals(const struct plan_book *b, struct buf *out, struct err *e)
{
    const struct plan *p = b->plan;
    size_t in = 0, not_run = 0, left_out = 0;
    uint32_t cases = 0, trials = 0;
    char took[40];
    for (size_t i = 0; i < p->n_row; i++) {
        left_out += unselected(&p->row[i]);
        in += p->row[i].role != PLAN_NOT_APPLICABLE;
        not_run += p->row[i].role != PLAN_NOT_APPLICABLE && p->row[i].scenario == -1;
    }
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++, cases++)
            trials += plan_case_trials(p, &p->scenario[s].kase[k]);
    int64_t s = (plan_expected_ns(p) + NS_PER_S - 1) / NS_PER_S;
    enum err_code rc =
        left_out == 0
            ? ERR_OK
            : buf_printf(out, e, "\n%zu rows are not shown: " PLAN_UNSELECTED "\n", left_out);
    if (rc != ERR_OK)
        return rc;
    rc = buf_printf(
        out, e,
        "\n%zu rows: %zu in scope (%zu of them not run), %zu not applicable\n"
        "%zu scenarios, %u cases, %u trials at %lld a second: about %s\n"
        "columns   trials: of a first round; p0, p1: expected of a device at either; takes, "
        "naturally: at p0;\n          scored: R reliability, L latency, S size, W window, F how "
        "often, C confidentiality; small\n          letter: information\n",
        p->n_row, in, not_run, p->n_row - in, p->n_scenario, cases, trials,
        (long long)p->pace_per_s, plan_duration(s * NS_PER_S, took, sizeof took));
    if (rc == ERR_OK && b->n > 0)
        rc = sums(b, out, e);
    return rc != ERR_OK || b->n == 0 ? rc : plan_rules_text(b, out, e);
}

enum err_code plan_table(const struct plan *p, size_t width, struct buf *out, struct err *e)
{
    static const char *const header[] = {"row",       "role",   "reading", "latency", "reliability",
                                         "rule",      "size",   "trials",  "p0, p1",  "takes",
                                         "naturally", "scored", "why"};
    struct grid g;
    struct arena a = ARENA_INIT;
    struct plan_book b;
    grid_init(&g, header, sizeof header / sizeof header[0]);
    enum err_code rc = plan_book_make(p, &b, e);
    if (rc == ERR_OK)
        rc = head(p, out, e);
    if (rc == ERR_OK)
        rc = plan_method_text(&p->method, out, e);
    if (rc == ERR_OK)
        rc = buf_puts(out, "\n", e);
    for (uint32_t i = 0; i < p->n_row && rc == ERR_OK; i++)
        rc = unselected(&p->row[i]) ? ERR_OK : add_row(&g, &a, &b, i, e);
    if (rc == ERR_OK)
        rc = grid_table(&g, width, false, out, e);
    if (rc == ERR_OK)
        rc = totals(&b, out, e);
    if (rc == ERR_OK)
        rc = background(p, out, e);
    grid_release(&g);
    plan_book_release(&b);
    arena_release(&a);
    return rc;
}
