/* What a trial waits for: one expectation an endpoint and device, all of them at once. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define FEW 16 /* so many are simply looked through */

static struct expected **chain_of(const struct trial *t, const struct expected *x)
{
    struct drive *d = t->d;
    uint32_t binding = t->awaited[x->awaited].binding;
    if (x->device == DRIVE_NOBODY || d->plan->binding[binding].identity < 0)
        return &d->anonymous[binding];
    return &d->device[x->device].waiting;
}

/* Behind those that wait already: the first to wait is the first to get. */
static void chain(struct trial *t, struct expected *x)
{
    struct expected **at = chain_of(t, x);
    while (*at != NULL)
        at = &(*at)->next;
    *at = x;
    x->at = at;
    x->next = NULL;
}

static void unchain(struct expected *x)
{
    if (x->at == NULL)
        return;
    *x->at = x->next;
    if (x->next != NULL)
        x->next->at = x->at;
    x->at = NULL;
}

void expect_clear(struct trial *t)
{
    for (size_t i = 0; i < t->n_expected; i++)
        unchain(&t->expected[i]);
    t->n_awaited = t->n_expected = t->n_unsettled = 0;
    free(t->first);
    t->first = NULL;
}

static void *grown(void *list, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return list;
    size_t more = *cap == 0 ? 4 : *cap * 2;
    void *p = realloc(list, more * size);
    if (p != NULL)
        *cap = more;
    return p;
}

struct awaited *expect_add(struct trial *t)
{
    struct awaited *list = grown(t->awaited, t->n_awaited, &t->cap_awaited, sizeof *list);
    if (list == NULL)
        return NULL;
    t->awaited = list;
    struct awaited *a = &list[t->n_awaited++];
    *a = (struct awaited){.target = -1, .exchange = DRIVE_NOBODY};
    return a;
}

bool expect_device(struct trial *t, uint32_t device, int command)
{
    struct expected *list = grown(t->expected, t->n_expected, &t->cap_expected, sizeof *list);
    if (list == NULL)
        return false;
    t->expected = list;
    list[t->n_expected++] = (struct expected){
        .trial = t, .awaited = (uint32_t)t->n_awaited - 1, .device = device, .command = command};
    return true;
}

static void announce(struct trial *t, const struct expected *x)
{
    const struct drive_case *c = t->kase;
    const struct awaited *a = &t->awaited[x->awaited];
    char correlation[DRIVE_CORRELATION] = "";
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    r.u.attempt.scenario = c->scenario;
    r.u.attempt.kase = c->kase;
    r.u.attempt.trial = t->number;
    r.u.attempt.row = r.u.attempt.variant = JOURNAL_NO_ROW;
    if (a->target >= 0) {
        r.u.attempt.row = c->target_row[a->target];
        r.u.attempt.variant = c->target_variant[a->target];
        r.u.attempt.sub = t->sub[a->target][1]++;
    }
    r.u.attempt.role = a->role;
    r.u.attempt.binding = a->binding;
    r.u.attempt.endpoint = a->endpoint;
    r.u.attempt.planned_ns = t->planned_ns;
    r.u.attempt.give_up_ns = a->give_up_ns;
    if (x->command >= 0)
        trial_correlation(t, (uint32_t)x->command, correlation);
    r.u.attempt.correlation = (struct journal_text){correlation, (uint32_t)strlen(correlation)};
    if (x->device != DRIVE_NOBODY)
        r.u.attempt.device = (struct journal_text){t->d->device[x->device].text, 16};
    r.u.attempt.n_expect = (uint32_t)a->n_value;
    for (size_t i = 0; i < a->n_value; i++) {
        r.u.attempt.expect[i].field = a->value[i].field;
        r.u.attempt.expect[i].value =
            (struct journal_text){a->value[i].text, (uint32_t)strlen(a->value[i].text)};
    }
    record(t->d, &r);
}

void expect_announce(struct trial *t)
{
    for (size_t i = 0; i < t->n_expected; i++)
        announce(t, &t->expected[i]);
}

static void note_first(struct trial *t, struct arrival *a)
{
    if (t->first == NULL)
        t->first = a;
    else
        free(a);
}

