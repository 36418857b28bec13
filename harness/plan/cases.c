#include <stdlib.h>
#include <string.h>

#include "harness/plan/build_parts.h"
#include "harness/scope/prerequisites.h"

/* What one kind of trial drives, before it is known which cases are alike. */
struct draft {
    struct plan_target *target;
    size_t n_target;
    struct plan_support *support;
    size_t n_support;
};

static bool same_limits(const struct table_limits *x, const struct table_limits *y)
{
    return x->n == y->n && (x->n == 0 || memcmp(x->value, y->value, x->n * sizeof *x->value) == 0);
}

static bool same_clauses(const struct table_leg *x, const struct table_leg *y)
{
    if (x->n_clause != y->n_clause)
        return false;
    for (size_t i = 0; i < x->n_clause; i++)
        if (x->clause[i].ratio.num != y->clause[i].ratio.num ||
            x->clause[i].ratio.den != y->clause[i].ratio.den ||
            x->clause[i].period_max_ns != y->clause[i].period_max_ns)
            return false;
    return true;
}

static bool same_text(const char *x, const char *y)
{
    return x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);
}

static bool same_windows(const struct table_leg *x, const struct table_leg *y)
{
    return x->window_always == y->window_always && x->n_window == y->n_window &&
           (x->n_window == 0 ||
            memcmp(x->window, y->window, x->n_window * sizeof *x->window) == 0) &&
           x->after_max_ns == y->after_max_ns;
}

static bool same_actors(const char *const *x, size_t n_x, const char *const *y, size_t n_y)
{
    for (size_t i = 0; i < n_x; i++)
        if (!build_names(y, n_y, x[i]))
            return false;
    return n_x == n_y;
}

/* An end of the passage is another provider's. */
static bool of_provider(const struct build *b, const struct build_passage *p)
{
    return prerequisite_third_party(b->table, p->origin) ||
           (p->to != NULL && prerequisite_third_party(b->table, p->to));
}

/* Whether two legs of a row hold the same actors to the same values; they may differ in whom the
 * harness plays. */
static bool alike(const struct build *b, const struct build_passage *x,
                  const struct build_passage *y)
{
    const struct table_leg *a = x->leg, *c = y->leg;
    if (x->role != y->role || x->cause != y->cause || x->apart != y->apart ||
        x->observed != y->observed || (x->apart && strcmp(x->to, y->to) != 0) ||
        build_share(b, x->eut_actor) != build_share(b, y->eut_actor) ||
        (b->deployment != NULL && of_provider(b, x) != of_provider(b, y)))
        return false;
    if (a == c)
        return true;
    bool same_from = same_actors(a->from, a->n_from, c->from, c->n_from);
    bool same_to = same_actors(a->to, a->n_to, c->to, c->n_to);
    return (x->role == PLAN_FROM_EUT ? same_from
            : x->role == PLAN_TO_EUT ? same_to
                                     : same_from || same_to) &&
           a->trigger == c->trigger && same_text(a->command, c->command) &&
           same_text(a->mode, c->mode) && same_text(a->device_class, c->device_class) &&
           same_limits(&a->latency_max, &c->latency_max) && a->latency_per == c->latency_per &&
           same_limits(&a->reliability_ppb, &c->reliability_ppb) && same_clauses(a, c) &&
           a->size_min_bytes == c->size_min_bytes && a->size_max_bytes == c->size_max_bytes &&
           a->size_max_lax_bytes == c->size_max_lax_bytes && same_windows(a, c);
}

static bool names_provider(const struct build *b, const char *const *actor, size_t n, bool provider)
{
    for (size_t i = 0; i < n; i++)
        if (prerequisite_third_party(b->table, actor[i]) == provider)
            return true;
    return false;
}

/* With a retail provider in play, what is its own is a reading of its own (4.20.1), where a leg
 * names the utility's actor beside it. */
static bool is_split(const struct build *b, const struct build_passage *p)
{
    const struct table_leg *l = p->leg;
    return b->deployment != NULL &&
           ((names_provider(b, l->from, l->n_from, true) &&
             names_provider(b, l->from, l->n_from, false)) ||
            (names_provider(b, l->to, l->n_to, true) && names_provider(b, l->to, l->n_to, false)));
}

