#include "harness/play/subject.h"

#include <stdlib.h>
#include <string.h>

static int by_first_id(const void *a, const void *b)
{
    const struct population *x = a, *y = b;
    return (x->first_id > y->first_id) - (x->first_id < y->first_id);
}

static enum err_code add(struct subjects *s, struct known *k, struct population p, struct err *e)
{
    p.number = known_actor(k, p.actor, strlen(p.actor));
    if (p.number == ACTOR_NONE)
        return err_set(e, ERR_LIMIT, "more than %d actors", ACTORS_MAX);
    p.state = calloc(p.count, sizeof *p.state);
    if (p.state == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %u devices of \"%s\"", p.count, p.actor);
    if (p.peer == NULL)
        actors_add(&s->own, p.number);
    s->population[s->n++] = p;
    return ERR_OK;
}

static enum err_code add_groups(struct subjects *s, const struct statement *statement,
                                const char *actor, struct known *k, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < statement->n_group; i++) {
        const struct statement_group *g = &statement->group[i];
        if (actor == NULL || strcmp(actor, g->actor) == 0)
            rc = add(s, k,
                     (struct population){.actor = g->actor,
                                         .device_class = g->device_class,
                                         .first_id = g->first_id,
                                         .count = g->count},
                     e);
    }
    if (rc == ERR_OK && s->n == 0)
        return err_set(e, ERR_USAGE, "%s declares no devices of actor \"%s\"", statement->path,
                       actor == NULL ? "any" : actor);
    return rc;
}

static enum err_code add_peers(struct subjects *s, const struct statement *statement,
                               struct known *k, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < statement->n_peer; i++) {
        const struct statement_endpoint *peer = &statement->peer[i];
        uint32_t actor = known_actor(k, peer->actor, strlen(peer->actor));
        if (actor == ACTOR_NONE)
            return err_set(e, ERR_LIMIT, "more than %d actors", ACTORS_MAX);
        if (s->peer[actor] == NULL)
            s->peer[actor] = peer;
        if (peer->count > 0)
            rc = add(s, k,
                     (struct population){.actor = peer->actor,
                                         .device_class =
                                             peer->device_class == NULL ? "" : peer->device_class,
                                         .first_id = peer->first_id,
                                         .count = peer->count,
                                         .peer = peer},
                     e);
    }
    return rc;
}

enum err_code subjects_init(struct subjects *s, const struct statement *statement,
                            const char *actor, struct known *k, struct err *e)
{
    *s = (struct subjects){.n = 0};
    s->population = calloc(statement->n_group + statement->n_peer + 1, sizeof *s->population);
    if (s->population == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu device groups", statement->n_group);
    enum err_code rc = add_groups(s, statement, actor, k, e);
    if (rc == ERR_OK)
        rc = add_peers(s, statement, k, e);
    if (s->n > 0)
        qsort(s->population, s->n, sizeof *s->population, by_first_id);
    return rc;
}

void subjects_release(struct subjects *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->population[i].state);
    free(s->population);
    *s = (struct subjects){.n = 0};
}

struct subject subject_at(const struct population *p, uint32_t index)
{
    return (struct subject){p->first_id + index, p, &p->state[index]};
}

bool subjects_find(const struct subjects *s, uint64_t id, struct subject *out)
{
    size_t low = 0, high = s->n;
    while (low < high) { /* the first population that begins above id */
        size_t middle = low + (high - low) / 2;
        if (s->population[middle].first_id <= id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || id - s->population[low - 1].first_id >= s->population[low - 1].count)
        return false;
    const struct population *p = &s->population[low - 1];
    *out = subject_at(p, (uint32_t)(id - p->first_id));
    return true;
}

uint64_t subject_other_id(const struct subject *s)
{
    if (s->of == NULL || s->of->count == 1)
        return s->id ^ 1;
    return s->of->first_id + (s->id - s->of->first_id + 1) % s->of->count;
}

void subject_arm(const struct subject *s, uint16_t payload, uint8_t code)
{
    struct armed *a = s->state->armed;
    size_t i = 0;
    while (i < ARMED_MAX && a[i].payload != 0 && a[i].payload != payload)
        i++;
    if (i == ARMED_MAX) { /* the oldest makes room */
        memmove(a, a + 1, (ARMED_MAX - 1) * sizeof *a);
        i = ARMED_MAX - 1;
    }
    a[i] = (struct armed){payload, code};
}

unsigned subject_armed(const struct subject *s, uint16_t payload)
{
    for (size_t i = 0; s->state != NULL && i < ARMED_MAX; i++)
        if (s->state->armed[i].payload == payload)
            return s->state->armed[i].code;
    return 0;
}

void subject_disarm(const struct subject *s, uint16_t payload)
{
    struct armed *a = s->state->armed;
    for (size_t i = 0; i < ARMED_MAX; i++)
        if (a[i].payload == payload) {
            memmove(a + i, a + i + 1, (ARMED_MAX - 1 - i) * sizeof *a);
            a[ARMED_MAX - 1] = (struct armed){0, 0};
        }
}