bool expect_begin(struct trial *t)
{
    t->waiting_ns = clock_mono_ns();
    t->n_unsettled = t->n_expected;
    for (size_t i = 0; i < t->n_expected; i++) {
        struct expected *x = &t->expected[i];
        const struct awaited *w = &t->awaited[x->awaited];
        struct arrival *a = t->inbox == NULL ? NULL : arrival_take(t, x);
        if (a == NULL) {
            /* an answer is found by what it answers, when there are few */
            if (w->role != JOURNAL_REPLY || t->n_expected > FEW)
                chain(t, x);
            continue;
        }
        if (a->inquiry != NULL) {
            a->inquiry->exchange = w->exchange;
            a->inquiry->endpoint = w->endpoint;
        }
        x->settled = true;
        t->n_unsettled--;
        note_first(t, a);
    }
    return t->n_unsettled > 0;
}

int64_t expect_deadline_ns(const struct trial *t)
{
    int64_t now = clock_mono_ns(), latest = INT64_MIN;
    for (size_t i = 0; i < t->n_expected; i++) {
        const struct expected *x = &t->expected[i];
        const struct command *cmd = x->command >= 0 ? &t->command[x->command] : NULL;
        int64_t from = cmd == NULL ? t->waiting_ns : cmd->image != NULL ? now : cmd->sent_ns;
        int64_t until = (from > 0 ? from : now) + t->awaited[x->awaited].give_up_ns;
        if (!x->settled && until > latest)
            latest = until;
    }
    return latest;
}

static bool at_listener(const struct drive *d, const struct awaited *a, size_t listener)
{
    return d->listener_of[a->endpoint] == (int)listener;
}

static struct expected *find_answer(struct drive *d, struct trial *t, uint32_t command,
                                    uint32_t binding, size_t listener)
{
    for (size_t i = 0; t->wait == WAIT_MESSAGE && i < t->n_expected && t->n_expected <= FEW; i++) {
        struct expected *x = &t->expected[i];
        const struct awaited *a = &t->awaited[x->awaited];
        if (!x->settled && a->role == JOURNAL_REPLY && a->binding == binding &&
            x->command == (int)command && at_listener(d, a, listener))
            return x;
    }
    return NULL;
}

struct expected *expect_find(struct drive *d, struct trial *t, uint32_t command, uint32_t binding,
                             struct device *dev, size_t listener, const struct envelope *env)
{
    struct expected *x = t == NULL ? NULL : find_answer(d, t, command, binding, listener);
    if (x != NULL)
        return x;
    bool anonymous = d->plan->binding[binding].identity < 0;
    if (!anonymous && dev == NULL)
        return NULL;
    for (x = anonymous ? d->anonymous[binding] : dev->waiting; x != NULL; x = x->next) {
        const struct awaited *a = &x->trial->awaited[x->awaited];
        if (a->binding != binding || !at_listener(d, a, listener))
            continue;
        if (a->role == JOURNAL_REPLY ? x->trial == t && x->command == (int)command
                                     : values_fit(d, a, env->field, env->n_field))
            return x;
    }
    return NULL;
}

void expect_settle(struct expected *x, enum heard how, const struct envelope *env,
                   struct inquiry *inquiry)
{
    struct trial *t = x->trial;
    const struct awaited *a = &t->awaited[x->awaited];
    if (x->settled)
        return;
    unchain(x);
    x->settled = true;
    t->n_unsettled--;
    if (inquiry != NULL)
        inquiry->exchange = a->exchange;
    if (t->n_unsettled > 0) {
        struct arrival *kept =
            how == HEARD_MESSAGE && t->first == NULL ? arrival_copy(a->binding, env) : NULL;
        if (kept != NULL)
            note_first(t, kept);
        return;
    }
    if (how == HEARD_MESSAGE && t->first == NULL) { /* borrowed: the script goes on at once */
        t->heard_binding = a->binding;
        t->heard_field = env->field;
        t->heard_n = env->n_field;
    }
    trial_wake(t, t->first != NULL ? HEARD_MESSAGE : how);
}

void expect_command(struct trial *t, uint32_t command, enum heard how, bool all)
{
    if (t->wait != WAIT_MESSAGE)
        return;
    /* the last one settled wakes the script, which may expect anew */
    size_t n = 0, last = 0;
    for (size_t i = 0; i < t->n_expected; i++) {
        struct expected *x = &t->expected[i];
        if (x->settled || x->command != (int)command ||
            (!all && t->awaited[x->awaited].role != JOURNAL_REPLY))
            continue;
        if (n++ > 0)
            expect_settle(&t->expected[last], how, NULL, NULL);
        last = i;
    }
    if (n > 0)
        expect_settle(&t->expected[last], how, NULL, NULL);
}
