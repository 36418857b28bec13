/* The traffic as CSV and JSON. */
#include <inttypes.h>

#include "harness/cmd/traffic_out.h"

static const char *const direction_name[TRAFFIC_DIRECTIONS] = {"down", "up"};
static const char *const level_name[TRAFFIC_LEVELS] = {"low", "selected", "high"};
static const char *const note_name[TRAFFIC_NOTE_KINDS] = {"left-out", "missing", "assumed",
                                                          "contradiction"};

/* Fifteen digits: as many as a double holds for certain. */
#define EXACT "%.15g"

static void csv_sum(struct text *out, const char *what, enum traffic_direction d,
                    const struct traffic_sum *s, double times)
{
    text_f(out, "%s,%s,,,,,", what, direction_name[d]);
    for (int k = 0; k < TRAFFIC_LEVELS; k++)
        text_f(out, "," EXACT, s->events[k] * times);
    text_raw(out, ",,,");
    for (int k = 0; k < TRAFFIC_LEVELS; k++)
        text_f(out, "," EXACT, s->bytes[k] * times);
    for (int h = 0; h < TRAFFIC_HOURS; h++)
        text_f(out, "," EXACT, s->hour_events[h] * times);
    text_raw(out, ",,,,,\r\n");
}

static void csv_line(struct text *out, const struct traffic_line *l)
{
    text_f(out, "event,%s,", direction_name[l->direction]);
    text_csv(out, l->row->id);
    text_raw(out, ",");
    text_csv(out, l->leg->id);
    text_f(out, ",%s,", l->device_class);
    text_csv(out, l->hours);
    text_f(out, "," EXACT, ratio_value(l->share));
    for (int k = 0; k < TRAFFIC_LEVELS; k++)
        text_f(out, "," EXACT, traffic_line_events(l, (enum traffic_level)k));
    for (int k = 0; k < TRAFFIC_LEVELS; k++)
        text_f(out, ",%" PRId64, l->size[k]);
    for (int k = 0; k < TRAFFIC_LEVELS; k++)
        text_f(out, "," EXACT, traffic_line_bytes(l, (enum traffic_level)k));
    for (int h = 0; h < TRAFFIC_HOURS; h++)
        text_f(out, "," EXACT, traffic_line_hour(l, h) * traffic_line_events(l, TRAFFIC_SELECTED));
    const char *by[] = {l->rate_by, l->size_by, l->share_by, l->hours_by};
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++) {
        text_raw(out, ",");
        text_csv(out, by[i]);
    }
    text_raw(out, ",\r\n");
}

static void csv_note(struct text *out, const struct traffic_note *n)
{
    text_f(out, "%s,,", note_name[n->kind]);
    text_csv(out, n->row);
    text_raw(out, ",");
    text_csv(out, n->leg);
    for (int i = 0; i < 3 + 3 * TRAFFIC_LEVELS + TRAFFIC_HOURS + 4; i++)
        text_raw(out, ",");
    text_raw(out, ",");
    text_csv(out, n->text);
    text_raw(out, "\r\n");
}

void traffic_csv(struct text *out, const struct traffic *t)
{
    text_raw(out, "what,direction,row,reading,class,period,share");
    const char *const of[] = {"events", "size", "bytes"};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < TRAFFIC_LEVELS; k++)
            text_f(out, ",%s_%s", of[i], level_name[k]);
    for (int h = 0; h < TRAFFIC_HOURS; h++)
        text_f(out, ",events_%02d", h);
    text_raw(out, ",often_source,size_source,share_source,period_source,note\r\n");
    for (size_t i = 0; i < t->n_line; i++)
        csv_line(out, &t->line[i]);
    for (int d = 0; d < TRAFFIC_DIRECTIONS; d++) {
        csv_sum(out, "subtotal-by-class", (enum traffic_direction)d, &t->by_class[d], 1);
        csv_sum(out, "subtotal-for-all", (enum traffic_direction)d, &t->for_all[d], 1);
        csv_sum(out, "total", (enum traffic_direction)d, &t->total[d], 1);
        if (t->per_aggregator > 0 && t->of_devices)
            csv_sum(out, "per-aggregator", (enum traffic_direction)d, &t->total[d],
                    (double)t->per_aggregator);
        if (t->behind > 0 && t->endpoints > 0)
            csv_sum(out, "deployment", (enum traffic_direction)d, &t->total[d],
                    (double)t->endpoints / (double)t->behind);
    }
    for (size_t i = 0; i < t->n_note; i++)
        csv_note(out, &t->note[i]);
}

/* ---- JSON --------------------------------------------------------------------------------------
 */

static void member(struct text *out, const char *name, const char *value)
{
    text_f(out, "\"%s\":\"", name);
    text_esc(out, TEXT_QUOTED, value == NULL ? "" : value);
    text_raw(out, "\"");
}

static void levels(struct text *out, const char *name, const double v[TRAFFIC_LEVELS])
{
    text_f(out, "\"%s\":{\"low\":" EXACT ",\"selected\":" EXACT ",\"high\":" EXACT "}", name,
           v[TRAFFIC_LOW], v[TRAFFIC_SELECTED], v[TRAFFIC_HIGH]);
}