/* The legs' ids in the table's order, or "IDS to ACTOR" where a destination is split off. */
static void name_leg(struct build *b, const struct table_row *row, struct build_leg *x,
                     const struct build_passage *p)
{
    size_t at = (size_t)(p->leg - row->leg);
    uint64_t bit = at < 64 ? UINT64_C(1) << at : 0;
    const char *ids = "";
    if (x->legs & bit)
        return;
    x->legs |= bit;
    for (size_t i = 0; i < row->n_leg && i < 64; i++)
        if (x->legs & UINT64_C(1) << i)
            ids = build_text(b, "%s%s%s", ids, ids[0] == '\0' ? "" : "+", row->leg[i].id);
    x->id = build_text(b, "%s%s%s%s%s", ids, p->apart ? " to " : "", p->apart ? p->to : "",
                       is_split(b, p) && of_provider(b, p) ? " for the provider" : "",
                       p->observed                  ? " by itself over a day"
                       : p->cause == PLAN_CAUSE_OWN ? " over a day"
                                                    : "");
}

static void add_driven(struct build *b, struct build_leg *x, const char *actor)
{
    if (actor == NULL || build_names(x->driven, x->n_driven, actor))
        return;
    const char **more = build_room(b, (x->n_driven + 1) * sizeof *more);
    if (more == NULL)
        return;
    if (x->n_driven > 0)
        memcpy(more, x->driven, x->n_driven * sizeof *more);
    more[x->n_driven++] = actor;
    x->driven = more;
}

static void add_ends(struct build *b, struct build_leg *x, const struct build_passage *p)
{
    const struct table_leg *l = p->leg;
    bool split = is_split(b, p), provider = of_provider(b, p);
    for (size_t i = 0; i < l->n_from; i++)
        if (!split || !names_provider(b, l->from, l->n_from, provider) ||
            prerequisite_third_party(b->table, l->from[i]) == provider)
            x->from = build_add_actors(b, x->from, &l->from[i], 1);
    for (size_t i = 0; i < l->n_to && p->to == NULL; i++)
        if (!split || !names_provider(b, l->to, l->n_to, provider) ||
            prerequisite_third_party(b->table, l->to[i]) == provider)
            x->to = build_add_actors(b, x->to, &l->to[i], 1);
    if (p->to != NULL)
        x->to = build_add_actors(b, x->to, &p->to, 1);
}

/* The row's variant for a passage, made where there is none. */
static size_t leg_of(struct build *b, struct build_row *r, const struct build_trial *t,
                     const struct build_passage *p)
{
    struct build_leg *x = NULL;
    for (size_t i = 0; i < r->n_leg && x == NULL; i++)
        if (alike(b, &r->leg[i].at, p) && r->leg[i].population == t->population)
            x = &r->leg[i];
    if (x == NULL && r->n_leg == BUILD_MAX_LEGS) {
        build_fault(b, ERR_LIMIT, "row %s: more than %d readings concern the equipment",
                    r->source->id, BUILD_MAX_LEGS);
        return 0;
    }
    if (x == NULL) {
        x = &r->leg[r->n_leg++];
        *x = (struct build_leg){.at = *p,
                                .subject = build_group_actor(b, t->subject),
                                .id = "",
                                .from = "",
                                .to = "",
                                .population = t->population};
    }
    name_leg(b, r->source, x, p);
    add_ends(b, x, p);
    add_driven(b, x, p->origin);
    add_driven(b, x, p->to == NULL ? build_group_actor(b, t->subject) : p->to);
    return (size_t)(x - r->leg);
}

static struct build_row *row_of(struct build *b, const struct table_row *source,
                                const char *use_case)
{
    for (size_t i = 0; i < b->n_row; i++)
        if (b->row[i].source == source && strcmp(b->row[i].use_case, use_case) == 0)
            return &b->row[i];
    return NULL;
}

/* The requester's first, then copies: the same for whoever asks. */
static int by_endpoint(const void *x, const void *y)
{
    const struct plan_target *a = x, *c = y;
    return a->endpoint != c->endpoint ? (a->endpoint < c->endpoint ? -1 : 1)
           : a->variant < c->variant  ? -1
                                      : a->variant > c->variant;
}

