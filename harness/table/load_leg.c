#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/table/load.h"

#define SHARE_ALL INT64_C(1000000000)

/* Whether text, white space folded, is quote. */
static bool same_words(const char *text, const char *quote)
{
    const char *blanks = " \t\r\n";
    for (;;) {
        size_t skip = strspn(quote, blanks);
        quote += skip;
        if (skip > 0 && *text == ' ')
            text++;
        if (*text == '\0' || *quote == '\0')
            return *text == *quote;
        if (*text++ != *quote++)
            return false;
    }
}

static enum err_code find_item(struct loading *l, xmlNodePtr node, const struct cell *cell,
                               const struct cell_item **out)
{
    const char *quote = xml_text(node);
    quote += strspn(quote, " \t\r\n");
    for (size_t i = 0; i < cell->n_item; i++) {
        if (same_words(cell->item[i].text, quote)) {
            *out = &cell->item[i];
            return ERR_OK;
        }
    }
    return xml_fault(node, l->e, "\"%.120s\" is no member of the row's %s cell", quote,
                     cell_column_name(cell->column));
}

/* The items with a value that the elements of that name quote. When there is none, why has the
 * reason: the element's own, or the member's. */
struct quotes {
    const struct cell_item **item;
    size_t n;
    const struct cell_item **open; /* without a value */
    size_t n_open;
    const char *why;
};

/* Notes the parameters of a quoted member. */
static enum err_code add_parameters(struct loading *l, enum table_cell column,
                                    const struct cell_item *item, struct table_leg *leg)
{
    for (size_t i = 0; item->parameter[i] != NULL; i++) {
        bool known = false;
        for (size_t k = 0; k < leg->n_parameter; k++)
            known = known || (leg->parameter[k].cell == column &&
                              strcmp(leg->parameter[k].name, item->parameter[i]) == 0);
        if (known)
            continue;
        struct table_parameter *p = load_alloc(l, leg->n_parameter + 1, sizeof *p);
        if (p == NULL)
            return ERR_NOMEM;
        if (leg->n_parameter > 0)
            memcpy(p, leg->parameter, leg->n_parameter * sizeof *p);
        p[leg->n_parameter++] = (struct table_parameter){column, item->parameter[i], item->text};
        leg->parameter = p;
    }
    return ERR_OK;
}

static enum err_code quoted(struct loading *l, xmlNodePtr node, const struct cell *cell,
                            struct table_leg *leg, struct quotes *out)
{
    const char *name = cell_column_name(cell->column);
    size_t most = load_count(node, name);
    memset(out, 0, sizeof *out);
    out->item = load_alloc(l, most, sizeof *out->item);
    out->open = load_alloc(l, most, sizeof *out->open);
    if (out->item == NULL || out->open == NULL)
        return ERR_NOMEM;
    for (xmlNodePtr n = xml_child(node, name); n != NULL; n = xml_next(n, name)) {
        if (xml_attr(n, "why") != NULL) {
            out->why = load_string(l, n, "why");
            if (out->why == NULL)
                return ERR_NOMEM;
            continue;
        }
        const struct cell_item *item = NULL;
        enum err_code rc = find_item(l, n, cell, &item);
        if (rc == ERR_OK)
            rc = add_parameters(l, cell->column, item, leg);
        if (rc != ERR_OK)
            return rc;
        if (item->why != NULL) {
            out->why = item->why;
            out->open[out->n_open++] = item;
        } else {
            out->item[out->n++] = item;
        }
    }
    /* One value is enough to judge by. */
    if (out->n > 0)
        out->why = NULL;
    return ERR_OK;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sorted, each value once. */
static void settle(struct table_limits *limits, int64_t *value, size_t n)
{
    size_t kept = 0;
    if (n > 0)
        qsort(value, n, sizeof *value, ascending);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || value[kept - 1] != value[i])
            value[kept++] = value[i];
    limits->value = value;
    limits->n = kept;
}

/* open: an empty cell binds none. */
static enum err_code leg_actors(struct loading *l, xmlNodePtr node, const struct cell *cell,
                                bool open, const char *const **out, size_t *n)
{
    const char *name = cell_column_name(cell->column);
    enum err_code rc = load_strings(l, node, name, out, n);
    size_t at = 0;
    for (xmlNodePtr c = xml_child(node, name); c != NULL && rc == ERR_OK; c = xml_next(c, name)) {
        bool found = false;
        for (size_t i = 0; i < cell->n_item && !found; i++) {
            const char *const *reads;
            size_t n_reads;
            load_spelled(l, CELL_FROM, &cell->item[i].text, &reads, &n_reads);
            for (size_t k = 0; k < n_reads; k++)
                found = found || strcmp(reads[k], (*out)[at]) == 0;
        }
        if (!found && !(open && cell->n_item == 1 && cell->item[0].kind == ITEM_UNRESOLVED))
            rc = xml_fault(c, l->e, "\"%s\" is no actor of the row's %s cell", (*out)[at], name);
        at++;
    }
    return rc;
}

