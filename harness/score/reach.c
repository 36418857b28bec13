#include "harness/score/reach.h"

#include <stdlib.h>

#include "harness/plan/method_io.h"
#include "harness/score/result_head.h"

void reach_release(struct reach *r)
{
    for (size_t i = 0; r->bit != NULL && i < r->n_group; i++)
        free(r->bit[i]);
    free(r->bit);
    *r = (struct reach){NULL, 0, 0};
}

static size_t bytes_of(const struct plan *p, size_t group)
{
    return (size_t)p->group[group].count / 8 + 1;
}

static enum err_code make_room(struct reach *r, const struct plan *p, size_t group, struct err *e)
{
    if (r->bit == NULL) {
        r->bit = calloc(p->n_group + 1, sizeof *r->bit);
        r->n_group = r->bit == NULL ? 0 : p->n_group;
    }
    if (r->bit != NULL && r->bit[group] == NULL)
        r->bit[group] = calloc(bytes_of(p, group), 1);
    return r->bit == NULL || r->bit[group] == NULL
               ? err_set(e, ERR_NOMEM, "no memory for the devices of %s", p->group[group].actor)
               : ERR_OK;
}

enum err_code reach_add(struct reach *r, const struct plan *p, uint64_t device, struct err *e)
{
    for (size_t g = 0; device != 0 && g < p->n_group; g++) {
        const struct plan_device_group *own = &p->group[g];
        if (device < own->first_id || device - own->first_id >= own->count)
            continue;
        enum err_code rc = make_room(r, p, g, e);
        uint64_t at = device - own->first_id;
        if (rc != ERR_OK)
            return rc;
        uint8_t mask = (uint8_t)(1u << at % 8);
        r->n += (r->bit[g][at / 8] & mask) == 0;
        r->bit[g][at / 8] |= mask;
        return ERR_OK;
    }
    return ERR_OK;
}

enum err_code reach_join(struct reach *r, const struct plan *p, const struct reach *from,
                         struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t g = 0; g < p->n_group && g < from->n_group && rc == ERR_OK; g++)
        for (uint64_t at = 0; from->bit[g] != NULL && at < p->group[g].count && rc == ERR_OK; at++)
            if (from->bit[g][at / 8] & (1u << at % 8))
                rc = reach_add(r, p, p->group[g].first_id + at, e);
    return rc;
}

/* Whether trials are about devices of the group. */
static bool is_subject(const struct plan *p, size_t group)
{
    for (size_t i = 0; i < p->n_scenario; i++)
        for (size_t c = 0; c < p->scenario[i].n_case; c++)
            for (size_t g = 0; g < p->scenario[i].kase[c].n_group; g++)
                if (p->scenario[i].kase[c].group[g] == group)
                    return true;
    return false;
}

void reach_tell(const struct reach *r, const struct plan *p, struct result *out, bool *no_memory)
{
    struct result_population *all = arena_alloc(&out->arena, (p->n_group + 1) * sizeof *all);
    *no_memory = *no_memory || all == NULL;
    if (!method_given(&p->method))
        return; /* results of before have none, and give none again */
    for (size_t g = 0; all != NULL && g < p->n_group; g++) {
        const struct plan_device_group *own = &p->group[g];
        all[g] = (struct result_population){.actor = result_copy(out, own->actor, no_memory),
                                            .device_class =
                                                result_copy(out, own->device_class, no_memory),
                                            .equipment = own->eut,
                                            .subject = is_subject(p, g),
                                            .devices = own->count};
        for (uint64_t at = 0; g < r->n_group && r->bit[g] != NULL && at < own->count; at++)
            all[g].reached += r->bit[g][at / 8] >> at % 8 & 1;
    }
    out->population = all;
    out->n_population = all == NULL ? 0 : p->n_group;
}
