/* Where the time of an exchange went: links and actors of the chain, in the order in which its
 * messages were seen on them. What passes between actors of the equipment belongs to no attempt; it
 * is kept, so many messages of it, for those whose content it has. */
#include <stdlib.h>
#include <string.h>

#include "harness/score/attempts_impl.h"

#define INSIDE_LINKS (OUTCOME_STAGES / 4) /* of one message */

struct inside_seen { /* a message between actors of the chain */
    uint32_t endpoint;
    bool answer; /* an HTTP answer of the endpoint's; else sent to it */
    uint32_t binding;
    uint64_t digest, own, of; /* content; hashes of its ids, 0 none */
    int64_t first_ns, last_ns;
    uint64_t taken; /* by a trial: its key, 0 not yet */
};

struct inside {
    struct inside_seen seen[INSIDE_SEEN]; /* a ring: the oldest go */
    size_t n, next;
};

static uint64_t id_hash(const struct slice *id)
{
    return id->len == 0 ? 0 : attempts_hash(id->data, id->len);
}

void inside_message(struct attempts *a, const struct sighting *s)
{
    if (s->binding < 0 || !s->has_envelope || s->health != SIGHT_OK)
        return;
    if (a->inside == NULL && (a->inside = calloc(1, sizeof *a->inside)) == NULL) {
        (void)attempts_no_memory(a);
        return;
    }
    struct inside *in = a->inside;
    in->seen[in->next] = (struct inside_seen){.endpoint = a->canon[s->endpoint],
                                              .answer = s->answer,
                                              .binding = (uint32_t)s->binding,
                                              .digest = s->content_digest,
                                              .own = id_hash(&s->envelope.message_id),
                                              .of = id_hash(&s->envelope.correlation_id),
                                              .first_ns = s->first_ns,
                                              .last_ns = s->last_ns};
    in->next = (in->next + 1) % INSIDE_SEEN;
    in->n += in->n < INSIDE_SEEN;
}

/* Ids of ours that a forwarder keeps tell whose it is; ids of its own tell nothing. */
static bool of_other(struct attempts *a, const struct attempt *t, const struct inside_seen *x)
{
    const uint64_t id[] = {x->own, x->of};
    for (size_t i = 0; i < 2; i++) {
        const struct operation *op = id[i] == 0 ? NULL : operation_by_hash(a, id[i]);
        if (op != NULL)
            return op->trial != t->trial;
    }
    return false;
}

static int by_time(const void *l, const void *r)
{
    const struct inside_seen *x = *(const struct inside_seen *const *)l,
                             *y = *(const struct inside_seen *const *)r;
    if (x->first_ns != y->first_ns)
        return x->first_ns < y->first_ns ? -1 : 1;
    return (x > y) - (x < y);
}

/* What was seen of that content inside, in order: at most INSIDE_LINKS. */
static size_t find(struct attempts *a, const struct attempt *t, uint32_t binding, uint64_t digest,
                   int64_t from_ns, int64_t to_ns, struct inside_seen **out)
{
    size_t n = 0;
    uint64_t key = t->trial == NULL ? t->serial << 1 | 1
                                    : ((uint64_t)t->trial->scenario << 44 ^
                                       (uint64_t)t->trial->kase << 32 ^ t->trial->trial)
                                              << 1 |
                                          1;
    for (size_t i = 0; a->inside != NULL && i < a->inside->n && n < INSIDE_LINKS; i++) {
        struct inside_seen *x = &a->inside->seen[i];
        if (x->binding != binding || x->digest != digest || x->first_ns < from_ns ||
            x->last_ns > to_ns || (x->taken != 0 && x->taken != key) || of_other(a, t, x))
            continue;
        x->taken = key;
        out[n++] = x;
    }
    if (n > 1)
        qsort(out, n, sizeof(struct inside_seen *), by_time);
    return n;
}

/* ---- stages ------------------------------------------------------------------------------------
 */

struct walk {
    struct attempts *a;
    const struct attempt *t;
    struct outcome *o;
    int64_t now_ns;
    uint32_t at;                     /* endpoint whose actor has it */
    uint32_t passed[OUTCOME_STAGES]; /* endpoints that the command was sent to, in order */
    size_t n_passed;
    bool inside; /* something was seen between actors of the equipment */
};