static struct table_ratio ratio_of(int64_t ppb)
{
    struct table_ratio r = {ppb, SHARE_ALL};
    while (r.den > 100 && r.num % 10 == 0) {
        r.num /= 10;
        r.den /= 10;
    }
    return r;
}

static enum err_code leg_reliability(struct loading *l, xmlNodePtr node, const struct cell *cell,
                                     struct table_leg *leg)
{
    struct quotes q;
    enum err_code rc = quoted(l, node, cell, leg, &q);
    if (rc != ERR_OK)
        return rc;
    leg->why_reliability = q.why;
    xmlNodePtr first = xml_child(node, "reliability");
    bool shares = strcmp(xml_attr_or(first, "as", ""), "share") == 0;
    struct table_clause *clause = load_alloc(l, q.n, sizeof *clause);
    int64_t *plain = load_alloc(l, q.n, sizeof *plain);
    if (clause == NULL || plain == NULL)
        return ERR_NOMEM;
    size_t n_plain = 0;
    for (size_t i = 0; i < q.n; i++) {
        const struct cell_item *it = q.item[i];
        if (it->as.share.period_max_s < 0 || shares) {
            plain[n_plain++] = it->as.share.ppb;
        } else {
            clause[leg->n_clause++] = (struct table_clause){ratio_of(it->as.share.ppb),
                                                            it->as.share.period_min_s * NS_PER_S,
                                                            it->as.share.period_max_s * NS_PER_S};
        }
    }
    leg->clause = clause;
    settle(&leg->reliability_ppb, plain, n_plain);
    if (leg->n_clause > 0 && n_plain > 0)
        return xml_fault(first, l->e, "a leg has coverage clauses or plain shares, not both");
    return ERR_OK;
}

static enum err_code leg_latency(struct loading *l, xmlNodePtr node, const struct cell *cell,
                                 struct table_leg *leg)
{
    struct quotes q;
    enum err_code rc = quoted(l, node, cell, leg, &q);
    if (rc != ERR_OK)
        return rc;
    leg->why_latency = q.why;
    leg->latency_min_ns = -1;
    leg->latency_per = 1;
    int64_t *max = load_alloc(l, q.n, sizeof *max);
    if (max == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < q.n; i++) {
        max[i] = q.item[i]->as.limit.max_s * NS_PER_S;
        leg->latency_per = q.item[i]->as.limit.per;
        if (q.n == 1 && q.item[i]->as.limit.min_s >= 0)
            leg->latency_min_ns = q.item[i]->as.limit.min_s * NS_PER_S;
        if (leg->latency_per != q.item[0]->as.limit.per)
            return xml_fault(node, l->e, "latencies for different populations in one leg");
    }
    settle(&leg->latency_max, max, q.n);
    return ERR_OK;
}

/* A period that is none of the day, as data; at most one of a kind. */
static enum err_code leg_period(struct loading *l, xmlNodePtr node, const struct cell_item *it,
                                struct table_leg *leg)
{
    if (it->kind == ITEM_AFTER) {
        if (leg->after_event != NULL)
            return xml_fault(node, l->e, "two event-relative periods in one leg");
        leg->after_max_ns = it->as.after.max_s * NS_PER_S;
        leg->after_event = it->as.after.event;
    } else if (it->kind == ITEM_CAMPAIGN) {
        if (leg->campaign != NULL)
            return xml_fault(node, l->e, "two campaigns in one leg");
        struct table_campaign *c = load_alloc(l, 1, sizeof *c);
        if (c == NULL)
            return ERR_NOMEM;
        *c = (struct table_campaign){
            it->as.campaign.duration_min_s * NS_PER_S, it->as.campaign.duration_max_s * NS_PER_S,
            it->as.campaign.times_min, it->as.campaign.times_max, it->as.campaign.period};
        leg->campaign = c;
    }
    return ERR_OK;
}

