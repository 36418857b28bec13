/* What of each row concerns the equipment, and what of that the plan leaves undriven: a claim is
 * whole only where nothing is. */
#include <string.h>

#include "harness/plan/build_parts.h"

/* How a leg concerns the equipment. */
struct concern {
    bool from, to; /* an actor of it is an end there */
    bool through;  /* neither, but one lies between */
};

static bool leg_concerns(const struct build *b, const struct build_row *r,
                         const struct table_leg *leg, struct concern *c)
{
    *c = (struct concern){false, false, false};
    if (!build_leg_serves(leg, r->use_case))
        return false;
    c->from = build_first_eut(b, leg->from, leg->n_from) != NULL;
    c->to = build_first_eut(b, leg->to, leg->n_to) != NULL;
    c->through = !c->from && !c->to && build_via(b, r->source, r->use_case) != NULL;
    return c->from || c->to || c->through;
}

/* The variant that a leg of the table went into, NULL none. */
static const struct build_leg *variant_of(const struct build_row *r, const struct table_leg *leg)
{
    size_t at = (size_t)(leg - r->source->leg);
    for (size_t i = 0; i < r->n_leg && at < 64; i++)
        if (r->leg[i].legs & UINT64_C(1) << at)
            return &r->leg[i];
    return NULL;
}

/* Whether some trial of the leg had that actor as an end. */
static bool is_driven(const struct build_row *r, const struct table_leg *leg, const char *actor)
{
    size_t at = (size_t)(leg - r->source->leg);
    for (size_t i = 0; i < r->n_leg && at < 64; i++) {
        const struct build_leg *x = &r->leg[i];
        for (size_t k = 0; k < x->n_driven && (x->legs & UINT64_C(1) << at); k++)
            if (strcmp(x->driven[k], actor) == 0)
                return true;
    }
    return false;
}

static bool class_declared(const struct build *b, const struct table_leg *leg)
{
    for (size_t g = 0; g < build_n_group(b); g++)
        if (strcmp(build_group_class(b, g), leg->device_class) == 0 &&
            build_sides(leg, build_group_actor(b, g)) != 0)
            return true;
    return leg->device_class[0] == '\0';
}

static void add(struct build *b, const char **text, const char *more)
{
    if (strstr(*text, more) == NULL)
        *text = build_text(b, "%s%s%s", *text, (*text)[0] == '\0' ? "" : "; ", more);
}

/* Why no trial takes a leg. */
static const char *why_not(struct build *b, const struct table_leg *leg, const struct concern *c)
{
    bool played_from = build_first_peer(b, leg->from, leg->n_from) != NULL,
         played_to = build_first_peer(b, leg->to, leg->n_to) != NULL;
    const char *why = "no trial drives it";
    if (!class_declared(b, leg))
        why = build_text(b, "the statement declares no device of the class \"%s\"",
                         leg->device_class);
    else if (!build_mode_offered(b, leg->mode))
        why = build_text(b, "the statement rules out its mode, %s", leg->mode);
    else if (c->from && c->to && !played_from && !played_to)
        why = "both its ends are the equipment's";
    else if ((!c->from && !played_from) || (!c->to && !played_to) ||
             (c->from && !c->to && !played_to) || (c->to && !c->from && !played_from))
        why = "the statement gives no peer for its other end";
    return build_text(b, "reading %s: %s", leg->id, why);
}

/* An end of a leg that some trial takes. mine: the equipment is an end on that side. */
static void check_end(struct build *b, const struct build_row *r, const struct table_leg *leg,
                      const char *actor, bool other, const char **text)
{
    if (is_driven(r, leg, actor))
        return;
    if (build_is_eut(b, actor) && !other)
        add(b, text, build_text(b, "no trial is about \"%s\"", actor));
    else if (build_is_eut(b, actor))
        return; /* the other way round it is an end of its own */
    else if (other && build_peer(b, actor) == -1)
        add(b, text, build_text(b, "the statement gives no peer \"%s\"", actor));
    else if (other)
        add(b, text, build_text(b, "no trial has \"%s\" at the other end", actor));
}

