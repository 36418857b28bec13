#include <string.h>

#include "harness/plan/build_parts.h"
#include "harness/scope/deployment_rows.h"

bool build_leg_serves(const struct table_leg *leg, const char *use_case)
{
    return leg->use_case[0] == '\0' || strcmp(leg->use_case, use_case) == 0;
}

/* Whether a scope entry of the profile brings a row in under that use case. A section or a row does
 * so for the use cases that the row's own section is about; where there is none, for the first. */
static bool in_scope(const struct build *b, const struct profile_scope *s,
                     const struct table_row *r, const struct table_use_case *use)
{
    const struct table_use_case *u;
    if (s->kind == SCOPE_USE_CASE) {
        for (size_t at = 0; (u = build_use_case(b->table, s->name, &at)) != NULL;)
            if (u == use)
                return true;
        return false;
    }
    if (!profile_covers(s->name, r->id, r->section))
        return false;
    bool any = false;
    for (size_t i = 0; i < r->n_use_case; i++) {
        size_t at = 0;
        u = build_use_case(b->table, r->use_case[i], &at);
        bool own = u != NULL && profile_covers(u->section, "", r->section);
        if (u == use && own)
            return true;
        any = any || own;
    }
    return !any && (use == NULL || strcmp(r->use_case[0], use->name) == 0);
}

/* Where the profile names nothing, all of its deployment is in scope. */
static bool is_wanted(const struct build *b, const struct table_row *r,
                      const struct table_use_case *use)
{
    for (size_t i = 0; i < b->profile->n_scope; i++)
        if (in_scope(b, &b->profile->scope[i], r, use))
            return true;
    return b->profile->n_scope == 0;
}

static void add_row(struct build *b, const struct table_row *r, const struct table_use_case *use)
{
    if (!is_wanted(b, r, use))
        return;
    struct build_row *row = &b->row[b->n_row++];
    *row = (struct build_row){
        .source = r, .use = use, .use_case = use == NULL ? "" : use->name, .scenario = -1};
    row->leg = build_room(b, BUILD_MAX_LEGS * sizeof *row->leg);
    row->left_out = build_why_optional(b, r);
    if (b->deployment == NULL || b->rc != ERR_OK || row->left_out != NULL)
        return;
    const char *why = "";
    b->rc = deployment_row_out(b->deployment, &b->whole[r - b->table->row], r, row->use_case, &why,
                               b->e);
    row->left_out = why == NULL || why[0] == '\0' ? NULL : why;
}

/* A profile that takes nothing is a contradiction: told with the first row's reason. */
static void check_any_row(struct build *b)
{
    for (size_t i = 0; i < b->n_row; i++)
        if (b->row[i].left_out == NULL)
            return;
    if (b->n_row == 0)
        build_fault(b, ERR_SCOPE, "%s: the profile selects no row", b->profile->path);
    else if (b->deployment == NULL)
        build_fault(b, ERR_SCOPE,
                    "%s: the profile selects no row: its scope is %zu; the first, %s: %s",
                    b->profile->path, b->n_row, b->row[0].source->id, b->row[0].left_out);
    else
        build_fault(b, ERR_SCOPE,
                    "%s:%ld: the profile selects no row: its scope is %zu, its deployment leaves "
                    "none; the first, %s: %s",
                    b->profile->path, b->profile->deployment->line, b->n_row, b->row[0].source->id,
                    b->row[0].left_out);
}

void build_rows(struct build *b)
{
    size_t most = 0;
    for (size_t i = 0; i < b->table->n_row; i++)
        most += b->table->row[i].n_use_case + 1;
    b->row = build_room(b, most * sizeof *b->row);
    for (size_t i = 0; i < b->table->n_row && b->rc == ERR_OK; i++) {
        const struct table_row *r = &b->table->row[i];
        for (size_t k = 0; k < r->n_use_case && b->rc == ERR_OK; k++) {
            size_t at = 0;
            add_row(b, r, build_use_case(b->table, r->use_case[k], &at));
        }
        if (r->n_use_case == 0)
            add_row(b, r, NULL);
    }
    if (b->rc == ERR_OK)
        check_any_row(b);
    b->plan_row = build_room(b, b->n_row * sizeof *b->plan_row);
    b->plan->row = b->plan_row;
    b->plan->n_row = b->rc == ERR_OK ? b->n_row : 0;
}

static const struct scenario_payload *own_entry(const struct build *b, const struct build_row *r)
{
    const struct scenario_payload *p =
        r->scenario == -1 ? NULL
                          : build_listed(b->scenario[r->scenario].script, r->source->payload);
    return p != NULL && p->row_section == NULL ? p : NULL;
}

