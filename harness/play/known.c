#include "harness/play/known.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ELEMENT_SLOTS 4096u /* power of two, many times the number of bindings */

uint32_t known_actor_of(const struct known *k, const char *name, size_t len)
{
    for (uint32_t i = 0; i < k->n_actor; i++)
        if (strlen(k->actor[i]) == len && memcmp(k->actor[i], name, len) == 0)
            return i;
    return ACTOR_NONE;
}

uint32_t known_actor(struct known *k, const char *name, size_t len)
{
    uint32_t i = known_actor_of(k, name, len);
    if (i != ACTOR_NONE || k->n_actor == ACTORS_MAX)
        return i;
    k->actor[k->n_actor] = name;
    return k->n_actor++;
}

static enum err_code join_names(struct known *k, const char *const *name, size_t n,
                                struct actors *out, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t actor = known_actor(k, name[i], strlen(name[i]));
        if (actor == ACTOR_NONE)
            return err_set(e, ERR_LIMIT, "more than %d actors", ACTORS_MAX);
        actors_add(out, actor);
    }
    return ERR_OK;
}

static size_t slot_of(const char *element, size_t len)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)element[i]) * 16777619u;
    return h & (ELEMENT_SLOTS - 1);
}

static enum err_code take_elements(struct known *k, struct err *e)
{
    if (k->n >= ELEMENT_SLOTS / 2)
        return err_set(e, ERR_LIMIT, "%zu bindings, expected less than %u", k->n,
                       ELEMENT_SLOTS / 2);
    k->by_element = calloc(ELEMENT_SLOTS, sizeof *k->by_element);
    if (k->by_element == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu payloads", k->n);
    for (size_t i = 0; i < k->n; i++) {
        const char *element = k->payload[i].binding->element;
        size_t s = slot_of(element, strlen(element));
        while (k->by_element[s] != 0)
            s = (s + 1) & (ELEMENT_SLOTS - 1);
        k->by_element[s] = (uint16_t)(i + 1);
    }
    return ERR_OK;
}

const struct known_payload *known_by_element(const struct known *k, struct slice element)
{
    size_t s = slot_of(element.data, element.len);
    for (; k->by_element[s] != 0; s = (s + 1) & (ELEMENT_SLOTS - 1)) {
        const struct known_payload *p = &k->payload[k->by_element[s] - 1];
        if (strlen(p->binding->element) == element.len &&
            memcmp(p->binding->element, element.data, element.len) == 0)
            return p;
    }
    return NULL;
}

const struct known_payload *known_by_name(const struct known *k, const char *payload, size_t len)
{
    for (size_t i = 0; i < k->n; i++)
        if (strlen(k->payload[i].binding->payload) == len &&
            memcmp(k->payload[i].binding->payload, payload, len) == 0)
            return &k->payload[i];
    return NULL;
}

bool known_answers(const struct known_payload *answer, const struct known_payload *command)
{
    const char *name = command->binding->payload;
    for (size_t i = 0; i < answer->n_leg; i++) {
        const struct table_leg *leg = answer->leg[i].leg;
        if (leg->trigger == TRIGGER_COMMAND && table_leg_answers(leg, name))
            return true;
    }
    for (size_t i = 0; i < answer->binding->n_reply_to; i++)
        if (strcmp(answer->binding->replies_to[i], name) == 0)
            return true;
    return false;
}

static enum known_kind kind_of(const char *type)
{
    return strcasestr(type, "comm-err") != NULL || strcasestr(type, "comm_err") != NULL
               ? KNOWN_COMM_ERROR
           : strcasestr(type, "err") != NULL ? KNOWN_COMMAND_ERROR
                                             : KNOWN_PLAIN;
}

static enum err_code take_legs(struct known *k, const struct table *t, struct err *e)
{
    enum err_code rc = ERR_OK;
    size_t n = 0;
    for (size_t r = 0; r < t->n_row; r++)
        n += t->row[r].n_leg;
    k->leg = calloc(n + 1, sizeof *k->leg);
    if (k->leg == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu legs", n);
    struct known_leg *next = k->leg;
    for (size_t i = 0; i < k->n; i++) {
        struct known_payload *p = &k->payload[i];
        p->leg = next;
        for (size_t r = 0; r < t->n_row; r++) {
            const struct table_row *row = &t->row[r];
            if (strcmp(row->payload, p->binding->payload) != 0)
                continue;
            p->kind = kind_of(row->type);
            for (size_t l = 0; rc == ERR_OK && l < row->n_leg; l++, next++, p->n_leg++) {
                next->row = row;
                next->leg = &row->leg[l];
                rc = join_names(k, row->leg[l].from, row->leg[l].n_from, &next->from, e);
                if (rc == ERR_OK)
                    rc = join_names(k, row->leg[l].to, row->leg[l].n_to, &next->to, e);
                actors_join(&p->from, &next->from);
                actors_join(&p->to, &next->to);
            }
        }
    }
    return rc;
}

static bool is_ack(const struct known_payload *p)
{
    return p->n_leg > 0 && strcasecmp(p->leg[0].row->type, "ack") == 0;
}

/* Acknowledgements first: what the one who asked waits for. */
static void take_answers_of(struct known *k, struct known_payload *command,
                            const struct known_payload **room)
{
    command->answer = room;
    for (int ack = 1; ack >= 0; ack--)
        for (size_t i = 0; i < k->n; i++)
            if (is_ack(&k->payload[i]) == (ack == 1) && known_answers(&k->payload[i], command))
                room[command->n_answer++] = &k->payload[i];
}

static enum err_code take_answers(struct known *k, struct err *e)
{
    size_t n = 0;
    for (size_t c = 0; c < k->n; c++)
        for (size_t i = 0; i < k->n; i++)
            n += known_answers(&k->payload[i], &k->payload[c]);
    k->answer = calloc(n + 1, sizeof *k->answer);
    if (k->answer == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu answers", n);
    const struct known_payload **room = k->answer;
    for (size_t c = 0; c < k->n; c++) {
        take_answers_of(k, &k->payload[c], room);
        room += k->payload[c].n_answer;
    }
    return ERR_OK;
}

enum err_code known_init(struct known *k, const struct table *t, const struct binding *b, size_t n,
                         struct err *e)
{
    enum err_code rc = ERR_OK;
    *k = (struct known){.n = n};
    k->payload = calloc(n + 1, sizeof *k->payload);
    if (k->payload == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu payloads", n);
    for (size_t i = 0; i < n; i++)
        k->payload[i].binding = &b[i];
    rc = take_elements(k, e);
    if (rc == ERR_OK)
        rc = take_legs(k, t, e);
    if (rc == ERR_OK)
        rc = take_answers(k, e);
    return rc;
}

void known_release(struct known *k)
{
    free(k->payload);
    free(k->by_element);
    free(k->leg);
    free(k->answer);
    *k = (struct known){.n = 0};
}