static void add_target(struct draft *d, uint32_t row, uint32_t variant, int endpoint)
{
    for (size_t i = 0; i < d->n_target; i++)
        if (d->target[i].row == row && d->target[i].variant == variant &&
            d->target[i].endpoint == endpoint)
            return;
    d->target[d->n_target++] = (struct plan_target){row, variant, endpoint};
}

/* Whether nobody asks for an answer in this trial, while in another's turn somebody does. */
static bool asked_in_another(struct build *b, const struct build_trial *t,
                             const struct table_leg *leg)
{
    struct build_passage at[BUILD_MAX_ENDS];
    const struct table_row *command = build_command(t->scenario, leg);
    if (command == NULL || build_passages(b, t, command, at, BUILD_MAX_ENDS) > 0)
        return false;
    for (size_t i = 0; i < t->n_turn; i++) {
        struct build_trial other = *t;
        other.peer = t->turn[i];
        other.wave = 0;
        if (build_passages(b, &other, command, at, BUILD_MAX_ENDS) > 0)
            return true;
    }
    return false;
}

static void draft_payload(struct build *b, const struct build_trial *t,
                          const struct scenario_payload *p, struct draft *d)
{
    const struct table_row *source = t->scenario->row[p - t->scenario->script->payload];
    struct build_passage at[BUILD_MAX_ENDS];
    size_t n = source == NULL ? 0 : build_passages(b, t, source, at, BUILD_MAX_ENDS);
    struct build_row *r =
        source == NULL || p->row_section != NULL ? NULL : row_of(b, source, t->use_case);
    size_t index = (size_t)(p - t->scenario->script->payload);
    bool judged = r != NULL && r->idle == NULL && (!t->leads_only || t->scenario->leads[index]) &&
                  build_for_population(t->scenario->script, p) == t->population;
    bool any = false;
    size_t first = d->n_target;
    for (size_t i = 0; i < n && judged; i++) {
        if (build_unclaimed(b, at[i].eut_actor, source, t->use_case,
                            at[i].role == PLAN_THROUGH_EUT ? NULL : at[i].leg) != NULL)
            continue;
        bool own = at[i].cause == PLAN_CAUSE_STIMULUS && at[i].leg->trigger == TRIGGER_SCHEDULE &&
                   at[i].leg->n_window > 0 && !at[i].leg->window_always;
        bool nothing = at[i].role == PLAN_FROM_EUT && at[i].cause == PLAN_CAUSE_NONE;
        at[i].observed = t->whole_day && build_is_observed(b, t, source, &at[i]);
        r->unprovoked = r->unprovoked || nothing;
        if ((nothing && !t->observed) || at[i].observed != t->observed ||
            (t->whole_day && !t->observed && !own) ||
            (at[i].cause == PLAN_CAUSE_STIMULUS && asked_in_another(b, t, at[i].leg)))
            continue;
        if (t->whole_day)
            at[i].cause = PLAN_CAUSE_OWN;
        add_target(d, (uint32_t)(r - b->row), (uint32_t)leg_of(b, r, t, &at[i]), at[i].endpoint);
        any = true;
    }
    qsort(&d->target[first], d->n_target - first, sizeof *d->target, by_endpoint);
    if (!any && !t->observed)
        d->support[d->n_support++] = (struct plan_support){
            .payload = p->payload,
            .role = n == 0 ? PLAN_NOT_APPLICABLE : at[0].role,
            .binding = plan_binding_by_payload(b->plan, p->payload),
            .endpoint = n == 0 ? -1 : at[0].endpoint,
        };
}

static bool same_draft(const struct build_case *c, const struct draft *d)
{
    if (c->n_target != d->n_target || c->n_support != d->n_support)
        return false;
    for (size_t i = 0; i < d->n_target; i++)
        if (c->target[i].row != d->target[i].row || c->target[i].variant != d->target[i].variant ||
            c->target[i].endpoint != d->target[i].endpoint)
            return false;
    for (size_t i = 0; i < d->n_support; i++)
        if (c->support[i].role != d->support[i].role ||
            c->support[i].endpoint != d->support[i].endpoint)
            return false;
    return true;
}