static void stage(struct walk *w, bool link, uint32_t endpoint, int64_t until_ns)
{
    if (until_ns < w->now_ns)
        until_ns = w->now_ns; /* an answer can come early */
    if (w->o->n_stage < OUTCOME_STAGES)
        w->o->stage[w->o->n_stage++] = (struct outcome_stage){endpoint, link, until_ns - w->now_ns};
    w->now_ns = until_ns;
}

/* It is held by the actor until it is seen on a link, and then gets to whom that leads. */
static void passes(struct walk *w, int64_t first_ns, int64_t last_ns, uint32_t to)
{
    stage(w, false, w->at, first_ns);
    stage(w, true, to, last_ns);
    w->at = to;
}

/* The actor that an endpoint's answer goes to: who had the command before; where that is not known,
 * the one that is reached from outside. */
static uint32_t asked_by(const struct walk *w, uint32_t endpoint)
{
    for (size_t i = w->n_passed; i-- > 1;)
        if (w->passed[i] == endpoint)
            return w->passed[i - 1];
    return w->t->op == NULL ? 0 : w->t->op->endpoint;
}

static void inside_stages(struct walk *w, struct inside_seen *const *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (x[i]->answer)
            w->at = x[i]->endpoint;
        passes(w, x[i]->first_ns, x[i]->last_ns,
               x[i]->answer ? asked_by(w, x[i]->endpoint) : x[i]->endpoint);
        if (!x[i]->answer && w->n_passed < OUTCOME_STAGES)
            w->passed[w->n_passed++] = x[i]->endpoint;
        w->inside = true;
    }
}

/* From the first byte of a message of ours to where it was the last time before until_ns. Our
 * answer to a request goes to whoever asked: to the one that hands it on. */
static void command_stages(struct walk *w, const struct operation *op, int64_t until_ns)
{
    struct inside_seen *x[INSIDE_LINKS];
    size_t n = find(w->a, w->t, op->binding, op->digest, op->first_ns, until_ns, x);
    w->at = n > 0 && x[0]->answer ? x[0]->endpoint : op->endpoint;
    w->now_ns = op->origin_ns;
    stage(w, true, w->at, op->last_ns);
    w->passed[w->n_passed++] = w->at;
    inside_stages(w, x, n);
}

static void arrival_stages(struct walk *w, int64_t from_ns)
{
    struct inside_seen *x[INSIDE_LINKS];
    const struct arrival *in = &w->t->in;
    size_t n = find(w->a, w->t, in->binding, in->digest, from_ns, in->last_ns, x);
    if (n > 0 && w->at == OUTCOME_ORIGIN && w->now_ns == in->first_ns)
        w->now_ns = x[0]->first_ns;
    inside_stages(w, x, n);
}

void outcome_stages(struct attempts *a, const struct attempt *t, struct outcome *o)
{
    const struct operation *op = t->op;
    struct walk w = {.a = a, .t = t, .o = o};
    /* In a capture of other hands nothing tells at which endpoint an answer is awaited. */
    uint32_t to = a->plan->endpoint[t->endpoint].eut ? OUTCOME_DESTINATION : t->endpoint;
    if ((o->rec.flags & OUTCOME_DELIVERED) == 0 ||
        (t->role != JOURNAL_EVENT && (op == NULL || op->n_requests == 0)))
        return;
    if (t->role == JOURNAL_EVENT) {
        w.at = OUTCOME_ORIGIN;
        w.now_ns = t->provoked ? t->stimulus_ns : t->in.first_ns;
        arrival_stages(&w, t->provoked ? t->stimulus_ns : t->in.first_ns - t->give_up_ns);
        passes(&w, t->in.first_ns, t->in.last_ns, to);
    } else if (attempt_is_ours(t)) {
        command_stages(&w, op, o->rec.end_ns);
        stage(&w, false, w.at, o->rec.end_ns);
    } else {
        command_stages(&w, op, t->in.last_ns);
        if (t->role == JOURNAL_REPLY)
            arrival_stages(&w, op->first_ns);
        passes(&w, t->in.first_ns, t->in.last_ns, to);
    }
    for (size_t i = 0; !w.inside && i < o->n_stage; i++)
        if (o->stage[i].endpoint < a->plan->n_endpoint &&
            a->plan->endpoint[o->stage[i].endpoint].eut)
            o->stage[i].endpoint = OUTCOME_WHOLE;
}
