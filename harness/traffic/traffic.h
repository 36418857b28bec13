/* traffic - what goes over an interface of the deployment: the seven steps of 4.21, computed.
 *
 * From the requirement table and a profile: which readings of which rows cross the interface, how
 * often and with how many bytes, low, selected and high; what each value rests on; what is missing
 * or contradicts itself; totals per endpoint and day, and hour by hour. A value that is missing
 * leaves its reading out of the totals and stands in the notes: nothing is taken as zero.
 * Ownership: traffic_free frees everything; the table and the profile are borrowed for as long.
 * Errors:    ERR_DATA for names that nothing has, with the profile's file and line; ERR_SCOPE when
 *            the declarations contradict each other; ERR_LIMIT for numbers beyond 64 bits.
 * Spec:      4.21.
 */
#ifndef HARNESS_TRAFFIC_H
#define HARNESS_TRAFFIC_H

#include "harness/base/arena.h"
#include "harness/profile/profile.h"
#include "harness/table/table.h"
#include "harness/traffic/kinds.h"
#include "harness/traffic/ratio.h"

struct deployment_book;

#define TRAFFIC_HOURS 24
#define TRAFFIC_DAY_S 86400
#define TRAFFIC_PARTS 64 /* of a mix */

enum traffic_direction { TRAFFIC_DOWN = 0, TRAFFIC_UP, TRAFFIC_DIRECTIONS };
enum traffic_level { TRAFFIC_LOW = 0, TRAFFIC_SELECTED, TRAFFIC_HIGH, TRAFFIC_LEVELS };

/* An interface as two actors; ref: the data flow's name, "" none. */
struct traffic_pair {
    const char *ref, *near, *far;
};

/* One reading of one row in one direction, counted. */
struct traffic_line {
    const struct table_row *row;
    const struct table_leg *leg;
    enum traffic_direction direction;
    const char *from, *to;    /* its ends, "A, B" */
    const char *far;          /* the endpoints that it is about: first of the interface's actors */
    const char *device_class; /* "" all */
    const char *population;   /* that the rate counts by, "" none */
    const char *period;       /* as written; "" none */
    bool of_events;           /* counted by events of other lines, and share is 1 */
    const char *of;           /* row id, or payload, of these; NULL */
    struct ratio rate[TRAFFIC_LEVELS]; /* of one member a day, or of one event */
    struct ratio share;                /* members for each endpoint */
    uint64_t parts; /* bits of the mix's parts whose devices it can be about; 0: all */
    bool subset;    /* of those devices only as many as share says */
    int64_t copies;
    struct ratio events[TRAFFIC_LEVELS]; /* of one endpoint a day */
    int64_t size[TRAFFIC_LEVELS];        /* bytes */
    bool tied;
    const char *rate_by, *size_by, *share_by, *hours_by, *arrive_by; /* sources */
    const char *hours;                                               /* "08:00-20:00" */
    const struct table_window *window; /* of the day; none: around the clock */
    size_t n_window;
    int64_t open_s;                    /* seconds of the day that they cover */
    int64_t hours_milli;               /* the profile's, 0: open_s */
    enum profile_arrival arrival;      /* never ARRIVE_BY_TRIGGER */
    bool follows;                      /* an answer: comes with the message that it answers */
    const struct profile_event *given; /* NULL */
};

enum traffic_note_kind {
    TRAFFIC_LEFT_OUT = 0, /* a reading that crosses the interface and is not counted by choice */
    TRAFFIC_MISSING,      /* a value that nobody gives: the reading is not in the totals */
    TRAFFIC_ASSUMED,      /* what is taken where the document and the profile say nothing */
    TRAFFIC_CONTRADICTION,
    TRAFFIC_NOTE_KINDS
};

struct traffic_note {
    enum traffic_note_kind kind;
    const char *row, *leg; /* "" of none in particular */
    const char *text;
};

struct traffic_sum {
    double events[TRAFFIC_LEVELS], bytes[TRAFFIC_LEVELS];         /* of one endpoint a day */
    double hour_events[TRAFFIC_HOURS], hour_bytes[TRAFFIC_HOURS]; /* selected */
};

struct traffic {
    const struct table *table;
    const struct profile *profile;
    const struct profile_traffic *given;
    const char *use_case; /* "A, B" */
    const struct traffic_pair *pair;
    size_t n_pair;
    const char *interface;             /* as chosen: "1D", "MeA" */
    const struct profile_mix *mix;     /* NULL: endpoints of one kind */
    int64_t endpoints, per_aggregator; /* devices in the field; 0: not known */
    bool of_devices; /* the interface's far actor is a device, no aggregator or system */
    int64_t behind;  /* devices for each far actor: 1 where it is one itself; 0: not known */
    const struct traffic_line *line;
    size_t n_line;
    const struct traffic_note *note;
    size_t n_note;
    size_t n_pairing; /* distinct actor pairs of the use cases' readings */
    struct traffic_sum total[TRAFFIC_DIRECTIONS];
    struct traffic_sum by_class[TRAFFIC_DIRECTIONS]; /* of readings for one class of devices */
    struct traffic_sum for_all[TRAFFIC_DIRECTIONS];  /* of the others */

    struct kinds *kinds; /* private */
    struct deployment_book *book;
    struct arena arena;
};

struct traffic_options {
    const struct table *table;
    const struct profile *profile;
    const struct profile_traffic *given;       /* NULL: the profile's own */
    const struct profile_interface *interface; /* NULL: as given */
};

enum err_code traffic_make(const struct traffic_options *o, struct traffic **out, struct err *e);
void traffic_free(struct traffic *t);

/* Bytes and events of one line for an endpoint a day. */
double traffic_line_events(const struct traffic_line *l, enum traffic_level level);
double traffic_line_bytes(const struct traffic_line *l, enum traffic_level level);
/* The part of a day's events that falls into an hour of the day. */
double traffic_line_hour(const struct traffic_line *l, int hour);

#endif
