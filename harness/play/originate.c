/* What the equipment sends because it was provoked, or because it is due. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/play/inside.h"

void play_new_id(struct play *p, char *out)
{
    (void)snprintf(out, MESSAGE_ID_BYTES, "play-%" PRIx64 "-%" PRIu64, p->boot, ++p->serial);
}

/* Who sends it about that device, and to whom. */
struct dispatch {
    uint32_t from;
    struct actors to;
    bool to_subject; /* the device itself, not the others that could stand in its place */
    const struct table_leg *leg;
    const struct known_leg *way; /* the same, with its row */
};

static bool fits_class(const struct table_leg *leg, const struct subject *s)
{
    return leg->device_class[0] == '\0' || s->of == NULL ||
           strcmp(leg->device_class, s->of->device_class) == 0;
}

/* The sender among our actors by one leg: the device itself, or one of ours that sends to it or
 * about it. ACTOR_NONE: the leg is not ours. */
static uint32_t sender_of(const struct play *p, const struct known_leg *leg,
                          const struct subject *s)
{
    uint32_t device = s->of->number, us = play_own_among(p, &leg->from);
    bool own = subject_is_own(s);
    if (actors_has(&leg->from, device))
        return own ? device : ACTOR_NONE;
    if (us == ACTOR_NONE || (own && actors_has(&leg->to, device)))
        return ACTOR_NONE;
    /* a meter of one medium says nothing about one of another */
    return meter_medium(p->known.actor[us]) != MEDIUM_NONE &&
                   meter_medium(s->of->actor) != MEDIUM_NONE
               ? ACTOR_NONE
               : us;
}

/* Legs that tell when their origin sends come before those of answers, the device's own way before
 * what others of ours say about it, and all of those together make its destinations. */
static bool find_dispatch(const struct play *p, const struct known_payload *what,
                          const struct subject *s, struct dispatch *d)
{
    int best = 0;
    *d = (struct dispatch){.from = ACTOR_NONE};
    for (size_t i = 0; i < what->n_leg; i++) {
        const struct known_leg *leg = &what->leg[i];
        uint32_t from = sender_of(p, leg, s);
        bool to_subject = actors_has(&leg->to, s->of->number);
        int r = (leg->leg->trigger != TRIGGER_COMMAND ? 2 : 0) + (to_subject ? 2 : 1);
        if (from == ACTOR_NONE || !fits_class(leg->leg, s) || r < best)
            continue;
        if (r > best || (from == s->of->number && d->from != from)) {
            struct actors to = {{0}};
            if (r == best)
                to = d->to;
            *d = (struct dispatch){
                .from = from, .to = to, .to_subject = to_subject, .leg = leg->leg, .way = leg};
        }
        best = r;
        actors_join(&d->to, &leg->to);
    }
    d->to = actors_without(&d->to, &p->subjects.own);
    return d->from != ACTOR_NONE;
}

const struct known_leg *play_own_leg(const struct play *p, const struct known_payload *what,
                                     const struct subject *s)
{
    struct dispatch d;
    /* what it asks others, or passes on for them, is about them */
    if (what->binding->kind == ENVELOPE_REQUEST || actors_has(&what->to, s->of->number) ||
        !find_dispatch(p, what, s, &d) || d.from != s->of->number ||
        d.leg->trigger != TRIGGER_SCHEDULE ||
        (strcmp(d.leg->mode, "push") == 0 && !p->config->statement->push))
        return NULL;
    return d.way;
}

/* How a payload travels that nobody asked for: requests as they are, answers that are pushed as
 * events. */
static enum envelope_kind kind_of(const struct known_payload *what, const struct dispatch *d)
{
    enum envelope_kind kind = what->binding->kind;
    bool pushed = d->leg != NULL && d->leg->trigger != TRIGGER_COMMAND;
    return kind == ENVELOPE_RESPONSE && pushed ? ENVELOPE_EVENT : kind;
}

static enum err_code write_own(struct play *p, const struct known_payload *what,
                               const struct dispatch *d, const struct subject *s, const char *value,
                               char *id)
{
    enum envelope_kind kind = kind_of(what, d);
    char own[URL_BYTES];
    struct filling f = {.subject = *s, .value = value, .leg = d->leg};
    play_new_id(p, id);
    play_own_url(p, own, sizeof own);
    message_start(&p->message, what->binding, NULL);
    p->message.failed = what->kind != KNOWN_PLAIN;
    metering_fill(p, &f);
    play_fill(p, &f);
    struct message_context c = {
        .defects = p->config->defects,
        .subject = *s,
        .kind = kind,
        .source = p->known.actor[d->from],
        .message_id = id,
        .correlation = kind == ENVELOPE_EVENT ? NULL : id,
        .reply_address = kind == ENVELOPE_REQUEST ? own : NULL,
        .async_reply = kind == ENVELOPE_REQUEST && p->config->reply_by_request,
        .size_max_bytes = d->leg == NULL ? -1 : d->leg->size_max_bytes,
    };
    return play_write(p, &c);
}

/* Each destination of a request is asked by an id of its own. */
static void send_to(struct play *p, const struct known_payload *what, const struct dispatch *d,
                    const struct subject *s, const char *value, const char *url)
{
    char id[MESSAGE_ID_BYTES + 1];
    struct ask *a = NULL;
    if (binding_image(what->binding) >= 0) {
        (void)image_send(p, what, d->from, d->leg, s, value, url);
        return;
    }
    if (write_own(p, what, d, s, value, id) != ERR_OK)
        return;
    if (kind_of(what, d) == ENVELOPE_REQUEST)
        a = play_ask(p, what, s, id, NULL);
    play_ship(p, url, a);
}

void play_send_now(struct play *p, const struct known_payload *what, const struct subject *s,
                   const char *value)
{
    struct dispatch d;
    char url[URL_BYTES], id[MESSAGE_ID_BYTES + 1];
    if (!find_dispatch(p, what, s, &d) ||
        play_swallowed(p, (struct caller){NULL, NULL}, what, NULL))
        return;
    metering_happens(s, what->binding->payload, value);
    if (s->state != NULL)
        s->state->reads++;
    if (d.to_subject && s->of->peer != NULL) {
        play_peer_url(s->of->peer, url, sizeof url);
        send_to(p, what, &d, s, value, url);
        return;
    }
    bool request = kind_of(what, &d) == ENVELOPE_REQUEST;
    if (!request && write_own(p, what, &d, s, value, id) != ERR_OK)
        return;
    for (uint32_t a = 0; a < p->known.n_actor; a++) {
        if (!actors_has(&d.to, a) || p->subjects.peer[a] == NULL)
            continue;
        play_peer_url(p->subjects.peer[a], url, sizeof url);
        if (request)
            send_to(p, what, &d, s, value, url);
        else
            play_ship(p, url, NULL);
    }
}

int play_originate(struct play *p, const struct known_payload *what, const struct subject *s,
                   const char *value)
{
    struct dispatch d;
    int status = HTTP_NOTHING;
    if (!find_dispatch(p, what, s, &d))
        return HTTP_UNPROCESSABLE;
    if (d.leg == NULL || !timebase_defers(p, what, d.leg, s, value, &status))
        play_send_now(p, what, s, value);
    return status;
}