static bool same_peers(const struct build_case *x, const struct build_case *y)
{
    return x->n_peer == y->n_peer && memcmp(x->peer, y->peer, x->n_peer * sizeof *x->peer) == 0;
}

static bool same_case(const struct build_case *x, const struct build_case *y)
{
    struct draft d = {y->target, y->n_target, y->support, y->n_support};
    return strcmp(x->mode, y->mode) == 0 && strcmp(x->use_case, y->use_case) == 0 &&
           x->population == y->population && x->whole_day == y->whole_day && same_draft(x, &d) &&
           same_peers(x, y);
}

/* Keeps the cases of one group, joined with those of other groups that are the same. */
static void join(struct build *b, struct build_scenario *x, const struct build_case *made, size_t n,
                 size_t group)
{
    for (size_t i = 0; i < n; i++) {
        struct build_case *c = NULL;
        for (size_t k = 0; k < x->n_case && c == NULL; k++)
            if (same_case(&x->kase[k], &made[i]))
                c = &x->kase[k];
        if (c == NULL && x->n_case == x->cap_case) {
            size_t cap = x->cap_case == 0 ? 8 : 2 * x->cap_case;
            struct build_case *more = build_room(b, cap * sizeof *more);
            if (more == NULL)
                return;
            if (x->n_case > 0)
                memcpy(more, x->kase, x->n_case * sizeof *more);
            x->kase = more;
            x->cap_case = cap;
        }
        if (c == NULL) {
            c = &x->kase[x->n_case++];
            *c = made[i];
            c->group = build_room(b, build_n_group(b) * sizeof *c->group);
            if (c->group == NULL)
                return;
        }
        c->group[c->n_group++] = (uint32_t)group;
    }
}

static size_t most_waves(struct build *b, const struct build_trial *t)
{
    const struct scenario *s = t->scenario->script;
    size_t most = 1;
    for (size_t i = 0; i < s->n_payload; i++) {
        const struct table_row *row = t->scenario->row[i];
        size_t n = row == NULL || s->payload[i].row_section != NULL ? 0 : build_waves(b, t, row);
        most = n > most ? n : most;
    }
    return most;
}

/* The trial's case among those made of this group so far, with the peer among those that take
 * turns. */
static void add_draft(struct build *b, const struct build_trial *t, const struct draft *d,
                      struct build_case *made, size_t *n_made)
{
    struct build_case *c = NULL;
    for (size_t i = 0; i < *n_made && c == NULL; i++)
        if (same_draft(&made[i], d))
            c = &made[i];
    if (c == NULL) {
        c = &made[(*n_made)++];
        *c = (struct build_case){.mode = build_copy(b, t->mode),
                                 .use_case = t->use_case,
                                 .target = d->target,
                                 .n_target = d->n_target,
                                 .support = d->support,
                                 .n_support = d->n_support,
                                 .peer = build_room(b, BUILD_MAX_PEERS * sizeof *c->peer),
                                 .population = t->population,
                                 .whole_day = t->whole_day};
    }
    if (t->peer != NULL && c->peer != NULL && c->n_peer < BUILD_MAX_PEERS) {
        uint32_t peer = (uint32_t)build_peer(b, t->peer);
        for (size_t i = 0; i < c->n_peer; i++)
            if (c->peer[i] == peer)
                return;
        c->peer[c->n_peer++] = peer;
    }
}

static void cases_of_group(struct build *b, struct build_scenario *x, struct build_trial *t)
{
    const struct scenario *s = x->script;
    const char *peer[BUILD_MAX_PEERS];
    size_t n_peer = build_opposite(b, t, peer, BUILD_MAX_PEERS), n_made = 0;
    size_t most = n_peer * BUILD_MAX_LEGS;
    struct build_case *made = build_room(b, most * sizeof *made);
    t->turn = peer;
    t->n_turn = n_peer;
    for (size_t k = 0; k < n_peer && b->rc == ERR_OK; k++) {
        t->peer = peer[k];
        t->wave = 0;
        for (size_t n = most_waves(b, t); t->wave < n && b->rc == ERR_OK; t->wave++) {
            struct draft d = {0};
            d.target = build_room(b, s->n_payload * BUILD_MAX_ENDS * sizeof *d.target);
            d.support = build_room(b, s->n_payload * sizeof *d.support);
            for (size_t i = 0; i < s->n_payload && b->rc == ERR_OK; i++)
                draft_payload(b, t, &s->payload[i], &d);
            if (d.n_target > 0 && b->rc == ERR_OK && n_made < most)
                add_draft(b, t, &d, made, &n_made);
        }
    }
    if (b->rc == ERR_OK)
        join(b, x, made, n_made, t->subject);
}

