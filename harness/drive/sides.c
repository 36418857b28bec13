/* Which of our endpoints an exchange begins and ends at. */
#include <string.h>

#include "harness/drive/inside.h"

bool actors_hold(const char *actors, const char *actor)
{
    size_t n = strlen(actor);
    for (const char *p = actors; p != NULL && *p != '\0';) {
        const char *comma = strstr(p, ", ");
        size_t len = comma == NULL ? strlen(p) : (size_t)(comma - p);
        if (len == n && memcmp(p, actor, n) == 0)
            return true;
        p = comma == NULL ? NULL : comma + 2;
    }
    return false;
}

static const struct plan_device_group *group_of(const struct drive *d, uint32_t device)
{
    return &d->plan->group[d->device[device].group];
}

static const char *subject_actor(const struct trial *t)
{
    uint32_t device = t->device != NULL ? (uint32_t)(t->device - t->d->device) : t->kase->ring[0];
    return group_of(t->d, device)->actor;
}

uint32_t side_peer(const struct trial *t)
{
    const struct plan_case *pc = t->kase->pc;
    if (pc->n_peer > 0)
        return pc->peer[trial_is_amble(t) ? 0 : t->number % pc->n_peer];
    return DRIVE_NOBODY;
}

/* The peer of this trial when it is one of the actors, else the first of them that we play, else
 * the peer all the same, else any. */
static uint32_t other_end(const struct trial *t, const char *actors)
{
    const struct drive *d = t->d;
    const struct plan *p = d->plan;
    uint32_t peer = side_peer(t);
    if (peer != DRIVE_NOBODY && (actors[0] == '\0' || actors_hold(actors, p->endpoint[peer].actor)))
        return peer;
    for (size_t i = 0; i < p->n_endpoint; i++)
        if (d->listener_of[i] >= 0 && actors_hold(actors, p->endpoint[i].actor))
            return (uint32_t)i;
    for (size_t i = 0; peer == DRIVE_NOBODY && i < p->n_endpoint; i++)
        if (d->listener_of[i] >= 0)
            return (uint32_t)i;
    return peer == DRIVE_NOBODY ? 0 : peer;
}

static bool is_answer(const struct trial *t, const struct case_payload *p)
{
    return p->binding >= 0 && t->d->plan->binding[p->binding].n_reply_to > 0;
}

/* A row can name the subject's actor on one side, on both or on none: then the scenario tells, by
 * its first payload; and an answer goes the other way than what it answers. */
bool side_from_subject(const struct trial *t, const struct case_payload *p,
                       const struct case_leg *leg, const struct exchange *y)
{
    const char *actor = subject_actor(t);
    bool from = actors_hold(leg->from, actor), to = actors_hold(leg->to, actor);
    if (from != to)
        return from;
    if (y != NULL)
        return !y->from_subject;
    bool flipped = is_answer(t, p) != is_answer(t, &t->kase->payload[0]);
    return t->kase->script->subject_from != flipped;
}

uint32_t side_sender(const struct trial *t, const struct case_leg *leg, uint32_t device,
                     bool from_subject)
{
    if (leg->role == PLAN_TO_EUT && leg->endpoint >= 0)
        return (uint32_t)leg->endpoint;
    if (device != DRIVE_NOBODY && !group_of(t->d, device)->eut &&
        (leg->from[0] == '\0'       ? leg->role == PLAN_TO_EUT || from_subject
         : leg->role == PLAN_TO_EUT ? actors_hold(leg->from, group_of(t->d, device)->actor)
                                    : from_subject))
        return group_of(t->d, device)->endpoint;
    return other_end(t, leg->from);
}

uint32_t side_receiver(const struct trial *t, const struct case_leg *leg, uint32_t device,
                       bool from_subject, const struct exchange *y)
{
    if (leg->endpoint >= 0)
        return (uint32_t)leg->endpoint;
    if (y != NULL && y->command >= 0)
        return t->command[y->command].endpoint;
    if (device != DRIVE_NOBODY && !group_of(t->d, device)->eut &&
        (leg->to[0] == '\0'           ? leg->role == PLAN_FROM_EUT || !from_subject
         : leg->role == PLAN_FROM_EUT ? actors_hold(leg->to, group_of(t->d, device)->actor)
                                      : !from_subject))
        return group_of(t->d, device)->endpoint;
    return other_end(t, leg->to);
}
