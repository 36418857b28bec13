#include <string.h>

#include "harness/plan/build_parts.h"

static bool names(const char *const *actor, size_t n, const char *wanted)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(actor[i], wanted) == 0)
            return true;
    return false;
}

/* Bits of the groups that a leg concerns, on one of its sides. */
uint64_t build_groups_of(const struct statement *s, const struct table_leg *leg, bool from)
{
    uint64_t bits = 0;
    for (size_t g = 0; g < s->n_group; g++) {
        bool class_fits = leg->device_class[0] == '\0' ||
                          strcmp(leg->device_class, s->group[g].device_class) == 0;
        bool named = from ? names(leg->from, leg->n_from, s->group[g].actor)
                          : names(leg->to, leg->n_to, s->group[g].actor);
        if (named && class_fits)
            bits |= UINT64_C(1) << g;
    }
    return bits;
}

/* The harness plays the other side: at least one of its actors has an endpoint. */
static bool other_side_played(const struct statement *s, const struct table_leg *leg, bool from_eut)
{
    size_t n = from_eut ? leg->n_to : leg->n_from;
    const char *const *actor = from_eut ? leg->to : leg->from;
    for (size_t i = 0; i < n; i++)
        if (statement_peer(s, actor[i]) != NULL)
            return true;
    return false;
}

static bool mode_offered(const struct statement *s, const struct table_leg *leg)
{
    return !(strcmp(leg->mode, "push") == 0 && !s->push) &&
           !(strcmp(leg->mode, "poll") == 0 && !s->poll);
}

static bool same_text(const char *x, const char *y)
{
    return x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);
}

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

/* Whether two legs of a row hold the same devices of the equipment to the same values. */
static bool judge_alike(const struct build_leg *x, const struct table_leg *leg, uint64_t groups,
                        bool from_eut)
{
    const struct table_leg *l = x->leg;
    bool windows =
        l->n_window == leg->n_window &&
        (l->n_window == 0 || memcmp(l->window, leg->window, l->n_window * sizeof *l->window) == 0);
    return x->from_eut == from_eut && x->groups == groups && l->trigger == leg->trigger &&
           same_text(l->command, leg->command) && same_text(l->mode, leg->mode) &&
           same_text(l->device_class, leg->device_class) &&
           same_limits(&l->latency_max, &leg->latency_max) &&
           same_limits(&l->reliability_ppb, &leg->reliability_ppb) && same_clauses(l, leg) &&
           l->size_min_bytes == leg->size_min_bytes && l->size_max_bytes == leg->size_max_bytes &&
           l->size_max_lax_bytes == leg->size_max_lax_bytes && windows &&
           l->window_always == leg->window_always;
}

/* "A, B" and the actors not yet among them. */
static const char *add_actors(struct build *b, const char *have, const char *const *actor, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool known = false;
        size_t len = strlen(actor[i]);
        for (const char *p = have; (p = strstr(p, actor[i])) != NULL && !known; p += len)
            known = (p == have || p[-1] == ' ') && (p[len] == '\0' || p[len] == ',');
        if (!known)
            have = build_text(b, "%s%s%s", have, have[0] == '\0' ? "" : ", ", actor[i]);
    }
    return have;
}

static void add_leg(struct build *b, struct build_row *r, const struct table_leg *leg,
                    bool from_eut, uint64_t groups)
{
    struct build_leg *x = NULL;
    for (size_t i = 0; i < r->n_leg && x == NULL; i++)
        if (judge_alike(&r->leg[i], leg, groups, from_eut))
            x = &r->leg[i];
    if (x == NULL && r->n_leg == BUILD_MAX_LEGS) {
        build_fault(b, ERR_LIMIT, "row %s: more than %d legs concern the equipment", r->source->id,
                    BUILD_MAX_LEGS);
        return;
    }
    if (x == NULL) {
        x = &r->leg[r->n_leg++];
        *x = (struct build_leg){leg, groups, from_eut, leg->id, "", "", false};
    } else {
        x->id = build_text(b, "%s+%s", x->id, leg->id);
    }
    x->from = add_actors(b, x->from, leg->from, leg->n_from);
    x->to = add_actors(b, x->to, leg->to, leg->n_to);
}

