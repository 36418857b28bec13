#include <stdlib.h>
#include <string.h>

#include "harness/report/compare_impl.h"
#include "harness/score/records.h"

enum err_code compare_side_init(struct compare_side *s, const struct result *r, struct err *e)
{
    s->result = r;
    s->first = calloc(r->n_row + 1, sizeof *s->first);
    for (size_t i = 0; i < r->n_row && s->first != NULL; i++) {
        s->first[i] = s->n_sample;
        s->n_sample += r->row[i].n_variant;
    }
    s->sample = calloc(s->n_sample + 1, sizeof *s->sample);
    if (s->first == NULL || s->sample == NULL)
        return err_set(e, ERR_NOMEM, "no memory to compare %zu rows", r->n_row);
    return ERR_OK;
}

void compare_side_release(struct compare_side *s)
{
    for (size_t i = 0; i < s->n_sample && s->sample != NULL; i++)
        latencies_release(&s->sample[i].latencies);
    free(s->sample);
    free(s->first);
}

static enum err_code close_unit(struct compare_sample *m, struct err *e)
{
    if (!m->open)
        return ERR_OK;
    m->open = false;
    m->bad += m->failed;
    m->good += !m->failed && !m->unsure;
    return m->slowest_ns < 0 ? ERR_OK : latencies_add(&m->latencies, m->slowest_ns, e);
}

/* Also where reliability is not scorable, and no clause tells. */
static bool is_failure(const struct exchange_record *r)
{
    return r->clause_failed != 0 ||
           (r->clause_unsure == 0 && r->cause >= CAUSE_LATE && r->cause <= CAUSE_DUPLICATE);
}

bool compare_by_exchange(const struct result_variant *v)
{
    return v->unit == NULL || v->unit[0] == '\0' || strcmp(v->unit, "exchange") == 0 ||
           strcmp(v->unit, "connection") == 0;
}

static enum err_code take(struct compare_sample *m, const struct result_variant *v,
                          const struct exchange_record *r, struct err *e)
{
    bool each = compare_by_exchange(v);
    bool goes_on = m->open && !each && m->scenario == r->scenario && m->kase == r->kase &&
                   m->trial == r->trial;
    enum err_code rc = goes_on ? ERR_OK : close_unit(m, e);
    if (rc != ERR_OK)
        return rc;
    if (!goes_on) {
        m->open = true;
        m->failed = m->unsure = false;
        m->slowest_ns = -1;
        m->scenario = r->scenario;
        m->kase = r->kase;
        m->trial = r->trial;
    }
    bool failed = is_failure(r);
    m->used++;
    m->by_cause[r->cause]++;
    m->failed = m->failed || failed;
    m->unsure = m->unsure || (!failed && (r->clause_unsure != 0 || r->cause >= CAUSE_UNPROVEN));
    if ((r->flags & OUTCOME_DELIVERED) != 0 && r->latency_ns > m->slowest_ns)
        m->slowest_ns = r->latency_ns;
    return ERR_OK;
}

/* The file belongs to the result: of each reading it holds as many used outcomes of each cause as
 * that counts, or no more where some came from earlier runs. */
static bool belongs(const struct compare_sample *m, const struct result_variant *v)
{
    bool earlier = v->earlier != NULL && v->earlier[0] != '\0';
    bool fits = earlier ? m->used <= v->used : m->used == v->used;
    for (int c = 0; c < CAUSE_COUNT; c++)
        fits =
            fits && (earlier ? m->by_cause[c] <= v->by_cause[c] : m->by_cause[c] == v->by_cause[c]);
    return fits;
}

static enum err_code check(const struct compare_side *s, const char *path, struct err *e)
{
    for (size_t i = 0; i < s->result->n_row; i++)
        for (size_t k = 0; k < s->result->row[i].n_variant; k++)
            if (!belongs(&s->sample[s->first[i] + k], &s->result->row[i].variant[k]))
                return err_set(e, ERR_DATA,
                               "%s: its outcomes of %s are not those that run.xml beside it "
                               "counts: it is another run's",
                               path, s->result->row[i].id);
    return ERR_OK;
}

enum err_code compare_exchanges(struct compare *c, bool second, const char *path, struct err *e)
{
    struct compare_side *s = &c->side[second ? 1 : 0];
    struct records in;
    struct exchange_record r;
    enum err_code rc = records_open(path, s->result, &in, e);
    if (rc != ERR_OK)
        return rc;
    while ((rc = records_next(&in, &r, e)) == ERR_OK) {
        if (r.used != 0)
            rc = take(&s->sample[s->first[r.row] + r.variant],
                      &s->result->row[r.row].variant[r.variant], &r, e);
        if (rc != ERR_OK)
            break;
    }
    if (rc == ERR_CLOSED)
        rc = ERR_OK;
    for (size_t i = 0; i < s->n_sample && rc == ERR_OK; i++)
        rc = close_unit(&s->sample[i], e);
    if (rc == ERR_OK)
        rc = check(s, path, e);
    s->read = rc == ERR_OK;
    records_close(&in);
    return rc;
}
