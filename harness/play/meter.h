/* meter - what meters measure: values that look so, for a device's id, its past and the time.
 *
 * Ownership: pure functions of what they are given.
 */
#ifndef HARNESS_METER_H
#define HARNESS_METER_H

#include "harness/play/subject.h"

enum meter_medium { MEDIUM_NONE = 0, MEDIUM_ELECTR, MEDIUM_GAS, MEDIUM_WATER };

struct meter {
    const struct subject *subject;
    enum meter_medium medium;
    int64_t started_ns; /* monotonic: registers grow from here */
    uint64_t seed;
};

/* MEDIUM_NONE: no meter. */
enum meter_medium meter_medium(const char *actor);

const char *meter_unit(const struct meter *m); /* "kWh", "m3" */

/* Measured values: registers never fall, the others wander. */
double meter_register(const struct meter *m);
double meter_interval(const struct meter *m, unsigned point);
double meter_voltage(const struct meter *m);
double meter_amps(const struct meter *m);

#endif
