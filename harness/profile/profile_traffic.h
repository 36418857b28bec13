/* profile_traffic - what the lab declares about the traffic of the deployment: <traffic>.
 *
 * The selections of a volumetric analysis: which interface, which events, which of a range's
 * values, what is assumed for what the document leaves open. Each names its source; one that mends
 * a slip of the document names the erratum too. Names are checked where the traffic is computed.
 * Ownership: all of it is borrowed from the profile.
 * Spec:      4.21, steps 2 to 6.
 */
#ifndef HARNESS_PROFILE_TRAFFIC_H
#define HARNESS_PROFILE_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a value is what it is. */
struct profile_ground {
    bool given;          /* the profile says something at all */
    const char *source;  /* "" */
    const char *erratum; /* id in the requirement table, "" none */
    long line;
};

/* A data flow or a network interface of the reference model by name, or two actors. */
struct profile_interface {
    const char *dataflow, *name, *near, *far; /* NULL: not that way */
    struct profile_ground by;
};

/* Only events that come from, or go to, one of these beyond the interface. */
struct profile_counterpart {
    const char *actor;
    struct profile_ground by;
};

struct profile_mix_part {
    const char *actor, *device_class; /* class "" all */
    int64_t ppm;                      /* of the endpoints */
    long line;
};

/* Of which kinds the endpoints are. */
struct profile_mix {
    const char *name;
    const struct profile_mix_part *part;
    size_t n_part;
    struct profile_ground by;
};

/* How many of a population that the document counts by ("PrePay-ElectrMtr") there are for each
 * hundred endpoints. */
struct profile_population {
    const char *name;
    int64_t ppm;
    struct profile_ground by;
};

enum profile_arrival {
    ARRIVE_BY_TRIGGER = 0, /* schedules are periodic, events Poisson, answers follow */
    ARRIVE_POISSON,
    ARRIVE_PERIODIC, /* each endpoint at a phase of its own */
    ARRIVE_ALIGNED,  /* all endpoints at once */
    ARRIVE_COUNT
};

enum profile_pick { PICK_HIGH = 0, PICK_LOW, PICK_MIDDLE, PICK_COUNT };

/* What is selected for one reading of one row. */
struct profile_event {
    const char *row, *leg;    /* leg "*": each reading */
    struct profile_ground by; /* that it is counted, or left out */
    bool out;
    struct {
        struct profile_ground by;
        int64_t micro;  /* times, in millionths */
        int64_t per;    /* endpoints, or events of the row named in of */
        const char *of; /* row id, NULL: a day */
    } often;
    struct {
        struct profile_ground by;
        int64_t bytes;
    } size;
    struct {
        struct profile_ground by;
        int64_t milli; /* hours that a day's events are spread over */
    } hours;
    struct {
        struct profile_ground by;
        int64_t ppm; /* of the endpoints that have it */
    } share;
    struct {
        struct profile_ground by;
        enum profile_arrival how;
    } arrive;
};

struct profile_traffic {
    const struct profile_interface *interface;
    size_t n_interface;
    const struct profile_counterpart *counterpart;
    size_t n_counterpart;
    bool listed; /* only events of the list, else every row that crosses the interface */
    struct profile_ground listed_by;
    enum profile_pick pick; /* of ranges for which no event selects a value */
    struct profile_ground pick_by;
    bool each_destination; /* one copy for each destination of a reading */
    struct profile_ground copies_by;
    int64_t endpoints, per_aggregator; /* 0: not said */
    struct profile_ground scale_by;
    const struct profile_mix *mix;
    size_t n_mix;
    const char *use_mix; /* NULL: the only one, or none */
    struct profile_ground use_mix_by;
    const struct profile_population *population;
    size_t n_population;
    const struct profile_event *event;
    size_t n_event;
    long line;
};

#endif
