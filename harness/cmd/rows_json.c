/* rows_json - rows as JSON. Values that cannot be judged are null, and "why" says why for each. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/cmd/grid.h"
#include "harness/cmd/rows.h"

/* An object being written; every null leaves its reason for the "why" member at the end. */
struct object {
    struct buf *out;
    struct err *e;
    enum err_code rc;
    bool first;
    struct {
        const char *name, *why;
    } reason[16];
    size_t n_reason;
};

static void put(struct object *o, const char *text)
{
    if (o->rc == ERR_OK)
        o->rc = buf_puts(o->out, text, o->e);
}

static void put_string(struct object *o, const char *text)
{
    if (o->rc == ERR_OK)
        o->rc = put_json_string(o->out, text, o->e);
}

static void key(struct object *o, const char *name)
{
    put(o, o->first ? "" : ", ");
    o->first = false;
    put_string(o, name);
    put(o, ": ");
}

static void none(struct object *o, const char *name, const char *why)
{
    key(o, name);
    put(o, "null");
    if (o->n_reason < sizeof o->reason / sizeof o->reason[0]) {
        o->reason[o->n_reason].name = name;
        o->reason[o->n_reason++].why = why;
    }
}

static void string(struct object *o, const char *name, const char *text)
{
    key(o, name);
    put_string(o, text);
}

static void strings(struct object *o, const char *name, const char *const *text, size_t n)
{
    key(o, name);
    put(o, "[");
    for (size_t i = 0; i < n; i++) {
        put(o, i > 0 ? ", " : "");
        put_string(o, text[i]);
    }
    put(o, "]");
}

/* value / scale as a decimal fraction without trailing zeros, exactly. */
static void decimal(struct object *o, int64_t value, int64_t scale, int decimals)
{
    char text[48];
    int n = snprintf(text, sizeof text, "%" PRId64 ".%0*" PRId64, value / scale, decimals,
                     value % scale);
    while (n > 0 && text[n - 1] == '0')
        text[--n] = '\0';
    if (n > 0 && text[n - 1] == '.')
        text[--n] = '\0';
    put(o, text);
}

static void seconds(struct object *o, int64_t ns)
{
    decimal(o, ns, NS_PER_S, 9);
}

static void integer(struct object *o, const char *name, int64_t value)
{
    key(o, name);
    if (o->rc == ERR_OK)
        o->rc = buf_printf(o->out, o->e, "%" PRId64, value);
}

static void latency(struct object *o, const struct table_leg *leg)
{
    const char *why = leg->why_latency == NULL ? "the leg quotes no latency" : leg->why_latency;
    if (leg->latency_max.n == 0) {
        none(o, "latency_max_s", why);
    } else {
        key(o, "latency_max_s");
        seconds(o, leg->latency_max.value[0]);
    }
    key(o, "latency_admissible_s");
    put(o, "[");
    for (size_t i = 0; i < leg->latency_max.n; i++) {
        put(o, i > 0 ? ", " : "");
        seconds(o, leg->latency_max.value[i]);
    }
    put(o, "]");
    if (leg->latency_min_ns < 0) {
        none(o, "latency_min_s",
             leg->latency_max.n > 1 ? "several readings are admissible"
                                    : "the limit has no lower end");
    } else {
        key(o, "latency_min_s");
        seconds(o, leg->latency_min_ns);
    }
    integer(o, "latency_per", leg->latency_per);
}

static void reliability(struct object *o, const struct table_leg *leg)
{
    const struct table_limits *set = &leg->reliability_ppb;
    if (set->n == 0) {
        none(o, "reliability_min",
             leg->n_clause > 0              ? "coverage per period, see clauses"
             : leg->why_reliability == NULL ? "the leg quotes no share"
                                            : leg->why_reliability);
    } else {
        key(o, "reliability_min");
        decimal(o, set->value[set->n - 1], 1000000000, 9);
    }
    key(o, "reliability_admissible");
    put(o, "[");
    for (size_t i = 0; i < set->n; i++) {
        put(o, i > 0 ? ", " : "");
        decimal(o, set->value[i], 1000000000, 9);
    }
    put(o, "]");
    key(o, "clauses");
    put(o, "[");
    for (size_t i = 0; i < leg->n_clause; i++) {
        const struct table_clause *c = &leg->clause[i];
        put(o, i > 0 ? ", {\"coverage_min\": " : "{\"coverage_min\": ");
        decimal(o, c->ratio.num * (1000000000 / c->ratio.den), 1000000000, 9);
        put(o, ", \"period_min_s\": ");
        seconds(o, c->period_min_ns);
        put(o, ", \"period_max_s\": ");
        seconds(o, c->period_max_ns);
        put(o, "}");
    }
    put(o, "]");
}

