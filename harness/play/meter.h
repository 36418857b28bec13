/* meter - the devices that the reference equipment is, and what each remembers.
 *
 * A fleet holds the devices of a statement's groups; a device's state is a few bytes, so millions
 * fit. Ownership: a fleet borrows the statement; a meter borrows from the fleet. Errors: ERR_USAGE
 * for an actor that is no meter, ERR_NOMEM.
 */
#ifndef HARNESS_METER_H
#define HARNESS_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"
#include "harness/profile/statement.h"

enum meter_medium { MEDIUM_ELECTR = 1, MEDIUM_GAS = 2, MEDIUM_WATER = 4, MEDIUM_ALL = 7 };

enum meter_fault { FAULT_METROLOGY = 0, FAULT_SERVICE, FAULT_COUNT };

struct meter_state {
    bool open;                  /* switch or valve: no supply */
    uint8_t fault[FAULT_COUNT]; /* code that the next operation fails with, 0 none */
    uint32_t reads;
};

struct fleet_group {
    const struct statement_group *declared;
    enum meter_medium medium;
    struct meter_state *state;
};

struct fleet {
    struct fleet_group *group;
    size_t n_group;
    int64_t started_ns; /* monotonic: registers grow from here */
    uint64_t seed;
};

struct meter {
    uint64_t id;
    const struct fleet_group *group;
    struct meter_state *state;
};

/* actor NULL: all groups; else those of that actor (ERR_USAGE when there is none). */
enum err_code fleet_init(const struct statement *s, const char *actor, uint64_t seed,
                         struct fleet *f, struct err *e);
void fleet_release(struct fleet *f);
bool fleet_find(const struct fleet *f, uint64_t id, struct meter *out);

/* The id of some other device of the same kind where there is one. */
uint64_t meter_other_id(const struct meter *m);
const char *meter_unit(const struct meter *m); /* "kWh", "m3" */

/* Measured values: registers never fall, the others wander. */
double meter_register(const struct fleet *f, const struct meter *m);
double meter_interval(const struct fleet *f, const struct meter *m, unsigned point);
double meter_voltage(const struct fleet *f, const struct meter *m);
double meter_amps(const struct fleet *f, const struct meter *m);

#endif
