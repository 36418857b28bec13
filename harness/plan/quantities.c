#include <string.h>

#include "harness/plan/build_parts.h"

/* Devices of the run of that kind, of the equipment or played. */
static uint64_t tested(const struct build *b, const struct profile_endpoints *e)
{
    uint64_t n = 0;
    for (size_t g = 0; g < build_n_group(b); g++)
        if (strcmp(build_group_actor(b, g), e->actor) == 0 &&
            (e->device_class[0] == '\0' || strcmp(build_group_class(b, g), e->device_class) == 0))
            n += build_group_count(b, g);
    return n;
}

static bool in_rows(const struct build *b, const char *actor)
{
    for (size_t i = 0; i < b->n_row; i++)
        for (size_t k = 0; k < b->row[i].source->n_leg; k++)
            if (build_sides(&b->row[i].source->leg[k], actor) != 0)
                return true;
    return false;
}

static bool has_quantity(const struct profile *f, const char *actor, const char *device_class)
{
    for (size_t i = 0; i < f->n_endpoints; i++)
        if (strcmp(f->endpoints[i].actor, actor) == 0 &&
            (f->endpoints[i].device_class[0] == '\0' ||
             strcmp(f->endpoints[i].device_class, device_class) == 0))
            return true;
    return false;
}

/* Whether trials are about devices of the group. */
static bool is_subject(const struct build *b, size_t group)
{
    for (size_t i = 0; i < b->n_scenario; i++)
        for (size_t c = 0; c < b->scenario[i].n_case; c++)
            for (size_t g = 0; g < b->scenario[i].kase[c].n_group; g++)
                if (b->scenario[i].kase[c].group[g] == group)
                    return true;
    return false;
}

void build_quantities(struct build *b)
{
    const struct profile *f = b->profile;
    struct method *m = &b->plan->method;
    size_t n_group = build_n_group(b), n = 0;
    struct method_quantity *q = build_room(b, (f->n_endpoints + n_group + 1) * sizeof *q);
    for (size_t i = 0; i < f->n_endpoints && b->rc == ERR_OK; i++) {
        const struct profile_endpoints *e = &f->endpoints[i];
        if (!in_rows(b, e->actor))
            build_fault(b, ERR_SCOPE,
                        "%s:%ld: endpoints of \"%s\", which no row of the profile's scope names",
                        f->path, e->line, e->actor);
        q[n++] = (struct method_quantity){build_copy(b, e->actor), build_copy(b, e->device_class),
                                          e->count, tested(b, e), build_copy(b, e->source)};
    }
    if (f->n_endpoints == 0)
        build_limit(b, "quantity",
                    "the profile does not say for how many endpoints: expected <endpoints>");
    for (size_t g = 0; g < n_group && b->rc == ERR_OK; g++) {
        const char *actor = build_group_actor(b, g), *class = build_group_class(b, g);
        if (has_quantity(f, actor, class))
            continue;
        q[n++] = (struct method_quantity){build_copy(b, actor), build_copy(b, class), 0,
                                          build_group_count(b, g), ""};
        if (f->n_endpoints > 0 && is_subject(b, g))
            build_limit(b, "quantity", "the profile does not say how many \"%s\"%s%s there are",
                        actor, class[0] == '\0' ? "" : ", ", class);
    }
    m->quantity = q;
    m->n_quantity = b->rc == ERR_OK ? n : 0;
}