static void size(struct object *o, const struct table_leg *leg)
{
    const char *why = leg->why_size == NULL ? "the leg quotes no size" : leg->why_size;
    if (leg->size_min_bytes < 0)
        none(o, "size_min_bytes",
             leg->size_max_bytes < 0 ? why : "a single figure is a ceiling without a lower end");
    else
        integer(o, "size_min_bytes", leg->size_min_bytes);
    if (leg->size_max_bytes < 0) {
        none(o, "size_max_bytes", why);
        none(o, "size_max_lax_bytes", why);
        return;
    }
    integer(o, "size_max_bytes", leg->size_max_bytes);
    integer(o, "size_max_lax_bytes", leg->size_max_lax_bytes);
}

static void windows(struct object *o, const struct table_leg *leg)
{
    if (!leg->window_always && leg->n_window == 0) {
        none(o, "windows", leg->why_window == NULL ? "the leg quotes no period" : leg->why_window);
    } else {
        key(o, "windows");
        put(o, leg->window_always ? "[\"24x7\"" : "[");
        for (size_t i = 0; i < leg->n_window; i++) {
            char text[40];
            const struct table_window *w = &leg->window[i];
            (void)snprintf(text, sizeof text, "%02d:%02d-%02d:%02d", (int)(w->from_s / 3600),
                           (int)(w->from_s / 60 % 60), (int)(w->to_s / 3600),
                           (int)(w->to_s / 60 % 60));
            put(o, i > 0 || leg->window_always ? ", " : "");
            put_string(o, text);
        }
        put(o, "]");
    }
    strings(o, "after", leg->after, leg->n_after);
    if (leg->after_event == NULL) {
        none(o, "after_max_s", "the period does not hang on an event");
    } else {
        key(o, "after_max_s");
        seconds(o, leg->after_max_ns);
    }
    string(o, "after_event", leg->after_event == NULL ? "" : leg->after_event);
    key(o, "campaign");
    put(o, "{");
    if (leg->campaign != NULL) {
        const struct table_campaign *c = leg->campaign;
        o->first = true;
        key(o, "duration_min_s");
        seconds(o, c->duration_min_ns);
        key(o, "duration_max_s");
        seconds(o, c->duration_max_ns);
        integer(o, "times_min", c->times_min);
        integer(o, "times_max", c->times_max);
        string(o, "period", c->period);
    }
    put(o, "}");
    o->first = false;
}

/* A number that may be left open. */
static void maybe(struct object *o, const char *name, int64_t value, int64_t scale)
{
    key(o, name);
    if (value < 0)
        put(o, "null");
    else
        decimal(o, value, scale, 9);
}

static void rates(struct object *o, const struct table_leg *leg)
{
    key(o, "rates");
    put(o, "[");
    for (size_t i = 0; i < leg->n_how_often; i++) {
        const struct table_rate *r = &leg->how_often[i];
        put(o, i > 0 ? ", {" : "{");
        o->first = true;
        maybe(o, "times_min", r->times_min, 1);
        maybe(o, "times_max", r->times_max, 1);
        integer(o, "per", r->per);
        string(o, "population", r->population);
        string(o, "period", r->period);
        maybe(o, "period_s", r->period_ns, NS_PER_S);
        string(o, "why", r->why);
        put(o, "}");
    }
    put(o, "]");
    o->first = false;
    key(o, "parameters");
    put(o, "[");
    for (size_t i = 0; i < leg->n_parameter; i++) {
        put(o, i > 0 ? ", {" : "{");
        o->first = true;
        string(o, "cell", cell_column_name(leg->parameter[i].cell));
        string(o, "name", leg->parameter[i].name);
        put(o, "}");
    }
    put(o, "]");
    o->first = false;
}