static enum err_code leg_when(struct loading *l, xmlNodePtr node, const struct cell *cell,
                              struct table_leg *leg)
{
    struct quotes q;
    enum err_code rc = quoted(l, node, cell, leg, &q);
    if (rc != ERR_OK)
        return rc;
    leg->why_window = q.why;
    struct table_window *window = load_alloc(l, q.n, sizeof *window);
    const char **after = load_alloc(l, q.n, sizeof *after);
    if (window == NULL || after == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < q.n; i++) {
        const struct cell_item *it = q.item[i];
        if (it->kind == ITEM_ALWAYS)
            leg->window_always = true;
        else if (it->kind == ITEM_WINDOW)
            window[leg->n_window++] =
                (struct table_window){it->as.window.from_s, it->as.window.to_s};
        else
            after[leg->n_after++] = it->text;
        rc = leg_period(l, node, it, leg);
        if (rc != ERR_OK)
            return rc;
    }
    leg->window = window;
    leg->after = after;
    if (leg->n_after > 0 && leg->n_window == 0 && !leg->window_always)
        leg->why_window = "the period hangs on an event or a campaign, it is no period of the day";
    return ERR_OK;
}

static enum err_code add_rates(struct loading *l, const struct quotes *q, struct table_leg *leg)
{
    struct table_rate *rate = load_alloc(l, q->n + q->n_open, sizeof *rate);
    if (rate == NULL)
        return ERR_NOMEM;
    leg->how_often = rate;
    for (size_t i = 0; i < q->n + q->n_open; i++) {
        const struct cell_item *it = i < q->n ? q->item[i] : q->open[i - q->n];
        if (it->kind != ITEM_RATE)
            continue;
        int64_t period = it->as.rate.period_s;
        rate[leg->n_how_often++] =
            (struct table_rate){.text = it->text,
                                .times_min = it->as.rate.times_min,
                                .times_max = it->as.rate.times_max,
                                .per = it->as.rate.per,
                                .population = it->as.rate.population,
                                .period = it->as.rate.period,
                                .period_ns = period < 0 ? -1 : period * NS_PER_S,
                                .note = it->as.rate.note,
                                .why = it->why};
    }
    return ERR_OK;
}

static enum err_code leg_rate(struct loading *l, xmlNodePtr node, const struct cell *cell,
                              struct table_leg *leg)
{
    struct quotes q;
    enum err_code rc = quoted(l, node, cell, leg, &q);
    if (rc != ERR_OK)
        return rc;
    leg->why_rate = q.why;
    rc = add_rates(l, &q, leg);
    struct buf text;
    buf_init(&text, CELL_BYTES);
    for (size_t i = 0; i < q.n && rc == ERR_OK; i++) {
        rc = buf_puts(&text, i == 0 ? "" : "; ", l->e);
        if (rc == ERR_OK)
            rc = buf_puts(&text, q.item[i]->text, l->e);
    }
    if (rc == ERR_OK && q.n > 0 && (leg->rate = arena_strdup(&l->arena, text.data)) == NULL)
        rc = err_set(l->e, ERR_NOMEM, "no memory for the requirement table");
    buf_release(&text);
    return rc;
}

static enum err_code leg_size(struct loading *l, xmlNodePtr node, const struct cell *cell,
                              struct table_leg *leg)
{
    struct quotes q;
    enum err_code rc = quoted(l, node, cell, leg, &q);
    if (rc != ERR_OK)
        return rc;
    leg->why_size = q.why;
    leg->size_min_bytes = leg->size_max_bytes = leg->size_max_lax_bytes = -1;
    for (size_t i = 0; i < q.n; i++) {
        const struct cell_item *it = q.item[i];
        int64_t strict = it->as.bytes.unit == 'k' ? 1000 : it->as.bytes.unit == 'M' ? 1000000 : 1;
        int64_t lax = it->as.bytes.unit == 'k' ? 1024 : it->as.bytes.unit == 'M' ? 1048576 : 1;
        int64_t low = it->as.bytes.min * strict, high = it->as.bytes.max;
        /* A single figure is a ceiling; only a range has a lower end. */
        if (it->as.bytes.min < high && (leg->size_min_bytes < 0 || low < leg->size_min_bytes))
            leg->size_min_bytes = low;
        if (leg->size_max_bytes < 0 || high * strict < leg->size_max_bytes)
            leg->size_max_bytes = high * strict;
        if (high * lax > leg->size_max_lax_bytes)
            leg->size_max_lax_bytes = high * lax;
    }
    return ERR_OK;
}

