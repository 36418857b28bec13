#include <string.h>

#include "harness/plan/build_parts.h"
#include "harness/table/cell.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static int64_t ppb(const struct table_ratio *r)
{
    return r->num * (1000000000 / r->den) + r->num * (1000000000 % r->den) / r->den;
}

/* Plain readings: the strictest decides a pass, the laxest a fail. Else the clauses as declared. */
static void clauses(struct build *b, const struct build_row *row, const struct table_leg *leg,
                    struct plan_variant *v)
{
    const struct table_limits *plain = &leg->reliability_ppb;
    int64_t overlaid = build_overlay(b, row->source, OVERLAY_RATIO);
    v->lax_ppb = -1;
    if (overlaid != -1) {
        v->clause[v->n_clause++].ratio_ppb = overlaid;
    } else if (plain->n > 0) {
        enum profile_take choice = build_choice(b, leg, "reliability");
        int64_t strict = plain->value[choice == TAKE_LAXEST ? 0 : plain->n - 1];
        int64_t lax = plain->value[choice == TAKE_STRICTEST ? plain->n - 1 : 0];
        v->clause[v->n_clause++].ratio_ppb = strict;
        if (lax != strict) {
            v->lax_ppb = v->lax.ratio_ppb = lax;
        }
    } else if (leg->n_clause == 0) {
        const struct profile_parameter *p = build_value(b, row->source, leg, CELL_RELIABILITY, v);
        if (p != NULL)
            v->clause[v->n_clause++].ratio_ppb = p->micro * 10; /* per cent */
    } else {
        bool least = build_choice(b, leg, "period") == TAKE_STRICTEST;
        for (size_t i = 0; i < leg->n_clause; i++) {
            const struct table_clause *c = &leg->clause[i];
            if (v->n_clause == COUNT_OF(v->clause)) {
                build_fault(b, ERR_LIMIT, "row %s, leg %s: more than %zu clauses of reliability",
                            row->source->id, leg->id, COUNT_OF(v->clause));
                return;
            }
            if (c->ratio.den <= 0)
                continue;
            v->clause[v->n_clause++] = (struct plan_clause){
                ppb(&c->ratio), least ? c->period_min_ns : c->period_max_ns, {0}};
            v->latency_informative = v->latency_informative || c->period_max_ns > 0;
        }
    }
    for (size_t i = 0; i < v->n_clause; i++)
        if (v->clause[i].ratio_ppb <= 0 || v->clause[i].ratio_ppb >= 1000000000)
            v->n_clause = 0;
}

static void sizes(struct build *b, const struct build_row *row, const struct table_leg *leg,
                  struct plan_variant *v)
{
    int64_t overlaid = build_overlay(b, row->source, OVERLAY_SIZE);
    v->size_min_bytes = leg->size_min_bytes;
    v->size_max_bytes = b->profile->k == 1024 ? leg->size_max_lax_bytes : leg->size_max_bytes;
    const struct profile_parameter *p =
        v->size_max_bytes != -1 ? NULL : build_value(b, row->source, leg, CELL_SIZE, v);
    if (p != NULL)
        v->size_max_bytes = p->value;
    if (overlaid != -1)
        v->size_max_bytes = overlaid;
    v->size_band = b->profile->size_policy == SIZE_BAND && v->size_min_bytes != -1;
}

static void windows(struct build *b, const struct build_row *row, const struct table_leg *leg,
                    struct plan_variant *v)
{
    const struct profile_campaign *c = build_campaign(b, row->source, leg);
    v->window_always = leg->window_always;
    v->after_ns = leg->after_max_ns;
    v->after_event = build_copy(b, leg->after_event);
    if (leg->n_window > COUNT_OF(v->window)) {
        build_fault(b, ERR_LIMIT, "row %s, leg %s: more than %zu windows", row->source->id, leg->id,
                    COUNT_OF(v->window));
        return;
    }
    for (; v->n_window < leg->n_window; v->n_window++)
        v->window[v->n_window] =
            (struct plan_window){leg->window[v->n_window].from_s, leg->window[v->n_window].to_s};
    if (c != NULL && v->n_window == 0) {
        v->window[v->n_window++] = (struct plan_window){c->from_s, c->to_s};
        build_note(b, v, build_text(b, "campaigns run in those hours (%s)", c->source));
    }
}