static void variant(struct object *o, const struct table_leg *leg)
{
    put(o, "{");
    o->first = true;
    o->n_reason = 0;
    string(o, "id", leg->id);
    strings(o, "from", leg->from, leg->n_from);
    strings(o, "to", leg->to, leg->n_to);
    string(o, "mode", leg->mode);
    string(o, "use_case", leg->use_case);
    string(o, "device_class", leg->device_class);
    string(o, "trigger", table_trigger_name(leg->trigger));
    string(o, "command", leg->command);
    string(o, "word", leg->optional ? "may" : "shall");
    strings(o, "answers", leg->answers, leg->n_answers);
    latency(o, leg);
    reliability(o, leg);
    size(o, leg);
    windows(o, leg);
    if (leg->rate == NULL)
        none(o, "rate", leg->why_rate == NULL ? "the leg quotes no rate" : leg->why_rate);
    else
        string(o, "rate", leg->rate);
    rates(o, leg);
    string(o, "ground", leg->ground);
    strings(o, "interpretations", leg->interpretation, leg->n_interpretation);
    key(o, "why");
    put(o, "{");
    for (size_t i = 0; i < o->n_reason; i++) {
        put(o, i > 0 ? ", " : "");
        put_string(o, o->reason[i].name);
        put(o, ": ");
        put_string(o, o->reason[i].why);
    }
    put(o, "}}");
}

enum err_code rows_variants(const struct table_row *row, struct buf *out, struct err *e)
{
    struct object o = {.out = out, .e = e, .rc = ERR_OK};
    put(&o, "[");
    for (size_t i = 0; i < row->n_leg; i++) {
        put(&o, i > 0 ? ", " : "");
        variant(&o, &row->leg[i]);
    }
    put(&o, "]");
    return o.rc;
}

static void requirements(struct object *o, const struct table_row *row)
{
    key(o, "requirements");
    put(o, "[");
    for (size_t i = 0; i < row->n_requirement; i++) {
        const struct table_requirement *q = &row->requirement[i];
        put(o, i > 0 ? ", {" : "{");
        o->first = true;
        string(o, "ref", q->ref);
        string(o, "variant", q->leg);
        string(o, "word", q->optional ? "may" : "shall");
        string(o, "text", q->text);
        put(o, "}");
    }
    put(o, "]");
    o->first = false;
}

static enum err_code json_row(const struct rows *rows, const struct table_row *row, struct buf *out,
                              struct err *e)
{
    struct object o = {.out = out, .e = e, .rc = ERR_OK, .first = true};
    const struct table_payload *facts = table_payload_by_name(rows->table, row->payload);
    struct arena a = ARENA_INIT;
    put(&o, "{");
    string(&o, "id", row->id);
    string(&o, "section", row->section);
    strings(&o, "use_case", row->use_case, row->n_use_case);
    string(&o, "payload", row->payload);
    string(&o, "type", row->type);
    string(&o, "trigger", table_trigger_name(row->trigger));
    for (size_t c = 0; c < CELL_COUNT && o.rc == ERR_OK; c++) {
        const char *folded = cell_fold(&a, row->cell[c], strlen(row->cell[c]));
        if (folded == NULL)
            o.rc = err_set(e, ERR_NOMEM, "no memory for a row");
        else
            string(&o, cell_column_name((enum table_cell)c), folded);
    }
    string(&o, "lics", facts->lics);
    string(&o, "cia", facts->cia);
    string(&o, "confidentiality", facts->confidentiality);
    key(&o, "variants");
    if (o.rc == ERR_OK)
        o.rc = rows_variants(row, out, e);
    string(&o, "command", row->command);
    strings(&o, "attribute_names", row->attribute, row->n_attribute);
    string(&o, "why", facts->why);
    string(&o, "unlisted", row->unlisted);
    string(&o, "dataflow", row->dataflow);
    string(&o, "word", rows_word(row));
    requirements(&o, row);
    put(&o, "}");
    arena_release(&a);
    return o.rc;
}

enum err_code rows_json(const struct rows *rows, struct buf *out, struct err *e)
{
    enum err_code rc = buf_puts(out, "[", e);
    for (size_t i = 0; i < rows->n && rc == ERR_OK; i++) {
        rc = buf_puts(out, i == 0 ? "\n  " : ",\n  ", e);
        if (rc == ERR_OK)
            rc = json_row(rows, rows->row[i], out, e);
    }
    return rc == ERR_OK ? buf_puts(out, rows->n > 0 ? "\n]\n" : "]\n", e) : rc;
}