void build_idle(struct build *b)
{
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++) {
        struct build_row *r = &b->row[i];
        const struct build_scenario *s = r->scenario == -1 ? NULL : &b->scenario[r->scenario];
        if (!r->selected)
            continue;
        if (s == NULL)
            r->idle = build_text(b, "not run: no scenario under suites/ drives section %s",
                                 r->source->section);
        else if (own_entry(b, r) == NULL)
            r->idle = build_text(b, "not run: %s does not exercise this payload", s->file);
        else if (s->script->power && !b->o->arm)
            r->idle = strcmp(s->script->operation, "firmware") == 0
                          ? "not run: it writes firmware, which needs --arm"
                          : "not run: it switches power, which needs --arm";
        for (size_t k = 0; r->idle == NULL && k < s->script->n_stimulus; k++)
            if (statement_stimulus_by_name(b->statement, s->script->stimulus[k]) == NULL)
                r->idle = build_text(b, "not run: the statement declares no stimulus \"%s\"",
                                     s->script->stimulus[k]);
    }
}

/* What a row's legs say of the equipment, whoever a trial is about. */
struct standing {
    enum plan_role role;
    bool named, served; /* the equipment is an end; of a leg of this use case */
    bool class_fits, mode_fits, played;
    const char *ends, *via;
};

static bool mode_offered(const struct statement *s, const char *mode)
{
    return !(strcmp(mode, "push") == 0 && !s->push) && !(strcmp(mode, "poll") == 0 && !s->poll);
}

static bool class_declared(const struct build *b, const struct table_leg *leg)
{
    for (size_t g = 0; g < build_n_group(b); g++)
        if (strcmp(build_group_class(b, g), leg->device_class) == 0 &&
            (build_names(leg->from, leg->n_from, build_group_actor(b, g)) ||
             build_names(leg->to, leg->n_to, build_group_actor(b, g))))
            return true;
    return leg->device_class[0] == '\0';
}

static void stand(struct build *b, const struct build_row *r, struct standing *s)
{
    *s = (struct standing){.role = PLAN_NOT_APPLICABLE, .ends = ""};
    s->via = build_via(b, r->source, r->use_case);
    for (size_t i = 0; i < r->source->n_leg; i++) {
        const struct table_leg *l = &r->source->leg[i];
        if (!build_leg_serves(l, r->use_case))
            continue;
        const char *from_eut = build_first_eut(b, l->from, l->n_from),
                   *to_eut = build_first_eut(b, l->to, l->n_to),
                   *from_peer = build_first_peer(b, l->from, l->n_from),
                   *to_peer = build_first_peer(b, l->to, l->n_to);
        bool class_fits = class_declared(b, l), mode_fits = mode_offered(b->statement, l->mode);
        s->served = true;
        s->ends = build_add_actors(b, s->ends, l->from, l->n_from);
        s->ends = build_add_actors(b, s->ends, l->to, l->n_to);
        s->named = s->named || from_eut != NULL || to_eut != NULL;
        s->class_fits = s->class_fits || class_fits;
        s->mode_fits = s->mode_fits || mode_fits;
        s->played = s->played || (from_peer != NULL && to_peer != NULL);
        if (!class_fits || !mode_fits || s->role == PLAN_FROM_EUT)
            continue;
        if (from_eut != NULL && to_peer != NULL)
            s->role = PLAN_FROM_EUT;
        else if (to_eut != NULL && from_peer != NULL)
            s->role = PLAN_TO_EUT;
        else if (from_peer != NULL && to_peer != NULL && s->via != NULL &&
                 s->role == PLAN_NOT_APPLICABLE)
            s->role = PLAN_THROUGH_EUT;
    }
}

enum plan_role build_standing(struct build *b, const struct build_row *r)
{
    struct standing s;
    stand(b, r, &s);
    return s.role;
}

/* Which decision takes the equipment off the row's paths, "" none. */
static const char *off_path(struct build *b, const struct build_row *r)
{
    for (size_t i = 0; i < b->profile->n_way && b->deployment != NULL; i++) {
        const struct profile_path *w = &b->profile->way[i];
        struct deployment_cause cause;
        if (!table_same_name(w->use_case, r->use_case) ||
            !profile_covers(w->row, r->source->id, r->source->section))
            continue;
        for (size_t k = 0; k < w->n_via; k++)
            if (build_is_eut(b, w->via[k]) && !deployment_on_path(b->deployment, w->via[k], &cause))
                return build_text(b, "; %s takes %s off the way between them",
                                  deployment_because(b->deployment, cause.choice, b->e), w->via[k]);
    }
    return "";
}

