/* The seven steps of 4.21 as a page of text. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/cmd/traffic_out.h"

#define DAY_S 86400.0
#define PPM_PER_PERCENT 10000.0

const char *traffic_number(double value, char out[32])
{
    if (value >= 0.01)
        (void)snprintf(out, 32, "%.*f", value >= 100 ? 0 : 3, value);
    else
        (void)snprintf(out, 32, "%.3g", value);
    char *point = value >= 0.01 ? strchr(out, '.') : NULL;
    if (point != NULL) {
        char *end = out + strlen(out);
        while (end[-1] == '0')
            end--;
        *(end[-1] == '.' ? end - 1 : end) = '\0';
    }
    return out;
}

const char *traffic_fine(double value, char out[32])
{
    (void)snprintf(out, 32, "%.7g", value);
    return out;
}

void traffic_sides(const struct traffic *t, enum traffic_direction d, const char **from,
                   const char **to)
{
    *from = d == TRAFFIC_DOWN ? t->pair[0].near : t->pair[0].far;
    *to = d == TRAFFIC_DOWN ? t->pair[0].far : t->pair[0].near;
}

int traffic_busiest(const struct traffic *t, double *events)
{
    int best = 0;
    *events = 0;
    for (int h = 0; h < TRAFFIC_HOURS; h++) {
        double sum = t->total[TRAFFIC_DOWN].hour_events[h] + t->total[TRAFFIC_UP].hour_events[h];
        if (sum > *events * (1 + 1e-9)) {
            *events = sum;
            best = h;
        }
    }
    return best;
}

static void source(struct text *out, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        text_raw(out, " (");
        text_esc(out, TEXT_PLAIN, text);
        text_raw(out, ")");
    }
}

static size_t notes(struct text *out, const struct traffic *t, enum traffic_note_kind kind,
                    const char *title)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_note; i++) {
        const struct traffic_note *v = &t->note[i];
        if (v->kind != kind)
            continue;
        if (n++ == 0)
            text_f(out, "   %s\n", title);
        text_raw(out, "     ");
        if (v->row[0] != '\0')
            text_f(out, "%s%s%s: ", v->row, v->leg[0] == '\0' ? "" : ", ", v->leg);
        text_esc(out, TEXT_PLAIN, v->text);
        text_raw(out, "\n");
    }
    return n;
}

static void steps_1_to_3(struct text *out, const struct traffic *t)
{
    size_t n[TRAFFIC_DIRECTIONS] = {0, 0};
    for (size_t i = 0; i < t->n_line; i++)
        n[t->line[i].direction]++;
    text_raw(out, "1  use cases: ");
    text_esc(out, TEXT_PLAIN, t->use_case);
    text_raw(out, " (profile)\n2  interface ");
    text_esc(out, TEXT_PLAIN, t->interface);
    for (size_t i = 0; i < t->n_pair; i++)
        text_f(out, "%s %s%s%s - %s", i == 0 ? ":" : ";", t->pair[i].ref,
               t->pair[i].ref[0] == '\0' ? "" : ", ", t->pair[i].near, t->pair[i].far);
    if (t->given->n_interface > 0)
        source(out, t->given->interface[0].by.source);
    text_f(out, "\n   %zu pairings of actors in the readings of these use cases\n", t->n_pairing);
    text_f(out, "3  events: %zu readings down, %zu up", n[TRAFFIC_DOWN], n[TRAFFIC_UP]);
    if (t->given->listed_by.given)
        source(out, t->given->listed_by.source);
    text_raw(out, "\n");
    for (size_t i = 0; i < t->given->n_counterpart; i++) {
        text_f(out, "   %s ", i == 0 ? "only from and to" : "                ");
        text_esc(out, TEXT_PLAIN, t->given->counterpart[i].actor);
        source(out, t->given->counterpart[i].by.source);
        text_raw(out, "\n");
    }
    (void)notes(out, t, TRAFFIC_LEFT_OUT, "left out:");
}

static void step_4(struct text *out, const struct traffic *t)
{
    char a[32], b[32], c[32];
    text_raw(out, "4  one value of each range, low < selected < high\n");
    for (size_t i = 0; i < t->n_line; i++) {
        const struct traffic_line *l = &t->line[i];
        text_f(out, "   %-4s %s, %s\n", l->direction == TRAFFIC_DOWN ? "down" : "up", l->row->id,
               l->leg->id);
        text_f(out, "        how often %s < %s < %s per ",
               traffic_fine(ratio_value(l->rate[TRAFFIC_LOW]), a),
               traffic_fine(ratio_value(l->rate[TRAFFIC_SELECTED]), b),
               traffic_fine(ratio_value(l->rate[TRAFFIC_HIGH]), c));
        if (l->of_events)
            text_f(out, "event of %s", l->of);
        else
            text_f(out, "%s and day", l->population[0] == '\0' ? "endpoint" : l->population);
        source(out, l->rate_by);
        text_f(out, "\n        size %" PRId64 " < %" PRId64 " < %" PRId64 " bytes",
               l->size[TRAFFIC_LOW], l->size[TRAFFIC_SELECTED], l->size[TRAFFIC_HIGH]);
        source(out, l->size_by);
        text_f(out, "\n        of %s %% of the endpoints",
               traffic_fine(ratio_value(l->share) * 100, a));
        source(out, l->share_by);
        text_raw(out, "; ");
        text_esc(out, TEXT_PLAIN, l->hours);
        if (l->hours_milli > 0)
            text_f(out, ", a day's events in %g h", (double)l->hours_milli / 1000);
        source(out, l->hours_by);
        text_f(out, "\n        in the trace: %s",
               l->follows                      ? "with what it answers"
               : l->arrival == ARRIVE_POISSON  ? "Poisson"
               : l->arrival == ARRIVE_PERIODIC ? "periodic, each endpoint at its own phase"
                                               : "periodic, all endpoints at once");
        source(out, l->arrive_by);
        text_raw(out, "\n");
    }
}

static void steps_5_and_6(struct text *out, const struct traffic *t)
{
    char a[32];
    text_raw(out, "5  values for missing information\n");
    if (t->mix == NULL)
        text_raw(out, "     no mix: devices are of one kind, or nobody says\n");
    else {
        text_raw(out, "     mix \"");
        text_esc(out, TEXT_PLAIN, t->mix->name);
        text_raw(out, "\"");
        source(out, t->mix->by.source);
        if (t->given->use_mix_by.given)
            text_f(out, ", chosen: %s", t->given->use_mix_by.source);
        text_raw(out, "\n");
        for (size_t i = 0; i < t->mix->n_part; i++)
            text_f(out, "       %6s %%  %s%s%s\n",
                   traffic_fine((double)t->mix->part[i].ppm / PPM_PER_PERCENT, a),
                   t->mix->part[i].actor, t->mix->part[i].device_class[0] == '\0' ? "" : ", ",
                   t->mix->part[i].device_class);
    }
    if (t->per_aggregator > 0 || t->endpoints > 0) {
        if (t->per_aggregator > 0)
            text_f(out, "     %" PRId64 " endpoints per %s%s", t->per_aggregator, t->pair[0].near,
                   t->endpoints > 0 ? ", " : "");
        else
            text_raw(out, "     ");
        if (t->endpoints > 0)
            text_f(out, "%" PRId64 " in the deployment", t->endpoints);
        source(out, t->given->scale_by.given ? t->given->scale_by.source : "profile");
        text_raw(out, "\n");
    }
    text_f(out, "     one message %s",
           t->given->each_destination ? "for each destination of a reading"
                                      : "for all destinations of a reading together");
    source(out, t->given->copies_by.given ? t->given->copies_by.source : "assumed");
    text_raw(out, "\n");
    (void)notes(out, t, TRAFFIC_ASSUMED, "assumed:");
    if (notes(out, t, TRAFFIC_MISSING, "missing, hence not in the totals:") == 0)
        text_raw(out, "   nothing is missing\n");
    text_raw(out, "6  method a: totals of a day, spread evenly over each row's daily clock period; "
                  "method b: --trace\n");
}

static void total_line(struct text *out, const char *title, const struct traffic_sum *s)
{
    char a[32], b[32];
    text_f(out, "     %-66s %11s %20s\n", title, traffic_number(s->events[TRAFFIC_SELECTED], a),
           traffic_number(s->bytes[TRAFFIC_SELECTED], b));
}

static void lines(struct text *out, const struct traffic *t, enum traffic_direction d,
                  bool by_class)
{
    char name[120], a[32], b[32], c[32];
    for (size_t i = 0; i < t->n_line; i++) {
        const struct traffic_line *l = &t->line[i];
        if (l->direction != d || (l->device_class[0] != '\0') != by_class)
            continue;
        (void)snprintf(name, sizeof name, "%s, %s", l->row->id, l->leg->id);
        text_f(out, "     %-66.66s %11s %7s %12s\n", name,
               traffic_fine(traffic_line_events(l, TRAFFIC_SELECTED), a),
               traffic_fine((double)l->size[TRAFFIC_SELECTED], b),
               traffic_fine(traffic_line_bytes(l, TRAFFIC_SELECTED), c));
    }
}

static void direction(struct text *out, const struct traffic *t, enum traffic_direction d)
{
    const struct traffic_sum *s = &t->total[d];
    const char *from, *to;
    char a[32], b[32], c[32];
    traffic_sides(t, d, &from, &to);
    text_f(out, "   %s: %s to %s\n     %-66s %11s %7s %12s\n", d == TRAFFIC_DOWN ? "down" : "up",
           from, to, "per endpoint and day", "events", "bytes", "bytes a day");
    if (s->events[TRAFFIC_HIGH] <= 0 && s->events[TRAFFIC_SELECTED] <= 0) {
        text_raw(out, "     no reading is counted: no total\n");
        return;
    }
    bool parted =
        t->by_class[d].events[TRAFFIC_SELECTED] > 0 && t->for_all[d].events[TRAFFIC_SELECTED] > 0;
    lines(out, t, d, true);
    if (parted)
        total_line(out, "subtotal of classes of devices", &t->by_class[d]);
    lines(out, t, d, false);
    if (parted)
        total_line(out, "subtotal of the others", &t->for_all[d]);
    total_line(out, "total", s);
    text_f(out, "     low %s events, %s bytes; high ", traffic_number(s->events[TRAFFIC_LOW], a),
           traffic_number(s->bytes[TRAFFIC_LOW], b));
    text_f(out, "%s events, %s bytes\n", traffic_number(s->events[TRAFFIC_HIGH], a),
           traffic_number(s->bytes[TRAFFIC_HIGH], b));
    double events = s->events[TRAFFIC_SELECTED], bytes = s->bytes[TRAFFIC_SELECTED];
    if (events > 0)
        text_f(out,
               "     mean size %s bytes per event; %s events and %s bytes per endpoint and "
               "second\n",
               traffic_number(bytes / events, a), traffic_number(events / DAY_S, b),
               traffic_number(bytes / DAY_S, c));
    const struct {
        int64_t n;
        const char *what;
    } scale[] = {{t->of_devices ? t->per_aggregator : 0, "per aggregator"},
                 {t->behind > 0 ? t->endpoints / t->behind : 0, "whole deployment"}};
    for (size_t i = 0; i < 2; i++)
        if (scale[i].n > 0)
            text_f(out, "     %s: %s events and %s bytes a day, %s events a second\n",
                   scale[i].what, traffic_number(events * (double)scale[i].n, a),
                   traffic_number(bytes * (double)scale[i].n, b),
                   traffic_number(events * (double)scale[i].n / DAY_S, c));
}

static void hours(struct text *out, const struct traffic *t)
{
    char a[32], b[32], c[32], d[32];
    double most;
    int busiest = traffic_busiest(t, &most);
    text_raw(out, "   per hour of the day and endpoint, selected values\n"
                  "     hour    events down   bytes down     events up     bytes up\n");
    for (int h = 0; h < TRAFFIC_HOURS; h++)
        text_f(out, "     %02d-%02d %13s %12s %13s %12s\n", h, h + 1,
               traffic_fine(t->total[TRAFFIC_DOWN].hour_events[h], a),
               traffic_fine(t->total[TRAFFIC_DOWN].hour_bytes[h], b),
               traffic_fine(t->total[TRAFFIC_UP].hour_events[h], c),
               traffic_fine(t->total[TRAFFIC_UP].hour_bytes[h], d));
    text_f(out, "     busiest from %02d:00 on: %s events of both directions", busiest,
           traffic_number(most, a));
    if (t->per_aggregator > 0 && t->of_devices)
        text_f(out, "; per aggregator %s a second",
               traffic_number(most * (double)t->per_aggregator / 3600, b));
    text_raw(out, "\n");
}

void traffic_text(struct text *out, const struct traffic *t)
{
    text_raw(out, "traffic of \"");
    text_esc(out, TEXT_PLAIN, t->profile->name);
    text_raw(out, "\", after 4.21\n\n");
    steps_1_to_3(out, t);
    step_4(out, t);
    steps_5_and_6(out, t);
    text_raw(out, "7  traffic\n");
    for (int d = 0; d < TRAFFIC_DIRECTIONS; d++)
        direction(out, t, (enum traffic_direction)d);
    hours(out, t);
    (void)notes(out, t, TRAFFIC_CONTRADICTION, "what contradicts itself:");
}