static void json_sum(struct text *out, const char *name, const struct traffic_sum *s)
{
    double events = s->events[TRAFFIC_SELECTED], bytes = s->bytes[TRAFFIC_SELECTED];
    text_f(out, "\"%s\":{", name);
    levels(out, "events_per_day", s->events);
    text_raw(out, ",");
    levels(out, "bytes_per_day", s->bytes);
    text_f(out, ",\"mean_size\":" EXACT ",\"events_per_s\":" EXACT ",\"bytes_per_s\":" EXACT,
           events > 0 ? bytes / events : 0, events / TRAFFIC_DAY_S, bytes / TRAFFIC_DAY_S);
    text_raw(out, ",\"hours\":[");
    for (int h = 0; h < TRAFFIC_HOURS; h++)
        text_f(out, "%s{\"events\":" EXACT ",\"bytes\":" EXACT "}", h == 0 ? "" : ",",
               s->hour_events[h], s->hour_bytes[h]);
    text_raw(out, "]}");
}

static void json_line(struct text *out, const struct traffic_line *l)
{
    double events[TRAFFIC_LEVELS], size[TRAFFIC_LEVELS], bytes[TRAFFIC_LEVELS];
    for (int k = 0; k < TRAFFIC_LEVELS; k++) {
        events[k] = traffic_line_events(l, (enum traffic_level)k);
        size[k] = (double)l->size[k];
        bytes[k] = traffic_line_bytes(l, (enum traffic_level)k);
    }
    text_raw(out, "{");
    const struct {
        const char *name, *value;
    } words[] = {{"direction", direction_name[l->direction]},
                 {"row", l->row->id},
                 {"reading", l->leg->id},
                 {"payload", l->row->payload},
                 {"from", l->from},
                 {"to", l->to},
                 {"class", l->device_class},
                 {"population", l->population},
                 {"often_source", l->rate_by},
                 {"size_source", l->size_by},
                 {"share_source", l->share_by},
                 {"period", l->hours},
                 {"period_source", l->hours_by},
                 {"of", l->of}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        text_raw(out, i == 0 ? "" : ",");
        member(out, words[i].name, words[i].value);
    }
    text_f(out, ",\"share\":" EXACT ",", ratio_value(l->share));
    levels(out, "events_per_day", events);
    text_raw(out, ",");
    levels(out, "size", size);
    text_raw(out, ",");
    levels(out, "bytes_per_day", bytes);
    text_f(out, ",\"events_at_noon\":" EXACT "}",
           traffic_line_hour(l, 12) * events[TRAFFIC_SELECTED]);
}

static void json_frame(struct text *out, const struct traffic *t)
{
    text_raw(out, "{");
    member(out, "profile", t->profile->name);
    text_raw(out, ",");
    member(out, "profile_digest", t->profile->digest);
    text_raw(out, ",");
    member(out, "table_digest", t->table->digest);
    text_raw(out, ",");
    member(out, "use_cases", t->use_case);
    text_raw(out, ",");
    member(out, "interface", t->interface);
    text_raw(out, ",\"flows\":[");
    for (size_t i = 0; i < t->n_pair; i++) {
        text_raw(out, i == 0 ? "{" : ",{");
        member(out, "ref", t->pair[i].ref);
        text_raw(out, ",");
        member(out, "near", t->pair[i].near);
        text_raw(out, ",");
        member(out, "far", t->pair[i].far);
        text_raw(out, "}");
    }
    text_f(out, "],\"pairings\":%zu,\"endpoints\":%" PRId64 ",\"per_aggregator\":%" PRId64 ",",
           t->n_pairing, t->endpoints, t->per_aggregator);
    const struct profile_traffic *f = t->given;
    const struct {
        const char *name, *value;
    } words[] = {{"mix", t->mix == NULL ? "" : t->mix->name},
                 {"mix_source", t->mix == NULL ? "" : t->mix->by.source},
                 {"chosen_mix_source", f->use_mix_by.source},
                 {"interface_source", f->n_interface == 0 ? "" : f->interface[0].by.source},
                 {"events_source", f->listed_by.source},
                 {"selection_source", f->pick_by.source},
                 {"copies_source", f->copies_by.source},
                 {"scale_source", f->scale_by.source}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        text_raw(out, i == 0 ? "" : ",");
        member(out, words[i].name, words[i].value);
    }
}

void traffic_json(struct text *out, const struct traffic *t)
{
    json_frame(out, t);
    text_raw(out, ",\"events\":[");
    for (size_t i = 0; i < t->n_line; i++) {
        text_raw(out, i == 0 ? "\n" : ",\n");
        json_line(out, &t->line[i]);
    }
    text_raw(out, "],\n");
    for (int d = 0; d < TRAFFIC_DIRECTIONS; d++) {
        text_f(out, "\"%s\":{", direction_name[d]);
        json_sum(out, "total", &t->total[d]);
        text_raw(out, ",\n");
        json_sum(out, "by_class", &t->by_class[d]);
        text_raw(out, ",\n");
        json_sum(out, "for_all", &t->for_all[d]);
        text_raw(out, "},\n");
    }
    text_raw(out, "\"notes\":[");
    for (size_t i = 0; i < t->n_note; i++) {
        text_raw(out, i == 0 ? "\n{" : ",\n{");
        member(out, "kind", note_name[t->note[i].kind]);
        text_raw(out, ",");
        member(out, "row", t->note[i].row);
        text_raw(out, ",");
        member(out, "reading", t->note[i].leg);
        text_raw(out, ",");
        member(out, "text", t->note[i].text);
        text_raw(out, "}");
    }
    text_raw(out, "]}\n");
}