static void find_legs(struct build *b, struct build_row *r)
{
    r->leg = build_room(b, BUILD_MAX_LEGS * sizeof *r->leg);
    for (size_t i = 0; i < r->source->n_leg && b->rc == ERR_OK; i++) {
        const struct table_leg *leg = &r->source->leg[i];
        uint64_t from = build_groups_of(b->statement, leg, true),
                 to = build_groups_of(b->statement, leg, false);
        if (!mode_offered(b->statement, leg))
            continue;
        if (from != 0 && other_side_played(b->statement, leg, true))
            add_leg(b, r, leg, true, from);
        else if (to != 0 && other_side_played(b->statement, leg, false))
            add_leg(b, r, leg, false, to);
    }
}

/* The use case, as the profile names it, that brings a row into scope. NULL: out. */
static const char *scope_of(const struct build *b, const struct table_row *r)
{
    for (size_t i = 0; i < b->profile->n_scope; i++) {
        const struct profile_scope *s = &b->profile->scope[i];
        const struct table_use_case *u = build_use_case(b->table, s->name);
        if (s->kind != SCOPE_USE_CASE && profile_covers(s->name, r->id, r->section))
            return r->n_use_case == 0 ? "" : r->use_case[0];
        if (s->kind == SCOPE_USE_CASE && u != NULL && names(r->use_case, r->n_use_case, u->name))
            return s->name;
    }
    return NULL;
}

void build_rows(struct build *b)
{
    b->row = build_room(b, b->table->n_row * sizeof *b->row);
    b->plan_row = build_room(b, b->table->n_row * sizeof *b->plan_row);
    for (size_t i = 0; i < b->table->n_row && b->rc == ERR_OK; i++) {
        const char *use_case = scope_of(b, &b->table->row[i]);
        if (use_case == NULL)
            continue;
        struct build_row *r = &b->row[b->n_row++];
        *r = (struct build_row){.source = &b->table->row[i], .use_case = use_case, .scenario = -1};
        find_legs(b, r);
    }
    b->plan->row = b->plan_row;
    b->plan->n_row = b->n_row;
}

/* Whether an actor of the equipment stands on the declared way of the row's use case. */
static const char *on_the_way(const struct build *b, const struct build_row *r)
{
    for (size_t i = 0; i < b->profile->n_way; i++) {
        const struct profile_path *w = &b->profile->way[i];
        if (build_use_case(b->table, w->use_case) != build_use_case(b->table, r->use_case))
            continue;
        for (size_t g = 0; g < b->statement->n_group; g++)
            if (names(w->via, w->n_via, b->statement->group[g].actor))
                return b->statement->group[g].actor;
    }
    return NULL;
}

/* Why no leg of the row concerns the equipment. */
static void without_legs(struct build *b, const struct build_row *r, struct plan_row *p)
{
    const char *ends = "", *via = on_the_way(b, r);
    bool named = false, class_fits = false;
    for (size_t i = 0; i < r->source->n_leg; i++) {
        const struct table_leg *leg = &r->source->leg[i];
        ends = add_actors(b, ends, leg->from, leg->n_from);
        ends = add_actors(b, ends, leg->to, leg->n_to);
        for (size_t g = 0; g < b->statement->n_group; g++)
            named = named || names(leg->from, leg->n_from, b->statement->group[g].actor) ||
                    names(leg->to, leg->n_to, b->statement->group[g].actor);
        class_fits = class_fits || (build_groups_of(b->statement, leg, true) |
                                    build_groups_of(b->statement, leg, false)) != 0;
    }
    p->role = PLAN_NOT_APPLICABLE;
    if (named && !class_fits)
        p->reason = build_text(b, "its readings are for classes of devices that the statement does "
                                  "not declare");
    else if (named)
        p->reason = build_text(b,
                               "the statement gives no peer for the other end, or rules out its "
                               "mode (ends: %s)",
                               ends);
    else if (via != NULL) {
        p->role = PLAN_THROUGH_EUT;
        p->reason = build_text(b,
                               "not run: \"%s\" lies between the ends of this row, and what passes "
                               "through equipment is not driven",
                               via);
    } else {
        p->reason = build_text(b, "none of its ends (%s) is an actor of this EUT", ends);
    }
}