/* Groups of the equipment beside those that trials of the row are about. */
static void check_groups(struct build *b, size_t row, const char **text)
{
    const struct build_row *r = &b->row[row];
    unsigned char in[BUILD_MAX_GROUPS] = {0};
    bool any = false;
    for (size_t c = 0; r->scenario != -1 && c < b->scenario[r->scenario].n_case; c++) {
        const struct build_case *k = &b->scenario[r->scenario].kase[c];
        for (size_t t = 0; t < k->n_target; t++)
            for (size_t g = 0; k->target[t].row == row && g < k->n_group; g++)
                in[k->group[g]] = 1;
    }
    for (size_t g = 0; g < b->statement->n_group; g++)
        any = any || in[g];
    for (size_t g = 0; any && g < b->statement->n_group; g++)
        for (size_t i = 0; i < r->source->n_leg && !in[g]; i++) {
            const struct table_leg *leg = &r->source->leg[i];
            unsigned side = build_sides(leg, build_group_actor(b, g)), same = 0;
            for (size_t k = 0; k < b->statement->n_group; k++)
                same |= in[k] ? build_sides(leg, build_group_actor(b, k)) : 0;
            if ((side & same) == 0 || !build_leg_serves(leg, r->use_case) ||
                !build_class_fits(leg, build_group_class(b, g)) || variant_of(r, leg) == NULL)
                continue;
            add(b, text,
                build_text(b, "no trial is about \"%s\"%s%s", build_group_actor(b, g),
                           build_group_class(b, g)[0] == '\0' ? "" : ", ",
                           build_group_class(b, g)));
        }
}

static void check_variants(struct build *b, size_t row, const char **text)
{
    for (size_t i = 0; i < b->row[row].n_leg; i++) {
        const struct plan_variant *v = &b->variant[row][i];
        const struct table_leg *leg = b->row[row].leg[i].at.leg;
        if (v->role == PLAN_THROUGH_EUT && v->share_ppm == -1)
            add(b, text,
                "the profile declares no share of the end-to-end budget for the equipment: its "
                "latency is not refuted, which shows less than the row asks");
        if (leg->latency_per > 1 && b->profile->extrapolation != NULL && v->latency_strict_ns != -1)
            add(b, text,
                build_text(b, "its latency is for %lld devices, and extrapolated from %u",
                           (long long)leg->latency_per, v->population > 0 ? v->population : 1));
    }
}

/* What of a row is not driven, "" nothing. */
static const char *lacks(struct build *b, size_t row)
{
    const struct build_row *r = &b->row[row];
    const char *text = "";
    struct concern c;
    if (r->n_leg == 0)
        return b->plan_row[row].reason;
    for (size_t i = 0; i < r->source->n_leg; i++) {
        const struct table_leg *leg = &r->source->leg[i];
        if (!leg_concerns(b, r, leg, &c))
            continue;
        if (variant_of(r, leg) == NULL) {
            add(b, &text, why_not(b, leg, &c));
            continue;
        }
        for (size_t k = 0; k < leg->n_from; k++)
            check_end(b, r, leg, leg->from[k], c.to || c.through, &text);
        for (size_t k = 0; k < leg->n_to; k++)
            check_end(b, r, leg, leg->to[k], c.from || c.through, &text);
    }
    check_groups(b, row, &text);
    check_variants(b, row, &text);
    return text;
}

void build_cover(struct build *b)
{
    struct concern c;
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++) {
        const struct build_row *r = &b->row[i];
        struct plan_row *p = &b->plan_row[i];
        p->lacks = "";
        if (r->source->unlisted != NULL || r->left_out != NULL)
            continue;
        for (size_t k = 0; k < r->source->n_leg && !p->concerns; k++)
            p->concerns = leg_concerns(b, r, &r->source->leg[k], &c);
        if (p->concerns)
            p->lacks = lacks(b, i);
    }
}
