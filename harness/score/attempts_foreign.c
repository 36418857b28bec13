/* A capture without a journal of ours: attempts are made from what is seen. A command that is seen
 * is an attempt; what was never sent, and events that never came, nobody can know. */
#include <string.h>

#include "harness/score/attempts_impl.h"

bool actors_list(const char *actors, const char *actor)
{
    size_t len = strlen(actor);
    for (const char *p = strstr(actors, actor); p != NULL; p = strstr(p + 1, actor)) {
        bool start = p == actors || (p - actors >= 2 && memcmp(p - 2, ", ", 2) == 0);
        if (start && (p[len] == '\0' || memcmp(p + len, ", ", 2) == 0))
            return true;
    }
    return false;
}

static const struct plan_device_group *group_of(const struct plan *p, uint64_t id)
{
    for (size_t i = 0; i < p->n_group; i++)
        if (id >= p->group[i].first_id && id - p->group[i].first_id < p->group[i].count)
            return &p->group[i];
    return NULL;
}

/* What a row of the equipment is taken as: an answer, or a message of its own accord. */
enum manner { MANNER_COMMAND, MANNER_ANSWER, MANNER_EVENT };

static bool fits(const struct plan_variant *v, enum manner manner)
{
    return manner == MANNER_COMMAND ||
           (v->cause == PLAN_CAUSE_COMMAND) == (manner == MANNER_ANSWER);
}

/* The variant that concerns a device; -1 none. A device that no group holds takes the first. */
static int variant_for(const struct plan *p, const struct plan_row *row, enum manner manner,
                       const struct text_id *device)
{
    const struct plan_device_group *g = group_of(p, device_number(device));
    for (size_t i = 0; i < row->n_variant; i++) {
        const struct plan_variant *v = &row->variant[i];
        const char *actors = row->role == PLAN_TO_EUT ? v->to : v->from;
        if (!fits(v, manner))
            continue;
        if (g == NULL ||
            ((v->device_class[0] == '\0' || strcmp(v->device_class, g->device_class) == 0) &&
             actors_list(actors, g->actor)))
            return (int)i;
    }
    return -1;
}

/* The first row of a payload that can be taken so; command: the one it must answer. */
static int row_of(const struct plan *p, uint32_t binding, enum manner manner, const char *command)
{
    enum plan_role role = manner == MANNER_COMMAND ? PLAN_TO_EUT : PLAN_FROM_EUT;
    for (size_t i = 0; i < p->n_row; i++) {
        const struct plan_row *r = &p->row[i];
        if (r->binding != (int)binding || r->role != role ||
            (command != NULL && (r->command == NULL || strcmp(r->command, command) != 0)))
            continue;
        for (size_t k = 0; k < r->n_variant; k++)
            if (fits(&r->variant[k], manner))
                return (int)i;
    }
    return -1;
}

static struct attempt *open_on(struct attempts *a, struct operation *op, struct live_trial *trial,
                               int row, int variant, uint8_t role, const struct text_id *device,
                               int64_t at_ns)
{
    struct attempt *t = attempt_new(a, op, trial);
    if (t == NULL)
        return NULL;
    t->row = (uint32_t)row;
    t->variant = (uint32_t)variant;
    t->role = role;
    t->binding = (uint32_t)a->plan->row[row].binding;
    t->scenario = ATTEMPTS_NO_TRIAL;
    t->number = trial->trial;
    t->device = *device;
    t->opened_ns = at_ns;
    t->give_up_ns = a->plan->row[row].variant[variant].give_up_ns;
    t->foreign = true;
    a->h.opened(a->h.arg, ATTEMPTS_NO_TRIAL, 0, trial->trial, t->row, t->variant);
    return t;
}

static void device_of(const struct attempts *a, const struct sighting *s, struct text_id *device)
{
    int identity = a->plan->binding[s->binding].identity;
    memset(device, 0, sizeof *device);
    if (identity >= 0 && s->field[identity] == FIELD_FINE)
        text_id_set(device, s->value[identity].data, s->value[identity].len);
}

struct operation *foreign_command(struct attempts *a, const struct sighting *s)
{
    const struct plan *p = a->plan;
    int row = row_of(p, (uint32_t)s->binding, MANNER_COMMAND, NULL);
    if (row < 0)
        return NULL;
    struct text_id device;
    device_of(a, s, &device);
    int variant = variant_for(p, &p->row[row], MANNER_COMMAND, &device);
    if (variant < 0)
        return NULL;
    struct live_trial *trial = trial_get(a, ATTEMPTS_NO_TRIAL, 0, a->foreign_trials, true);
    if (trial == NULL)
        return NULL;
    a->foreign_trials++;
    const struct slice *id = &s->envelope.correlation_id;
    if (id->len == 0 || s->envelope.kind == ENVELOPE_RESPONSE)
        id = &s->envelope.message_id;
    struct operation *op = operation_new(a, id->data, id->len, trial);
    if (op == NULL)
        return NULL;
    op->device = device;
    op->binding = (uint32_t)s->binding;
    op->endpoint = (uint32_t)s->endpoint;
    op->opened_ns = s->first_ns;
    struct attempt *send = open_on(a, op, trial, row, variant, JOURNAL_SEND, &device, s->first_ns);
    const char *reply = p->row[row].reply;
    int binding = reply == NULL ? -1 : plan_binding_by_payload(p, reply);
    int answer =
        binding < 0 ? -1 : row_of(p, (uint32_t)binding, MANNER_ANSWER, p->row[row].payload);
    int which = answer < 0 ? -1 : variant_for(p, &p->row[answer], MANNER_ANSWER, &device);
    if (send != NULL && which >= 0) {
        struct attempt *t =
            open_on(a, op, trial, answer, which, JOURNAL_REPLY, &device, s->first_ns);
        if (t != NULL) {
            t->endpoint = (uint32_t)s->endpoint;
            attempt_index(a, t);
        }
    }
    trial_end(a, trial);
    return op;
}

void foreign_retarget(struct attempts *a, struct operation *op, uint32_t binding)
{
    struct attempt *t = op->attempts;
    while (t != NULL && (t->role != JOURNAL_REPLY || t->in.there || t->binding == binding))
        t = t->next_in_op;
    if (t == NULL)
        return;
    int row = row_of(a->plan, binding, MANNER_ANSWER, a->plan->binding[op->binding].payload);
    int variant =
        row < 0 ? -1 : variant_for(a->plan, &a->plan->row[row], MANNER_ANSWER, &t->device);
    if (variant < 0)
        return;
    t->row = (uint32_t)row;
    t->variant = (uint32_t)variant;
    t->binding = binding;
}

void foreign_event(struct attempts *a, const struct sighting *s)
{
    const struct plan *p = a->plan;
    int row = row_of(p, (uint32_t)s->binding, MANNER_EVENT, NULL);
    struct text_id device;
    device_of(a, s, &device);
    int variant = row < 0 ? -1 : variant_for(p, &p->row[row], MANNER_EVENT, &device);
    if (variant < 0) {
        a->unmatched++;
        return;
    }
    struct live_trial *trial = trial_get(a, ATTEMPTS_NO_TRIAL, 0, a->foreign_trials, true);
    if (trial == NULL)
        return;
    a->foreign_trials++;
    struct attempt *t = open_on(a, NULL, trial, row, variant, JOURNAL_EVENT, &device, s->first_ns);
    if (t != NULL) {
        t->endpoint = (uint32_t)s->endpoint;
        attempt_index(a, t);
        arrival_for(a, t, s);
    }
    trial_end(a, trial);
}
