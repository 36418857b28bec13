#include "harness/base/xml.h"
#include "harness/profile/profile_parts.h"

#define PPM_PER_PERCENT 10000
#define MOST_PER 1000000000
#define MOST_TIMES INT64_C(1000000000000) /* in millionths */
#define MOST_BYTES INT64_C(1000000000)
#define MOST_ENDPOINTS INT64_C(1000000000)
#define DAY_MILLI_HOURS 24000

static struct profile_ground take_ground(struct take *t, xmlNodePtr node)
{
    if (node == NULL)
        return (struct profile_ground){false, "", "", 0};
    return (struct profile_ground){true, take_text_or(t, node, "source", ""),
                                   take_text_or(t, node, "erratum", ""), xmlGetLineNo(node)};
}

static void take_interfaces(struct take *t, xmlNodePtr root, struct profile_traffic *f)
{
    struct profile_interface *m = take_array(t, root, "interface", sizeof *m, &f->n_interface);
    f->interface = m;
    xmlNodePtr node = xml_child(root, "interface");
    for (size_t i = 0; i < f->n_interface; i++, node = xml_next(node, "interface"))
        m[i] = (struct profile_interface){take_text_or(t, node, "dataflow", NULL),
                                          take_text_or(t, node, "name", NULL),
                                          take_text_or(t, node, "near", NULL),
                                          take_text_or(t, node, "far", NULL), take_ground(t, node)};
    struct profile_counterpart *c =
        take_array(t, root, "counterpart", sizeof *c, &f->n_counterpart);
    f->counterpart = c;
    node = xml_child(root, "counterpart");
    for (size_t i = 0; i < f->n_counterpart; i++, node = xml_next(node, "counterpart"))
        c[i] = (struct profile_counterpart){take_text(t, node, "actor"), take_ground(t, node)};
}

static void take_policies(struct take *t, xmlNodePtr root, struct profile_traffic *f)
{
    static const char *const takes[] = {"all", "listed"},
                             *const picks[] = {"high", "low", "middle"},
                             *const copies[] = {"one", "each"};
    xmlNodePtr node = xml_child(root, "events");
    f->listed = node != NULL && take_word(t, node, "take", takes, 2) == 1;
    f->listed_by = take_ground(t, node);
    node = xml_child(root, "selection");
    f->pick =
        node == NULL ? PICK_HIGH : (enum profile_pick)take_word(t, node, "take", picks, PICK_COUNT);
    f->pick_by = take_ground(t, node);
    node = xml_child(root, "copies");
    f->each_destination = node != NULL && take_word(t, node, "take", copies, 2) == 1;
    f->copies_by = take_ground(t, node);
    node = xml_child(root, "scale");
    f->scale_by = take_ground(t, node);
    if (node != NULL) {
        f->endpoints = take_i64_or(t, node, "endpoints", 1, MOST_ENDPOINTS, 0);
        f->per_aggregator = take_i64_or(t, node, "per-aggregator", 1, MOST_ENDPOINTS, 0);
    }
}