/* The use case has to be one that the row serves. */
static enum err_code leg_use_case(struct loading *l, xmlNodePtr node, const struct table_row *row,
                                  struct table_leg *leg)
{
    const char *name = xml_attr(node, "use-case");
    leg->use_case = "";
    for (size_t i = 0; name != NULL && i < row->n_use_case; i++) {
        if (strcmp(row->use_case[i], name) == 0) {
            leg->use_case = row->use_case[i];
            return ERR_OK;
        }
    }
    return name == NULL ? ERR_OK
                        : xml_fault(node, l->e, "%s does not serve use case \"%s\"", row->id, name);
}

static enum err_code leg_leans(struct loading *l, xmlNodePtr node, struct table_leg *leg)
{
    const char **id = load_alloc(l, load_count(node, "leans"), sizeof *id);
    if (id == NULL)
        return ERR_NOMEM;
    for (xmlNodePtr n = xml_child(node, "leans"); n != NULL; n = xml_next(n, "leans")) {
        const struct table_interpretation *in =
            table_interpretation_by_id(l->table, xml_attr(n, "on"));
        if (in == NULL)
            return xml_fault(n, l->e, "no interpretation \"%s\" in the register",
                             xml_attr(n, "on"));
        id[leg->n_interpretation++] = in->id;
    }
    leg->interpretation = id;
    return ERR_OK;
}

/* The command first, then what else is answered. */
static enum err_code leg_answers(struct loading *l, xmlNodePtr node, struct table_leg *leg)
{
    const char **name = load_alloc(l, load_count(node, "answers") + 1, sizeof *name);
    if (name == NULL)
        return ERR_NOMEM;
    leg->answers = name;
    if (leg->trigger == TRIGGER_COMMAND && leg->command != NULL)
        name[leg->n_answers++] = leg->command;
    for (xmlNodePtr n = xml_child(node, "answers"); n != NULL; n = xml_next(n, "answers")) {
        const struct table_payload *p = table_payload_by_name(l->table, xml_text(n));
        if (leg->n_answers == 0)
            return xml_fault(n, l->e, "answers \"%s\", and no command is its trigger", xml_text(n));
        if (p == NULL || table_leg_answers(leg, p->name))
            return xml_fault(n, l->e, "answers \"%s\", expected another payload", xml_text(n));
        name[leg->n_answers++] = p->name;
    }
    return ERR_OK;
}

enum err_code load_leg(struct loading *l, xmlNodePtr node, const struct table_row *row,
                       struct table_leg *leg)
{
    const struct cell *cell = row->parsed;
    leg->trigger = row->trigger;
    leg->command = row->command;
    leg->mode = leg->device_class = "";
    leg->after_max_ns = -1;
    leg->id = load_string(l, node, "id");
    leg->ground = load_words(l, xml_child(node, "ground"));
    if (leg->id == NULL || leg->ground == NULL)
        return ERR_NOMEM;
    enum err_code rc = load_cause(l, node, &leg->trigger, &leg->command);
    if (rc == ERR_OK && leg->trigger != TRIGGER_COMMAND)
        leg->command = NULL;
    if (rc == ERR_OK)
        rc = leg_answers(l, node, leg);
    if (rc == ERR_OK && xml_attr(node, "mode") != NULL)
        rc = load_optional(l, node, "mode", &leg->mode);
    if (rc == ERR_OK)
        rc = leg_use_case(l, node, row, leg);
    if (rc == ERR_OK && xml_attr(node, "class") != NULL)
        rc = load_optional(l, node, "class", &leg->device_class);
    if (rc == ERR_OK)
        rc = leg_actors(l, node, &cell[CELL_FROM], row->unlisted != NULL, &leg->from, &leg->n_from);
    if (rc == ERR_OK)
        rc = leg_actors(l, node, &cell[CELL_TO], row->unlisted != NULL, &leg->to, &leg->n_to);
    if (rc == ERR_OK)
        rc = leg_reliability(l, node, &cell[CELL_RELIABILITY], leg);
    if (rc == ERR_OK)
        rc = leg_latency(l, node, &cell[CELL_LATENCY], leg);
    if (rc == ERR_OK)
        rc = leg_when(l, node, &cell[CELL_WHEN], leg);
    if (rc == ERR_OK)
        rc = leg_rate(l, node, &cell[CELL_HOW_OFTEN], leg);
    if (rc == ERR_OK)
        rc = leg_size(l, node, &cell[CELL_SIZE], leg);
    return rc == ERR_OK ? leg_leans(l, node, leg) : rc;
}
