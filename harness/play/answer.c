/* What an order leads to: answers to the one who asked, and copies to those whom the table names.
 */
#include <stdio.h>
#include <string.h>

#include "harness/play/inside.h"

#define FAILURE_CODE 7u

static bool fits_class(const struct table_leg *leg, const struct subject *s)
{
    return leg->device_class[0] == '\0' || s->of == NULL ||
           strcmp(leg->device_class, s->of->device_class) == 0;
}

/* How well a leg tells where an answer to that command goes: 0 not at all. */
static int rank(const struct table_leg *leg, const char *command)
{
    if (leg->trigger != TRIGGER_COMMAND)
        return 1;
    return table_leg_answers(leg, command) ? 3 : 2;
}

/* The mode in which that actor gives the command to that device, "" for several or none. */
static const char *mode_of(const struct known_payload *command, uint32_t sender,
                           const struct subject *s)
{
    const char *mode = NULL;
    for (size_t i = 0; i < command->n_leg; i++) {
        const struct known_leg *leg = &command->leg[i];
        if (!actors_has(&leg->from, sender) ||
            (s->of != NULL && !actors_has(&leg->to, s->of->number)))
            continue;
        if (mode != NULL && strcmp(mode, leg->leg->mode) != 0)
            return "";
        mode = leg->leg->mode;
    }
    return mode == NULL ? "" : mode;
}

static bool fits_mode(const struct table_leg *leg, const char *mode)
{
    return mode[0] == '\0' || leg->mode[0] == '\0' || strcmp(leg->mode, mode) == 0;
}

struct destinations play_destinations(const struct play *p, const struct known_payload *answer,
                                      const struct known_payload *command, uint32_t sender,
                                      uint32_t from, const struct subject *s)
{
    const char *mode = mode_of(command, sender, s);
    struct actors to = {{0}}, origins = {{0}};
    int best = 0;
    for (size_t i = 0; i < answer->n_leg; i++) {
        const struct known_leg *leg = &answer->leg[i];
        int r = rank(leg->leg, command->binding->payload);
        if ((from != ACTOR_NONE && !actors_has(&leg->from, from)) || !fits_class(leg->leg, s) ||
            r < best || !fits_mode(leg->leg, mode))
            continue;
        if (r > best)
            to = (struct actors){{0}};
        best = r;
        actors_join(&to, &leg->to);
    }
    for (size_t i = 0; i < command->n_leg; i++)
        actors_join(&origins, &command->leg[i].from);
    if (answer->kind != KNOWN_COMM_ERROR && s->of != NULL && s->of->peer != NULL &&
        actors_has(&to, s->of->number)) {
        /* the device itself is meant, not the others that could stand in its place */
        to = (struct actors){{0}};
        actors_add(&to, s->of->number);
    }
    struct actors rest = actors_without(&to, &origins);
    return (struct destinations){
        .requester = actors_meet(&to, &origins) || !actors_any(&to),
        .copies = actors_without(&rest, &p->subjects.own),
        .all = actors_without(&to, &p->subjects.own),
    };
}

/* The error among the order's answers that its device is armed with, or NULL. */
static const struct known_payload *armed(const struct order *o, unsigned *code)
{
    const struct known *k = &o->play->known;
    for (size_t i = 0; o->subject.state != NULL && i < o->what->n_answer; i++) {
        const struct known_payload *a = o->what->answer[i];
        *code = subject_armed(&o->subject, (uint16_t)(a - k->payload + 1));
        if (*code != 0)
            return a;
    }
    return NULL;
}

/* The leg that says how large an answer may be. */
static const struct table_leg *leg_of(const struct order *o, const struct known_payload *answer)
{
    const struct table_leg *found = NULL;
    int best = 0;
    for (size_t i = 0; i < answer->n_leg; i++) {
        const struct known_leg *leg = &answer->leg[i];
        int r = rank(leg->leg, o->what->binding->payload);
        if (actors_has(&leg->from, o->me) && fits_class(leg->leg, &o->subject) && r > best) {
            best = r;
            found = leg->leg;
        }
    }
    return found;
}

/* The answer as a document in p->body. */
static enum err_code write_answer(struct order *o, const struct known_payload *answer, bool failed,
                                  unsigned code)
{
    struct play *p = o->play;
    char id[MESSAGE_ID_BYTES + 1], value[8] = "";
    const struct table_leg *leg = leg_of(o, answer);
    if (failed)
        (void)snprintf(value, sizeof value, "%u", code);
    struct filling f = {.command = o->what->binding,
                        .env = o->env,
                        .subject = o->subject,
                        .value = value,
                        .leg = leg,
                        .failed = failed};
    play_new_id(p, id);
    message_start(&p->message, answer->binding, o->what->binding->payload);
    p->message.failed = failed;
    metering_fill(p, &f);
    play_fill(p, &f);
    struct message_context c = {
        .defects = p->config->defects,
        .subject = o->subject,
        .kind = ENVELOPE_RESPONSE,
        .source = p->known.actor[o->me],
        .message_id = id,
        .correlation = o->correlation,
        .size_max_bytes = leg == NULL ? -1 : leg->size_max_bytes,
    };
    return play_write(p, &c);
}