static void take_mixes(struct take *t, xmlNodePtr root, struct profile_traffic *f)
{
    struct profile_mix *m = take_array(t, root, "mix", sizeof *m, &f->n_mix);
    f->mix = m;
    xmlNodePtr node = xml_child(root, "mix");
    for (size_t i = 0; i < f->n_mix; i++, node = xml_next(node, "mix")) {
        m[i].name = take_text(t, node, "name");
        m[i].by = take_ground(t, node);
        struct profile_mix_part *part = take_array(t, node, "of", sizeof *part, &m[i].n_part);
        m[i].part = part;
        xmlNodePtr of = xml_child(node, "of");
        int64_t sum = 0;
        for (size_t k = 0; k < m[i].n_part; k++, of = xml_next(of, "of")) {
            part[k].actor = take_text(t, of, "actor");
            part[k].device_class = take_text_or(t, of, "class", "");
            part[k].ppm = take_fixed(t, of, "percent", PPM_PER_PERCENT, 0, 100 * PPM_PER_PERCENT);
            part[k].line = xmlGetLineNo(of);
            sum += part[k].ppm;
        }
        if (t->rc == ERR_OK && sum != 100 * PPM_PER_PERCENT)
            take_fault(t, node, "the parts of mix \"%s\" add up to %g %%, expected 100", m[i].name,
                       (double)sum / PPM_PER_PERCENT);
    }
    node = xml_child(root, "use-mix");
    f->use_mix = node == NULL ? NULL : take_text(t, node, "name");
    f->use_mix_by = take_ground(t, node);
    struct profile_population *p = take_array(t, root, "population", sizeof *p, &f->n_population);
    f->population = p;
    node = xml_child(root, "population");
    for (size_t i = 0; i < f->n_population; i++, node = xml_next(node, "population")) {
        p[i].name = take_text(t, node, "name");
        p[i].ppm =
            take_fixed(t, node, "percent", PPM_PER_PERCENT, 1, INT64_C(100000) * PPM_PER_PERCENT);
        p[i].by = take_ground(t, node);
    }
}

static void take_values(struct take *t, xmlNodePtr node, struct profile_event *v)
{
    static const char *const how[] = {"poisson", "periodic", "aligned"};
    xmlNodePtr n = xml_child(node, "often");
    v->often.by = take_ground(t, n);
    if (n != NULL) {
        v->often.micro = take_fixed(t, n, "times", 1000000, 0, MOST_TIMES);
        v->often.per = take_i64_or(t, n, "per", 1, MOST_PER, 1);
        v->often.of = take_text_or(t, n, "of", NULL);
    }
    n = xml_child(node, "size");
    v->size.by = take_ground(t, n);
    v->size.bytes = n == NULL ? 0 : take_i64(t, n, "bytes", 0, MOST_BYTES);
    n = xml_child(node, "hours");
    v->hours.by = take_ground(t, n);
    v->hours.milli = n == NULL ? 0 : take_fixed(t, n, "length", 1000, 1, DAY_MILLI_HOURS);
    n = xml_child(node, "share");
    v->share.by = take_ground(t, n);
    v->share.ppm =
        n == NULL ? 0 : take_fixed(t, n, "percent", PPM_PER_PERCENT, 0, 100 * PPM_PER_PERCENT);
    n = xml_child(node, "arrive");
    v->arrive.by = take_ground(t, n);
    v->arrive.how = n == NULL
                        ? ARRIVE_BY_TRIGGER
                        : (enum profile_arrival)(take_word(t, n, "as", how, 3) + ARRIVE_POISSON);
}

static void take_events(struct take *t, xmlNodePtr root, struct profile_traffic *f)
{
    size_t most = 0;
    for (xmlNodePtr n = xml_child(root, NULL); n != NULL; n = xml_next(n, NULL))
        most++;
    struct profile_event *v = take_room(t, most * sizeof *v);
    f->event = v;
    for (xmlNodePtr n = xml_child(root, NULL); n != NULL && t->rc == ERR_OK;
         n = xml_next(n, NULL)) {
        if (!xml_is(n, "event") && !xml_is(n, "leave-out"))
            continue;
        struct profile_event *at = &v[f->n_event++];
        at->out = xml_is(n, "leave-out");
        at->row = take_text(t, n, "row");
        at->leg = take_text_or(t, n, "leg", "*");
        at->by = take_ground(t, n);
        take_values(t, n, at);
    }
}

void profile_take_traffic(struct take *t, xmlNodePtr root, struct profile *p)
{
    xmlNodePtr node = xml_child(root, "traffic");
    if (node == NULL)
        return;
    struct profile_traffic *f = take_room(t, sizeof *f);
    if (f == NULL)
        return;
    f->line = xmlGetLineNo(node);
    take_interfaces(t, node, f);
    take_policies(t, node, f);
    take_mixes(t, node, f);
    take_events(t, node, f);
    p->traffic = f;
}
