/* Daily clock periods as disjoint pieces of a day, and how events come. */
#include <stdlib.h>
#include <string.h>

#include "harness/traffic/make.h"

#define HOUR_S 3600

static int by_start(const void *a, const void *b)
{
    const struct table_window *x = a, *y = b;
    return x->from_s < y->from_s ? -1 : x->from_s > y->from_s;
}

/* Cut at midnight, in order, overlaps joined. */
static void pieces(struct making *m, struct traffic_line *l, const struct table_window *w, size_t n)
{
    struct table_window *out = make_room(m, (2 * n + 1) * sizeof *out);
    size_t k = 0, kept = 0;
    if (out == NULL)
        return;
    for (size_t i = 0; i < n; i++) {
        if (w[i].from_s < w[i].to_s) {
            out[k++] = w[i];
            continue;
        }
        out[k++] = (struct table_window){w[i].from_s, TRAFFIC_DAY_S};
        if (w[i].to_s > 0)
            out[k++] = (struct table_window){0, w[i].to_s};
    }
    qsort(out, k, sizeof *out, by_start);
    for (size_t i = 0; i < k; i++) {
        if (kept > 0 && out[i].from_s <= out[kept - 1].to_s) {
            if (out[i].to_s > out[kept - 1].to_s)
                out[kept - 1].to_s = out[i].to_s;
        } else {
            out[kept++] = out[i];
        }
    }
    l->window = out;
    l->n_window = kept;
}

static bool campaign(struct making *m, struct traffic_line *l)
{
    const struct profile *p = m->t->profile;
    const struct profile_campaign *found = NULL;
    for (size_t i = 0; i < p->n_campaign; i++)
        if (profile_covers(p->campaign[i].row, l->row->id, l->row->section))
            found = &p->campaign[i];
    if (found == NULL) {
        make_note(m, TRAFFIC_MISSING, l->row, l->leg,
                  "the hours of its campaigns: expected <campaign> in the profile");
        return false;
    }
    struct table_window w = {found->from_s, found->to_s};
    pieces(m, l, &w, 1);
    l->hours_by = found->source;
    make_note(m, TRAFFIC_ASSUMED, l->row, l->leg, "counted on a day with a campaign");
    return true;
}

static void arrivals(struct traffic_line *l)
{
    l->arrive_by = "by its trigger";
    l->arrival = l->leg->trigger == TRIGGER_SCHEDULE ? ARRIVE_PERIODIC : ARRIVE_POISSON;
    if (l->given != NULL && l->given->arrive.by.given) {
        l->arrival = l->given->arrive.how;
        l->arrive_by = l->given->arrive.by.source;
    }
}

static void name_hours(struct making *m, struct traffic_line *l)
{
    l->hours = l->n_window == 0 ? "24x7" : "";
    for (size_t i = 0; i < l->n_window; i++) {
        const struct table_window *w = &l->window[i];
        l->hours =
            make_text(m, "%s%s%02d:%02d-%02d:%02d", l->hours, i == 0 ? "" : ", ",
                      w->from_s / HOUR_S, w->from_s / 60 % 60, w->to_s / HOUR_S, w->to_s / 60 % 60);
    }
}

bool make_hours(struct making *m, struct traffic_line *l)
{
    l->hours_by = "table";
    if (l->leg->campaign != NULL) {
        if (!campaign(m, l))
            return false;
    } else if (l->leg->n_window > 0) {
        pieces(m, l, l->leg->window, l->leg->n_window);
    } else if (!l->leg->window_always) {
        l->hours_by = "assumed";
        make_note(m, TRAFFIC_ASSUMED, l->row, l->leg,
                  "it has no daily clock period: taken as around the clock");
    }
    l->open_s = l->n_window == 0 ? TRAFFIC_DAY_S : 0;
    for (size_t i = 0; i < l->n_window; i++)
        l->open_s += l->window[i].to_s - l->window[i].from_s;
    name_hours(m, l);
    if (l->given != NULL && l->given->hours.by.given) {
        l->hours_milli = l->given->hours.milli;
        l->hours_by = l->given->hours.by.source;
    }
    arrivals(l);
    return m->rc == ERR_OK;
}

double traffic_line_hour(const struct traffic_line *l, int hour)
{
    int64_t open = l->n_window == 0 ? HOUR_S : 0, from = (int64_t)hour * HOUR_S;
    for (size_t i = 0; i < l->n_window; i++) {
        int64_t a = l->window[i].from_s > from ? l->window[i].from_s : from;
        int64_t b = l->window[i].to_s < from + HOUR_S ? l->window[i].to_s : from + HOUR_S;
        open += b > a ? b - a : 0;
    }
    if (l->hours_milli > 0)
        return (double)(open * 1000) / (double)(l->hours_milli * HOUR_S);
    return (double)open / (double)l->open_s;
}
