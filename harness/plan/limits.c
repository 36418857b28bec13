#include <string.h>

#include "harness/plan/build_parts.h"

enum profile_take build_choice(const struct build *b, const struct table_leg *leg,
                               const char *about)
{
    for (size_t i = 0; i < leg->n_interpretation; i++)
        for (size_t k = 0; k < b->profile->n_choice; k++)
            if (strcmp(leg->interpretation[i], b->profile->choice[k].id) == 0 &&
                strstr(leg->interpretation[i], about) != NULL)
                return b->profile->choice[k].take;
    return TAKE_ALL;
}

static int64_t overlay_value(const struct profile_overlay *o, enum build_field field)
{
    return field == OVERLAY_LATENCY ? o->latency_ns
           : field == OVERLAY_RATIO ? o->ratio_ppb
                                    : o->size_max_bytes;
}

/* The last one wins: special ones stand behind general ones. */
const struct profile_overlay *build_overlaid(const struct build *b, const struct table_row *row,
                                             enum build_field field)
{
    const struct profile_overlay *found = NULL;
    for (size_t i = 0; i < b->profile->n_overlay; i++) {
        const struct profile_overlay *o = &b->profile->overlay[i];
        if (overlay_value(o, field) != -1 && profile_covers(o->row, row->id, row->section))
            found = o;
    }
    return found;
}

int64_t build_overlay(const struct build *b, const struct table_row *row, enum build_field field)
{
    const struct profile_overlay *o = build_overlaid(b, row, field);
    return o == NULL ? -1 : overlay_value(o, field);
}

const struct profile_share *build_share(const struct build *b, const char *actor)
{
    for (size_t i = 0; i < b->profile->n_share; i++)
        if (strcmp(b->profile->share[i].actor, actor) == 0)
            return &b->profile->share[i];
    return NULL;
}

static int64_t part_of(int64_t ns, int64_t ppm)
{
    return ns / 1000000 * ppm + ns % 1000000 * ppm / 1000000;
}

void build_latency(struct build *b, const struct table_row *row, const struct table_leg *leg,
                   const char *eut_actor, int64_t *strict_ns, int64_t *lax_ns)
{
    const struct table_limits *max = &leg->latency_max;
    const struct profile_share *share = build_share(b, eut_actor);
    int64_t overlaid = build_overlay(b, row, OVERLAY_LATENCY);
    enum profile_take choice = build_choice(b, leg, "latency");
    *strict_ns = max->n == 0 ? -1 : max->value[choice == TAKE_LAXEST ? max->n - 1 : 0];
    *lax_ns = max->n == 0 ? -1 : max->value[choice == TAKE_STRICTEST ? 0 : max->n - 1];
    if (overlaid != -1)
        *strict_ns = *lax_ns = overlaid;
    if (share != NULL && *strict_ns != -1) {
        *strict_ns = part_of(*strict_ns, share->ppm);
        *lax_ns = part_of(*lax_ns, share->ppm);
    }
}
