/* Messages that no attempt awaits, of readings that the plan only observes: each is an outcome. */
#include <stdio.h>
#include <string.h>

#include "harness/journal/journal.h"
#include "harness/score/judge_impl.h"

/* A required attribute that it lacks; NULL none. */
static const char *lacks(const struct plan *p, const struct sighting *s)
{
    const struct binding *b = &p->binding[s->binding];
    for (size_t i = 0; i < b->n_field; i++)
        if (b->field[i].required && s->field[i] != FIELD_FINE)
            return b->field[i].name;
    return NULL;
}

static void describe(struct outcome *o, const struct plan *p, const struct sighting *s)
{
    const char *missing = lacks(p, s);
    int identity = p->binding[s->binding].identity;
    const struct slice *id = &s->envelope.message_id;
    o->rec = (struct exchange_record){
        .scenario = UINT32_MAX,
        .end_ns = s->last_ns,
        .sent_ns = s->first_ns,
        .latency_ns = -1,
        .first_frame = s->first_frame,
        .last_frame = s->last_frame,
        .canonical_bytes = s->canonical_bytes,
        .body_bytes = (uint32_t)s->body_bytes,
        .message_bytes = (uint32_t)s->message_bytes,
        .status = (uint16_t)s->status,
        .cause = missing != NULL ? CAUSE_INCOMPLETE : CAUSE_OK,
        .role = JOURNAL_EVENT,
        .flags = OUTCOME_ARRIVED | OUTCOME_EQUIPMENT | (missing == NULL ? OUTCOME_DELIVERED : 0),
    };
    if (missing != NULL)
        (void)snprintf(o->note, sizeof o->note, "lacks %s", missing);
    if (identity >= 0)
        (void)snprintf(o->device, sizeof o->device, "%.*s", (int)s->value[identity].len,
                       s->value[identity].data == NULL ? "" : s->value[identity].data);
    (void)snprintf(o->correlation, sizeof o->correlation, "%.*s", (int)id->len,
                   id->data == NULL ? "" : id->data);
}

unsigned judge_observe(struct judge *j, const struct sighting *s)
{
    unsigned n = 0;
    size_t from = 0;
    uint32_t row, variant;
    uint64_t device;
    while (j->fault.code == ERR_OK && rate_observes(j->rate, s, &from, &row, &variant, &device)) {
        struct criteria *c = &j->target[j->first_target[row] + variant].criteria;
        struct outcome o = {.note = ""};
        describe(&o, j->plan, s);
        o.rec.row = row;
        o.rec.variant = variant;
        o.rec.device = device;
        o.rec.trial = (uint32_t)c->attempts;
        o.rec.used = !c->decided;
        struct exchange_record record = o.rec;
        (void)criteria_use(c, &o, true, j->zone == NULL ? NULL : &j->deployment, &j->fault);
        if (j->fault.code == ERR_OK)
            (void)spill_put(j->spill, &record, &j->fault);
        n = 1;
    }
    return n;
}
