#include "harness/play/meter.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"

/* splitmix64: one step of it is hash enough for values that only have to look measured. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static double unit_interval(uint64_t x)
{
    return (double)(mix(x) >> 11) / 9007199254740992.0;
}

static enum err_code medium_of(const char *actor, enum meter_medium *out, struct err *e)
{
    static const char prefix[] = "2-Way Meter - ";
    if (strncmp(actor, prefix, sizeof prefix - 1) == 0) {
        const char *kind = actor + sizeof prefix - 1;
        *out = strncmp(kind, "Electr", 6) == 0  ? MEDIUM_ELECTR
               : strncmp(kind, "Gas", 3) == 0   ? MEDIUM_GAS
               : strncmp(kind, "Water", 5) == 0 ? MEDIUM_WATER
                                                : 0;
        if (*out != 0)
            return ERR_OK;
    }
    return err_set(e, ERR_USAGE, "cannot play \"%s\", expected a meter: %sElectr, %sGas or %sWater",
                   actor, prefix, prefix, prefix);
}

enum err_code fleet_init(const struct statement *s, const char *actor, uint64_t seed,
                         struct fleet *f, struct err *e)
{
    enum err_code rc = ERR_OK;
    *f = (struct fleet){.started_ns = clock_mono_ns(), .seed = seed};
    f->group = calloc(s->n_group, sizeof *f->group);
    if (f->group == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu device groups", s->n_group);
    for (size_t i = 0; rc == ERR_OK && i < s->n_group; i++) {
        const struct statement_group *declared = &s->group[i];
        struct fleet_group *g = &f->group[f->n_group];
        if (actor != NULL && strcmp(actor, declared->actor) != 0)
            continue;
        rc = medium_of(declared->actor, &g->medium, e);
        if (rc != ERR_OK)
            break;
        g->declared = declared;
        g->state = calloc(declared->count, sizeof *g->state);
        if (g->state == NULL)
            rc = err_set(e, ERR_NOMEM, "no memory for %u devices", declared->count);
        f->n_group++;
    }
    if (rc == ERR_OK && f->n_group == 0)
        rc = err_set(e, ERR_USAGE, "%s declares no devices of actor \"%s\"", s->path, actor);
    if (rc != ERR_OK)
        fleet_release(f);
    return rc;
}

void fleet_release(struct fleet *f)
{
    for (size_t i = 0; i < f->n_group; i++)
        free(f->group[i].state);
    free(f->group);
    f->group = NULL;
    f->n_group = 0;
}

bool fleet_find(const struct fleet *f, uint64_t id, struct meter *out)
{
    for (size_t i = 0; i < f->n_group; i++) {
        const struct statement_group *d = f->group[i].declared;
        if (id >= d->first_id && id - d->first_id < d->count) {
            *out = (struct meter){id, &f->group[i], &f->group[i].state[id - d->first_id]};
            return true;
        }
    }
    return false;
}

uint64_t meter_other_id(const struct meter *m)
{
    const struct statement_group *d = m->group->declared;
    return d->count == 1 ? m->id ^ 1 : d->first_id + (m->id - d->first_id + 1) % d->count;
}

const char *meter_unit(const struct meter *m)
{
    return m->group->medium == MEDIUM_ELECTR ? "kWh" : "m3";
}

/* A year of use behind it, half a kW (or m3 an hour, a tenth of it) on average since. */
double meter_register(const struct fleet *f, const struct meter *m)
{
    double rate = m->group->medium == MEDIUM_ELECTR ? 0.5 : 0.05;
    double hours = (double)(clock_mono_ns() - f->started_ns) / (3600.0 * (double)NS_PER_S);
    double before = 8760.0 * rate * (0.5 + unit_interval(f->seed ^ m->id));
    return before + rate * hours + 0.001 * (double)m->state->reads;
}

double meter_interval(const struct fleet *f, const struct meter *m, unsigned point)
{
    double most = m->group->medium == MEDIUM_ELECTR ? 0.25 : 0.025;
    return most * unit_interval(f->seed ^ m->id ^ (uint64_t)m->state->reads << 32 ^ point);
}

double meter_voltage(const struct fleet *f, const struct meter *m)
{
    return 228.0 + 4.0 * unit_interval(f->seed ^ m->id ^ (uint64_t)m->state->reads << 32);
}

double meter_amps(const struct fleet *f, const struct meter *m)
{
    if (m->state->open)
        return 0.0;
    return 0.5 + 15.0 * unit_interval(~f->seed ^ m->id ^ (uint64_t)m->state->reads << 32);
}