static void span(struct build *b, const struct build_leg *l, struct plan_variant *v)
{
    const struct profile_share *s = build_share(b, l->at.eut_actor);
    bool whole = l->at.role != PLAN_THROUGH_EUT;
    v->share_ppm = s != NULL ? s->ppm : whole ? 1000000 : -1;
    v->span = s != NULL ? build_text(b, "share %lld.%06lld (%s)", (long long)(s->ppm / 1000000),
                                     (long long)(s->ppm % 1000000), s->source)
              : whole   ? "end to end"
                        : "no share of the budget is declared";
}

/* Without a declared time: as long as any reading of the row could still be met. */
static int64_t give_up(const struct build *b, const struct table_row *row,
                       const struct plan_variant *v)
{
    int64_t ns = -1;
    for (size_t i = 0; i < b->profile->n_give_up; i++)
        if (profile_covers(b->profile->give_up[i].row, row->id, row->section))
            ns = b->profile->give_up[i].after_ns;
    if (ns != -1)
        return ns;
    ns = (v->latency_lax_ns == -1 ? 0 : v->latency_lax_ns) +
         (v->pair_lax_ns == -1 ? 0 : v->pair_lax_ns);
    for (size_t i = 0; i < v->n_clause; i++)
        if (v->clause[i].period_ns > ns)
            ns = v->clause[i].period_ns;
    return ns;
}

static void overlays(struct build *b, const struct table_row *row, struct plan_variant *v)
{
    static const char *const what[] = {"latency", "reliability", "size"};
    for (int f = OVERLAY_LATENCY; f <= OVERLAY_SIZE; f++) {
        const struct profile_overlay *o = build_overlaid(b, row, (enum build_field)f);
        if (o != NULL)
            build_note(b, v,
                       build_text(b, "%s overlaid%s%s%s", what[f], o->source[0] == '\0' ? "" : " (",
                                  o->source, o->source[0] == '\0' ? "" : ")"));
    }
}

static void make(struct build *b, const struct build_row *row, const struct build_leg *l,
                 struct plan_variant *v)
{
    const struct table_leg *leg = l->at.leg;
    v->leg = build_copy(b, l->id);
    v->mode = build_copy(b, leg->mode);
    v->device_class = build_copy(b, leg->device_class);
    v->from = build_copy(b, l->from);
    v->to = build_copy(b, l->to);
    v->role = l->at.role;
    v->cause = l->at.cause;
    v->observed = l->at.observed;
    v->note = row->source->unlisted == NULL
                  ? ""
                  : build_text(b, "our reading, in no table: %s", row->source->unlisted);
    v->population = l->reach;
    build_latency(b, row->source, leg, l->at.eut_actor, &v->latency_strict_ns, &v->latency_lax_ns);
    build_pair(b, row, l, v);
    clauses(b, row, leg, v);
    sizes(b, row, leg, v);
    windows(b, row, leg, v);
    span(b, l, v);
    overlays(b, row->source, v);
    build_extrapolate(b, l, v);
    build_rate(b, row, l, v);
    v->give_up_ns = give_up(b, row->source, v);
    v->unit = v->population > 0                               ? "event"
              : v->n_clause > 0 && v->clause[0].period_ns > 0 ? "period"
              : b->statement->connection_per_exchange         ? "connection"
                                                              : "exchange";
    v->interpretations = build_join(b, leg->interpretation, leg->n_interpretation, " ");
    build_criteria(b, row, l, v);
}

void build_variants(struct build *b)
{
    b->variant = build_room(b, b->n_row * sizeof *b->variant);
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++) {
        const struct build_row *r = &b->row[i];
        struct plan_row *p = &b->plan_row[i];
        if (r->n_leg == 0)
            continue;
        struct plan_variant *v = build_room(b, r->n_leg * sizeof *v);
        for (size_t k = 0; k < r->n_leg && b->rc == ERR_OK; k++) {
            make(b, r, &r->leg[k], &v[k]);
            if (p->command == NULL && v[k].role != PLAN_TO_EUT)
                p->command = build_copy(b, r->leg[k].at.leg->command);
        }
        if (b->rc != ERR_OK)
            return;
        p->variant = b->variant[i] = v;
        p->n_variant = r->n_leg;
        p->cause = v[0].cause;
    }
}