size_t build_modes(const struct build_scenario *x, const char *use_case, const char **out)
{
    const struct scenario *s = x->script;
    size_t n = 0;
    for (size_t i = 0; i < s->n_payload; i++) {
        const struct table_row *row = x->row[i];
        for (size_t k = 0; row != NULL && s->payload[i].row_section == NULL && k < row->n_leg; k++)
            if (row->leg[k].mode[0] != '\0' && build_leg_serves(&row->leg[k], use_case) &&
                !build_names(out, n, row->leg[k].mode) && n < BUILD_MAX_MODES)
                out[n++] = row->leg[k].mode;
    }
    if (n == 0)
        out[n++] = "";
    return n;
}

bool build_mode_offered(const struct build *b, const char *mode)
{
    return !(strcmp(mode, "push") == 0 && !b->statement->push) &&
           !(strcmp(mode, "poll") == 0 && !b->statement->poll);
}

static void cases_of_use(struct build *b, struct build_scenario *x, const char *use_case,
                         bool leads_only)
{
    enum { ONE = 0, POPULATION, WHOLE_DAY, OBSERVED, KINDS };
    const char *mode[BUILD_MAX_MODES];
    size_t n = build_modes(x, use_case, mode);
    for (int kind = ONE; kind < KINDS; kind++)
        for (size_t m = 0; m < n && (kind != WHOLE_DAY || build_days_pass(b)) &&
                           (kind != OBSERVED || build_observes(b));
             m++)
            for (size_t g = 0; g < build_n_group(b) && b->rc == ERR_OK; g++) {
                struct build_trial t = {.scenario = x,
                                        .use_case = use_case,
                                        .mode = mode[m],
                                        .subject = g,
                                        .population = kind == POPULATION,
                                        .whole_day = kind >= WHOLE_DAY,
                                        .observed = kind == OBSERVED,
                                        .leads_only = leads_only};
                if (build_mode_offered(b, mode[m]) && build_is_subject(b, &t))
                    cases_of_group(b, x, &t);
            }
}

/* Rows that concern the equipment and that no subject of the scenario leads to, because the
 * statement has none: trials about whom they themselves name. */
static void cases_of_orphans(struct build *b, struct build_scenario *x, const char *use_case)
{
    const struct scenario *s = x->script;
    bool *leads = x->leads, any = false;
    x->leads = build_room(b, s->n_payload * sizeof *x->leads);
    for (size_t i = 0; i < s->n_payload && b->rc == ERR_OK; i++) {
        const struct build_row *r =
            s->payload[i].row_section == NULL ? row_of(b, x->row[i], use_case) : NULL;
        x->leads[i] = r != NULL && r->idle == NULL && r->n_leg == 0 && !r->unprovoked &&
                      build_standing(b, r) != PLAN_NOT_APPLICABLE;
        any = any || x->leads[i];
    }
    if (any && b->rc == ERR_OK)
        cases_of_use(b, x, use_case, true);
    x->leads = leads;
}

void build_cases(struct build *b)
{
    for (size_t i = 0; i < b->n_scenario && b->rc == ERR_OK; i++)
        for (size_t r = 0; r < b->n_row && b->rc == ERR_OK; r++) {
            bool seen = b->row[r].scenario != (int)i;
            for (size_t k = 0; k < r && !seen; k++)
                seen = b->row[k].scenario == (int)i &&
                       strcmp(b->row[k].use_case, b->row[r].use_case) == 0;
            if (seen)
                continue;
            cases_of_use(b, &b->scenario[i], b->row[r].use_case, false);
            cases_of_orphans(b, &b->scenario[i], b->row[r].use_case);
        }
}
