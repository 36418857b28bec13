/* make - what the files that compute the traffic share. For harness/traffic/ only.
 *
 * The first fault sticks in rc: later steps do nothing.
 */
#ifndef HARNESS_TRAFFIC_MAKE_H
#define HARNESS_TRAFFIC_MAKE_H

#include "harness/scope/deployment.h"
#include "harness/traffic/traffic.h"

#define MAKE_LINES 16384
#define MAKE_NOTES 65536
#define MAKE_PAIRS 64

struct making {
    struct traffic *t;
    enum err_code rc;
    struct err *e;
    struct traffic_line *line; /* t->line */
    struct traffic_note *note;
    struct traffic_pair *pair;
    const struct table_row *row;   /* as the deployment leaves them: n_row of the table */
    struct deployment *deployment; /* NULL: the profile declares none */
    const struct profile_path *way;
    size_t n_way;
};

void *make_room(struct making *m, size_t bytes);
const char *make_text(struct making *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *make_join(struct making *m, const char *const *word, size_t n);
void make_fault(struct making *m, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void make_note(struct making *m, enum traffic_note_kind kind, const struct table_row *row,
               const struct table_leg *leg, const char *text);

/* ground.c: rows and ways. */
void make_ground(struct making *m);
void make_left_by_deployment(struct making *m);
/* reach.c: the interface, and whether a reading crosses it. */
void make_interface(struct making *m, const struct profile_interface *at, size_t n);
/* Whether a profile's name means that use case: its own name, or its chapter's. */
bool make_means(const struct table *t, const char *name, const char *use_case);
/* Whether the use case is in the profile's scope for that row. */
bool make_in_scope(const struct making *m, const struct table_row *row, const char *use_case);
/* False: it does not. far: the endpoints' actor on its side of the interface. */
bool make_crosses(struct making *m, const struct table_row *row, const struct table_leg *leg,
                  enum traffic_direction *direction, const char **far);

/* readings.c: steps 1 to 3. */
void make_readings(struct making *m);
/* values.c: steps 4 and 5 of one line; false: something is missing, and noted. */
bool make_values(struct making *m, struct traffic_line *l, const struct table_rate *rate);
/* Of those that are counted by events of others, when all others have theirs. */
void make_caused(struct making *m);
/* hours.c: false, something is missing, and noted. */
bool make_hours(struct making *m, struct traffic_line *l);
/* checks.c: what contradicts itself. */
void make_checks(struct making *m);

#endif
