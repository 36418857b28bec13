#include <inttypes.h>

#include "harness/base/clock.h"
#include "harness/report/report.h"
#include "harness/report/words.h"

static const char header[] =
    "row,section,use_case,payload,type,role,leg,mode,device_class,from,to,criterion,outcome,reason,"
    "required,n,planned,good,bad,indeterminate,ratio_low,ratio_high,limit_s,p50_s,p99_s,worst_s,"
    "size_min_bytes,size_max_bytes,size_least_bytes,size_most_bytes,frame_first,frame_last,"
    "attempts,used,first_utc,last_utc,span,measured_at,interpretations,note,unlisted,"
    "rule,consumer_risk,producer_risk,decided_at,disturbed,clustering_p,unit,earlier,p50_low_s,"
    "p50_high_s,p99_low_s,p99_high_s,budget_s,hops\r\n";

static void field(struct text *out, const char *s)
{
    text_csv(out, s);
    text_raw(out, ",");
}

/* Nothing is written for what there is not (below 0). */
static void number(struct text *out, int64_t n)
{
    if (n >= 0)
        text_f(out, "%" PRId64, n);
    text_raw(out, ",");
}

static void seconds(struct text *out, int64_t ns)
{
    char s[WORDS_SIZE];
    text_f(out, "%s,", ns >= 0 ? clock_seconds(ns, s, sizeof s) : "");
}

static void ratio(struct text *out, int64_t ppb)
{
    if (ppb >= 0)
        text_f(out, "%" PRId64 ".%09" PRId64, ppb / 1000000000, ppb % 1000000000);
    text_raw(out, ",");
}

/* Where the time went: of a latency only. */
static void hops(struct text *out, const struct result_variant *v, bool timed)
{
    struct text words;
    text_init(&words);
    seconds(out, timed && v->n_hop > 0 ? v->budget_ns : -1);
    if (timed)
        words_hops(&words, v);
    text_csv(out, words.buf.data == NULL ? "" : words.buf.data);
    text_raw(out, "\r\n");
    text_release(&words);
}

static void moment(struct text *out, int64_t ns)
{
    char s[WORDS_SIZE];
    text_f(out, "%s,", ns != 0 ? clock_iso(ns, s, sizeof s) : "");
}

/* How it was decided: only the criteria that a rule judges have any of it. */
static void decision(struct text *out, const struct result *r, const struct result_variant *v,
                     enum criterion_kind k)
{
    const struct result_criterion *c = &v->criterion[k];
    bool ruled = words_ruled(k);
    bool risks = ruled && !words_is_short(r->rule);
    bool timed = k == CRITERION_LATENCY && v->delivered > 0;
    field(out, !ruled ? "" : risks ? r->rule : "short");
    ratio(out, risks ? r->consumer_ppm * 1000 : -1);
    ratio(out, risks ? r->producer_own_ppm * 1000 : -1);
    number(out, c->decided_at > 0 ? (int64_t)c->decided_at : -1);
    number(out, ruled ? (int64_t)c->disturbed : -1);
    ratio(out,
          ruled && r->clustering_ppm > 0 && c->clustering_ppm >= 0 ? c->clustering_ppm * 1000 : -1);
    field(out, ruled ? v->unit : "");
    field(out, v->earlier);
    seconds(out, timed && v->percentile_low_ns[1] > 0 ? v->percentile_low_ns[1] : -1);
    seconds(out, timed && v->percentile_high_ns[1] > 0 ? v->percentile_high_ns[1] : -1);
    seconds(out, timed && v->percentile_low_ns[4] > 0 ? v->percentile_low_ns[4] : -1);
    seconds(out, timed && v->percentile_high_ns[4] > 0 ? v->percentile_high_ns[4] : -1);
    hops(out, v, timed);
}

static void row_fields(struct text *out, const struct result_row *row, const char *role)
{
    field(out, row->id);
    field(out, row->section);
    field(out, row->use_case);
    field(out, row->payload);
    field(out, row->type);
    field(out, role);
}

static void line(struct text *out, const struct result *r, const struct result_row *row,
                 const struct result_variant *v, enum criterion_kind k)
{
    const struct result_criterion *c = &v->criterion[k];
    bool latency = k == CRITERION_LATENCY, size = k == CRITERION_SIZE;
    bool timed = latency && v->delivered > 0;
    struct text required;
    row_fields(out, row, v->role != NULL && v->role[0] != '\0' ? v->role : row->role);
    field(out, v->leg);
    field(out, v->mode);
    field(out, v->device_class);
    field(out, v->from);
    field(out, v->to);
    field(out, criterion_name(k));
    field(out, outcome_name(outcome_of(c->verdict, c->status)));
    field(out, c->reason);
    text_init(&required);
    words_required(&required, v, k);
    field(out, required.buf.data);
    text_release(&required);
    number(out, c->n);
    number(out, c->planned);
    number(out, c->good);
    number(out, c->bad);
    number(out, c->indeterminate);
    ratio(out, c->low_ppb);
    ratio(out, c->high_ppb);
    seconds(out, latency && c->limit_ns > 0 ? c->limit_ns : -1);
    seconds(out, timed ? v->percentile_ns[1] : -1);
    seconds(out, timed ? v->percentile_ns[4] : -1);
    seconds(out, timed ? v->percentile_ns[6] : -1);
    number(out, size ? c->limit_min_bytes : -1);
    number(out, size ? c->limit_max_bytes : -1);
    number(out, size ? v->size_least : -1);
    number(out, size ? v->size_most : -1);
    number(out, c->frame_first > 0 ? (int64_t)c->frame_first : -1);
    number(out, c->frame_last > 0 ? (int64_t)c->frame_last : -1);
    number(out, (int64_t)v->attempts);
    number(out, (int64_t)v->used);
    moment(out, v->first_ns);
    moment(out, v->last_ns);
    field(out, v->span);
    field(out, v->measured);
    field(out, v->interpretations);
    field(out, v->note);
    text_raw(out, row->unlisted ? "yes," : "no,");
    decision(out, r, v, k);
}

void report_csv(const struct result *r, struct text *out)
{
    text_raw(out, header);
    for (size_t i = 0; i < r->n_row; i++) {
        const struct result_row *row = &r->row[i];
        for (size_t j = 0; j < row->n_variant; j++)
            for (int k = 0; k < CRITERION_COUNT; k++)
                if (result_shown(&row->variant[j], (enum criterion_kind)k))
                    line(out, r, row, &row->variant[j], (enum criterion_kind)k);
        if (row->n_variant > 0)
            continue;
        row_fields(out, row, row->role);
        text_raw(out, ",,,,,,"); /* reading and criterion: none */
        field(out, outcome_name(words_row_outcome(row)));
        text_csv(out, row->reason);
        for (int c = 0; c < 27; c++) /* required to note */
            text_raw(out, ",");
        text_raw(out, row->unlisted ? "yes" : "no");
        for (int c = 0; c < 14; c++) /* rule to hops */
            text_raw(out, ",");
        text_raw(out, "\r\n");
    }
}
