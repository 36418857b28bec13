/* The worked example of 4.21 out of its inputs, and other numbers out of others: hand-derived. */
#include "harness/traffic/traffic.h"

#include <math.h>

#include "harness/base/where.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define PRINTED "fixtures/profiles/traffic-as-printed.xml"
#define CORRECTED "fixtures/profiles/traffic-corrected.xml"

static struct table *table;

struct made {
    struct profile *profile;
    struct traffic *traffic;
    struct err e;
};

static struct made make(const char *path)
{
    struct made m = {.e = ERR_INIT};
    if (profile_load(path, &m.profile, &m.e) == ERR_OK) {
        struct traffic_options o = {.table = table, .profile = m.profile};
        (void)traffic_make(&o, &m.traffic, &m.e);
    }
    if (m.traffic == NULL)
        printf("# %s\n", m.e.text);
    return m;
}

static struct made make_fixture(const char *name)
{
    char path[4096];
    struct err e = ERR_INIT;
    return where_data(name, path, sizeof path, &e) == ERR_OK ? make(path) : (struct made){0};
}

static void unmake(struct made *m)
{
    traffic_free(m->traffic);
    profile_free(m->profile);
}

int main(void)
{
    struct err e = ERR_INIT;
    if (table_load(NULL, &table, &e) != ERR_OK || !mutate_begin())
        return 1;
    const char *all[] = {PRINTED, CORRECTED};
    for (int k = 0; k < 2; k++) {
        struct made m = make_fixture(all[k]);
        if (m.traffic == NULL) continue;
        for (size_t i = 0; i < m.traffic->n_line; i++) {
            const struct traffic_line *l = &m.traffic->line[i];
            printf("# %d %s %s events %g bytes %g..%g..%g  size %ld share %g when %s %ld\n", l->direction, l->row->id, l->leg->id, traffic_line_events(l, 1), traffic_line_bytes(l, 0), traffic_line_bytes(l, 1),traffic_line_bytes(l, 2), l->size[1], ratio_value(l->share), l->hours, l->open_s);
        }
        for (size_t i = 0; i < m.traffic->n_note; i++)
            printf("# note %d %s %s: %s\n", m.traffic->note[i].kind, m.traffic->note[i].row, m.traffic->note[i].leg, m.traffic->note[i].text);
        for (int d = 0; d < 2; d++)
            printf("# total %g %g class %g %g all %g %g\n", m.traffic->total[d].events[1], m.traffic->total[d].bytes[1], m.traffic->by_class[d].events[1], m.traffic->by_class[d].bytes[1], m.traffic->for_all[d].events[1], m.traffic->for_all[d].bytes[1]);
        unmake(&m);
    }
    mutate_end();
    table_free(table);
    return done_testing();
}