static const struct scenario_payload *declared(const struct build *b, const struct build_row *r)
{
    if (r->scenario == -1)
        return NULL;
    const struct scenario *s = b->scenario[r->scenario].script;
    for (size_t i = 0; i < s->n_payload; i++)
        if (s->payload[i].row_section == NULL &&
            strcmp(s->payload[i].payload, r->source->payload) == 0)
            return &s->payload[i];
    return NULL;
}

/* Some rows name the equipment on both sides: the scenario says which side is driven. */
static void one_side(const struct build *b, struct build_row *r)
{
    const struct scenario_payload *p = declared(b, r);
    bool from = false, to = false;
    for (size_t i = 0; i < r->n_leg; i++) {
        from = from || r->leg[i].from_eut;
        to = to || !r->leg[i].from_eut;
    }
    bool keep_from = from && !(to && p != NULL && p->sent);
    size_t n = 0;
    for (size_t i = 0; i < r->n_leg; i++)
        if (r->leg[i].from_eut == keep_from)
            r->leg[n++] = r->leg[i];
    r->n_leg = n;
}

/* Why a row that concerns the equipment is not driven; NULL when it is. */
static const char *not_run(struct build *b, const struct build_row *r)
{
    if (r->scenario == -1)
        return build_text(b, "not run: no scenario under suites/ drives section %s",
                          r->source->section);
    const struct build_scenario *s = &b->scenario[r->scenario];
    const struct scenario_payload *p = declared(b, r);
    if (p == NULL)
        return build_text(b, "not run: %s does not exercise this payload", s->file);
    if (p->sent == r->leg[0].from_eut)
        return build_text(b, "not run: %s %s this payload", s->file, p->sent ? "sends" : "expects");
    if (s->script->power && !b->o->arm)
        return build_text(b, "not run: it switches power, which needs --arm");
    for (size_t i = 0; i < s->script->n_stimulus; i++)
        if (statement_stimulus_by_name(b->statement, s->script->stimulus[i]) == NULL)
            return build_text(b, "not run: the statement declares no stimulus \"%s\"",
                              s->script->stimulus[i]);
    return NULL;
}

static const char *why_in(struct build *b, const struct build_row *r)
{
    uint64_t groups = 0;
    const char *actors = "";
    for (size_t i = 0; i < r->n_leg; i++)
        groups |= r->leg[i].groups;
    for (size_t g = 0; g < b->statement->n_group; g++)
        if (groups & UINT64_C(1) << g)
            actors = add_actors(b, actors, &b->statement->group[g].actor, 1);
    return build_text(b, "%s the EUT as %s", r->leg[0].from_eut ? "from" : "to", actors);
}

void build_roles(struct build *b)
{
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++) {
        struct build_row *r = &b->row[i];
        struct plan_row *p = &b->plan_row[i];
        p->id = build_copy(b, r->source->id);
        p->section = build_copy(b, r->source->section);
        p->payload = build_copy(b, r->source->payload);
        p->type = build_copy(b, r->source->type);
        p->use_case = build_copy(b, r->use_case);
        p->binding = plan_binding_by_payload(b->plan, p->payload);
        p->scenario = -1;
        p->operation = "";
        if (!r->selected) {
            p->reason = "outside this run's selection (--suite, --row)";
            r->n_leg = 0;
        } else if (r->n_leg == 0) {
            without_legs(b, r, p);
        }
        if (r->n_leg == 0) {
            r->scenario = -1;
            continue;
        }
        one_side(b, r);
        p->role = r->leg[0].from_eut ? PLAN_FROM_EUT : PLAN_TO_EUT;
        p->operation = r->scenario != -1 && b->scenario[r->scenario].script->power ? "power" : "";
        p->reason = not_run(b, r);
        if (p->reason == NULL && p->binding == -1)
            p->reason = "not run: no binding says how this payload is carried";
        if (p->reason != NULL)
            r->scenario = -1;
        else
            p->reason = why_in(b, r);
    }
}