/* Why no leg of the row concerns the equipment. */
static const char *why_out(struct build *b, const struct build_row *r, const struct standing *s)
{
    if (!s->served)
        return "no reading of it holds for this use case";
    if (s->named && !s->class_fits)
        return "its readings are for classes of devices that the statement does not declare";
    if (s->named && !s->mode_fits)
        return "the statement rules out its mode";
    if (s->named)
        return build_text(b, "the statement gives no peer for the other end (ends: %s)", s->ends);
    if (s->via != NULL && !s->played)
        return build_text(b,
                          "\"%s\" lies between its ends (%s), but the statement gives no peers for "
                          "both of them",
                          s->via, s->ends);
    return build_text(b, "none of its ends (%s) is an actor of this EUT%s", s->ends,
                      off_path(b, r));
}

/* "to the EUT as A, B", once for each role of its readings. */
static const char *why_in(struct build *b, const struct build_row *r)
{
    static const char *const word[PLAN_ROLE_COUNT] = {"", "to", "from", "through"};
    const char *text = "";
    for (int role = PLAN_TO_EUT; role < PLAN_ROLE_COUNT; role++) {
        const char *actors = "", *subjects = "";
        for (size_t i = 0; i < r->n_leg; i++) {
            if ((int)r->leg[i].at.role != role)
                continue;
            actors = build_add_actors(b, actors, &r->leg[i].at.eut_actor, 1);
            for (size_t g = 0; g < b->statement->n_group; g++) {
                const char *a = b->statement->group[g].actor;
                const struct table_leg *l = r->leg[i].at.leg;
                if (role != PLAN_THROUGH_EUT &&
                    (role == PLAN_FROM_EUT ? build_names(l->from, l->n_from, a)
                                           : build_names(l->to, l->n_to, a)))
                    actors = build_add_actors(b, actors, &a, 1);
            }
            subjects = build_add_actors(b, subjects, &r->leg[i].subject, 1);
        }
        if (actors[0] != '\0')
            text = build_text(b, "%s%s%s the EUT as %s%s%s", text, text[0] == '\0' ? "" : "; ",
                              word[role], actors,
                              role == PLAN_THROUGH_EUT ? ", about played devices: " : "",
                              role == PLAN_THROUGH_EUT ? subjects : "");
    }
    return text;
}

static void fill(struct build *b, const struct build_row *r, struct plan_row *p)
{
    p->id = build_copy(b, r->source->id);
    p->section = build_copy(b, r->source->section);
    p->payload = build_copy(b, r->source->payload);
    p->type = build_copy(b, r->source->type);
    p->use_case = build_copy(b, r->use_case);
    p->unlisted = r->source->unlisted != NULL;
    p->binding = plan_binding_by_payload(b->plan, p->payload);
    p->scenario = -1;
    p->operation =
        r->scenario == -1 ? "" : build_copy(b, b->scenario[r->scenario].script->operation);
}

void build_roles(struct build *b)
{
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++) {
        struct build_row *r = &b->row[i];
        struct plan_row *p = &b->plan_row[i];
        struct standing s;
        fill(b, r, p);
        if (r->n_leg > 0) {
            p->role = r->leg[0].at.role;
            p->reason = why_in(b, r);
            continue;
        }
        stand(b, r, &s);
        p->role = r->left_out != NULL ? PLAN_NOT_APPLICABLE : s.role;
        const char *unclaimed =
            p->role == PLAN_NOT_APPLICABLE ? NULL : build_unclaimed_row(b, r, &p->role);
        p->withheld = r->selected && unclaimed != NULL && p->role != PLAN_NOT_APPLICABLE;
        if (!r->selected)
            p->reason = r->idle;
        else if (unclaimed != NULL)
            p->reason = unclaimed;
        else if (s.role == PLAN_NOT_APPLICABLE)
            p->reason = why_out(b, r, &s);
        else if (r->idle != NULL)
            p->reason = r->idle;
        else if (r->unprovoked)
            p->reason = build_text(b, "not run: the statement declares no stimulus \"%s\"",
                                   r->source->payload);
        else
            p->reason = build_text(b, "not run: no case of %s drives it %s this equipment",
                                   b->scenario[r->scenario].file,
                                   s.role == PLAN_FROM_EUT ? "from"
                                   : s.role == PLAN_TO_EUT ? "to"
                                                           : "through");
        r->scenario = -1;
    }
}
