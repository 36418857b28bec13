#include "harness/play/meter.h"

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

enum meter_medium meter_medium(const char *actor)
{
    static const char prefix[] = "2-Way Meter - ";
    if (strncmp(actor, prefix, sizeof prefix - 1) != 0)
        return MEDIUM_NONE;
    const char *kind = actor + sizeof prefix - 1;
    return strncmp(kind, "Electr", 6) == 0  ? MEDIUM_ELECTR
           : strncmp(kind, "Gas", 3) == 0   ? MEDIUM_GAS
           : strncmp(kind, "Water", 5) == 0 ? MEDIUM_WATER
                                            : MEDIUM_NONE;
}

const char *meter_unit(const struct meter *m)
{
    return m->medium == MEDIUM_ELECTR ? "kWh" : "m3";
}

/* A year of use behind it, half a kW (or m3 an hour, a tenth of it) on average since. */
double meter_register(const struct meter *m)
{
    double rate = m->medium == MEDIUM_ELECTR ? 0.5 : 0.05;
    double hours = (double)(clock_mono_ns() - m->started_ns) / (3600.0 * (double)NS_PER_S);
    double before = 8760.0 * rate * (0.5 + unit_interval(m->seed ^ m->subject->id));
    return before + rate * hours + 0.001 * (double)m->subject->state->reads;
}

static uint64_t moment(const struct meter *m)
{
    return m->seed ^ m->subject->id ^ (uint64_t)m->subject->state->reads << 32;
}

double meter_interval(const struct meter *m, unsigned point)
{
    double most = m->medium == MEDIUM_ELECTR ? 0.25 : 0.025;
    return most * unit_interval(moment(m) ^ point);
}

double meter_voltage(const struct meter *m)
{
    return 228.0 + 4.0 * unit_interval(moment(m));
}

double meter_amps(const struct meter *m)
{
    return m->subject->state->open ? 0.0 : 0.5 + 15.0 * unit_interval(~moment(m));
}