/* To the one who asked: in the HTTP response when it still waits there, else to its address. */
static void to_requester(struct order *o)
{
    struct play *p = o->play;
    if (p->config->reply_by_request && (o->who.rq != NULL || o->who.link != NULL)) {
        play_status(p, o->who, HTTP_ACCEPTED);
        o->who = (struct caller){NULL, NULL};
    }
    if (o->who.rq != NULL || o->who.link != NULL) {
        play_ship_answer(p, o->who, o->reply_url);
        o->who = (struct caller){NULL, NULL};
    } else if (play_is_listed(p, o->reply_url)) {
        play_ship(p, o->reply_url, NULL);
    }
}

void order_answer_with(struct order *o, const struct known_payload *answer, bool failed,
                       unsigned code)
{
    struct play *p = o->play;
    struct destinations to = play_destinations(p, answer, o->what, o->sender,
                                               o->for_all ? ACTOR_NONE : o->me, &o->subject);
    if (write_answer(o, answer, failed, code) != ERR_OK) {
        play_status(p, o->who, HTTP_FAULT);
        o->who = (struct caller){NULL, NULL};
        return;
    }
    if (to.requester && !o->own)
        to_requester(o);
    const struct actors *others = o->own ? &to.all : &to.copies;
    for (uint32_t a = 0; a < p->known.n_actor; a++) {
        char url[URL_BYTES];
        if (!actors_has(others, a) || p->subjects.peer[a] == NULL)
            continue;
        play_peer_url(p->subjects.peer[a], url, sizeof url);
        play_ship(p, url, NULL);
    }
}

static bool can_answer(const struct order *o, const struct known_payload *answer)
{
    return answer->kind == KNOWN_PLAIN && (actors_has(&answer->from, o->me) || answer->n_leg == 0);
}

/* The first thing that the order leads to: what is lost when the order is lost. */
static const struct known_payload *first_answer(const struct order *o)
{
    for (size_t i = 0; i < o->what->n_answer; i++)
        if (can_answer(o, o->what->answer[i]))
            return o->what->answer[i];
    return o->what;
}

/* The error that a device of ours answers with instead of doing it, or NULL. */
static const struct known_payload *refusal(const struct order *o, unsigned *code)
{
    const struct known_payload *error = armed(o, code);
    if (error != NULL || !subject_is_own(&o->subject))
        return error;
    *code = metering_refuses(o);
    for (size_t i = 0; *code != 0 && i < o->what->n_answer; i++)
        if (o->what->answer[i]->kind == KNOWN_COMMAND_ERROR &&
            actors_has(&o->what->answer[i]->from, o->me))
            return o->what->answer[i];
    return NULL;
}

void order_confirm(struct order *o, bool failed, unsigned code)
{
    for (size_t i = 0; i < o->what->n_answer; i++) {
        const struct known_payload *a = o->what->answer[i];
        if (can_answer(o, a) && !play_swallowed(o->play, o->who, a, o->what))
            order_answer_with(o, a, failed, code);
    }
}

/* All plain answers of one actor; the first was let through already. */
static void answer_all(struct order *o, const struct known_payload *first)
{
    struct play *p = o->play;
    for (size_t i = 0; i < o->what->n_answer; i++) {
        const struct known_payload *a = o->what->answer[i];
        struct caller nobody = {NULL, NULL};
        if (can_answer(o, a) && (a == first || !play_swallowed(p, nobody, a, o->what)))
            order_answer_with(o, a, false, 0);
    }
}

/* The other actor of ours that tells of it: the one whose row has it tell who asked. */
static uint32_t teller(const struct order *o, const struct known_payload *error)
{
    const struct play *p = o->play;
    for (uint32_t a = 0; a < p->known.n_actor; a++) {
        bool can = actors_has(&error->from, a) && actors_has(&p->subjects.own, a);
        for (size_t i = 0; can && i < error->n_leg; i++)
            if (actors_has(&error->leg[i].from, a) && actors_has(&error->leg[i].to, o->sender))
                return a;
    }
    return play_own_among(p, &error->from);
}

bool order_answer(struct order *o)
{
    struct play *p = o->play;
    unsigned code = 0;
    const struct known_payload *error = refusal(o, &code);
    const struct known_payload *first = error != NULL ? error : first_answer(o);
    if (play_swallowed(p, o->who, first, o->what))
        return false;
    play_remember(o);
    if (error != NULL) {
        if (!actors_has(&error->from, o->me) && error->n_leg > 0)
            o->me = teller(o, error), o->for_all = true;
        subject_disarm(&o->subject, (uint16_t)(error - p->known.payload + 1));
        order_answer_with(o, error, true, code == 0 ? FAILURE_CODE : code);
    } else {
        metering_does(o);
        answer_all(o, first);
        metering_tells(o);
    }
    play_status(p, o->who, first == o->what ? HTTP_NOTHING : HTTP_ACCEPTED);
    o->who = (struct caller){NULL, NULL};
    return true;
}

void order_answer_each(struct order *o)
{
    struct play *p = o->play;
    if (!defect_touches(p->config->defects, DEFECT_SILENT, o->what->binding->payload, NULL))
        play_remember(o);
    play_status(p, o->who, HTTP_ACCEPTED);
    o->who = (struct caller){NULL, NULL};
    for (size_t i = 0; i < p->subjects.n; i++) {
        const struct population *of = &p->subjects.population[i];
        if (of->peer != NULL || !actors_has(&o->what->to, of->number))
            continue;
        for (uint32_t k = 0; k < of->count; k++) {
            o->subject = subject_at(of, k);
            o->me = of->number;
            const struct known_payload *first = first_answer(o);
            if (first != o->what && !play_swallowed(p, o->who, first, o->what))
                answer_all(o, first);
        }
    }
}
