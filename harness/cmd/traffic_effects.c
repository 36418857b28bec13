/* What each erratum does to the totals. */
#include <stdio.h>

#include "harness/cmd/traffic_out.h"

#define NOON 12
#define EXACT "%.15g"

static double noon(const struct traffic_sum *s)
{
    return s[TRAFFIC_DOWN].hour_events[NOON] + s[TRAFFIC_UP].hour_events[NOON];
}

/* events down, bytes down, events up, bytes up, events from 12:00 to 13:00 */
static void values(const struct traffic_sum *s, double out[5])
{
    for (int d = 0; d < TRAFFIC_DIRECTIONS; d++) {
        out[2 * d] = s[d].events[TRAFFIC_SELECTED];
        out[2 * d + 1] = s[d].bytes[TRAFFIC_SELECTED];
    }
    out[4] = noon(s);
}

static void line(struct text *out, const char *title, const struct traffic_sum *s)
{
    double v[5];
    char text[32];
    values(s, v);
    text_f(out, "  %-26s", title);
    for (int i = 0; i < 5; i++)
        text_f(out, " %11s", traffic_fine(v[i], text));
    text_raw(out, "\n");
}

static void change(struct text *out, const char *title, const struct traffic_sum *from,
                   const struct traffic_sum *to)
{
    double a[5], b[5];
    values(from, a);
    values(to, b);
    text_f(out, "  %-26s", title);
    for (int i = 0; i < 5; i++) {
        double by = b[i] - a[i];
        char text[32];
        /* What is left of rounding is no change. */
        bool none = by < 1e-9 * (a[i] + b[i]) && by > -1e-9 * (a[i] + b[i]);
        (void)snprintf(text, sizeof text, "%+.6g", by);
        text_f(out, " %11s", none ? "-" : text);
    }
    text_raw(out, "\n");
}

static void heading(struct text *out, const char *title)
{
    text_f(out, "%-28s %11s %11s %11s %11s %11s\n", title, "events down", "bytes down", "events up",
           "bytes up", "12-13 h");
}

void effects_text(struct text *out, const struct effects *x)
{
    text_raw(out, "per endpoint and day, selected values; 12-13 h: events of both directions in "
                  "that hour\n\n");
    heading(out, "in turn");
    line(out, x->from->profile->name, x->from->total);
    for (size_t i = 0; i < x->n; i++)
        line(out, x->effect[i].erratum->id, x->effect[i].in_turn);
    line(out, x->to->profile->name, x->to->total);
    text_raw(out, "\n");
    heading(out, "each alone, as a change");
    for (size_t i = 0; i < x->n; i++)
        change(out, x->effect[i].erratum->id, x->from->total, x->effect[i].alone);
    text_raw(out, x->whole ? "\nThe errata are all the difference there is.\n"
                           : "\nThere are other differences than these errata.\n");
    for (size_t i = 0; i < x->n; i++) {
        const struct table_erratum *at = x->effect[i].erratum;
        text_f(out, "\n%s, section %s\n  slip:   ", at->id, at->section);
        text_esc(out, TEXT_PLAIN, at->text);
        text_raw(out, "\n  reason: ");
        text_esc(out, TEXT_PLAIN, at->reason);
        text_raw(out, "\n");
    }
}

static void csv_record(struct text *out, const char *what, const char *id,
                       const struct traffic_sum *s)
{
    double v[5];
    values(s, v);
    text_f(out, "%s,", what);
    text_csv(out, id);
    for (int i = 0; i < 5; i++)
        text_f(out, "," EXACT, v[i]);
    text_raw(out, "\r\n");
}

void effects_csv(struct text *out, const struct effects *x)
{
    text_raw(out, "what,erratum,events_down,bytes_down,events_up,bytes_up,events_12\r\n");
    csv_record(out, "from", x->from->profile->name, x->from->total);
    for (size_t i = 0; i < x->n; i++) {
        csv_record(out, "alone", x->effect[i].erratum->id, x->effect[i].alone);
        csv_record(out, "in-turn", x->effect[i].erratum->id, x->effect[i].in_turn);
    }
    csv_record(out, "to", x->to->profile->name, x->to->total);
}

static void json_record(struct text *out, const char *name, const struct traffic_sum *s)
{
    static const char *const of[] = {"events_down", "bytes_down", "events_up", "bytes_up",
                                     "events_12"};
    double v[5];
    values(s, v);
    text_f(out, "\"%s\":{", name);
    for (int i = 0; i < 5; i++)
        text_f(out, "%s\"%s\":" EXACT, i == 0 ? "" : ",", of[i], v[i]);
    text_raw(out, "}");
}

static void json_word(struct text *out, const char *name, const char *value)
{
    text_f(out, "\"%s\":\"", name);
    text_esc(out, TEXT_QUOTED, value);
    text_raw(out, "\",");
}

void effects_json(struct text *out, const struct effects *x)
{
    text_raw(out, "{");
    json_record(out, "from", x->from->total);
    text_raw(out, ",");
    json_record(out, "to", x->to->total);
    text_f(out, ",\"whole\":%s,\"errata\":[", x->whole ? "true" : "false");
    for (size_t i = 0; i < x->n; i++) {
        const struct effect *at = &x->effect[i];
        text_raw(out, i == 0 ? "\n{" : ",\n{");
        json_word(out, "id", at->erratum->id);
        json_word(out, "section", at->erratum->section);
        json_word(out, "slip", at->erratum->text);
        json_word(out, "reason", at->erratum->reason);
        json_record(out, "alone", at->alone);
        text_raw(out, ",");
        json_record(out, "in_turn", at->in_turn);
        text_raw(out, "}");
    }
    text_raw(out, "]}\n");
}
