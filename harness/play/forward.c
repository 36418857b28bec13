/* Equipment that lies between others: what it passes down, up and back, and what it says when there
 * is nobody behind it. */
#include <stdio.h>
#include <string.h>

#include "harness/play/inside.h"

#define COMM_FAILURE_CODE 9u

static const char *const forwarders[] = {
    "AMI Head-End(j)",   "DAPjm",
    "ESI - Utility",     "ESI - In Meter",
    "ESI - 3rd Party",   "FAN gateway - field",
    "FAN gateway - sub", "Distr. SCADA FEP",
};

bool play_is_forwarder(const struct play *p)
{
    for (size_t i = 0; i < sizeof forwarders / sizeof forwarders[0]; i++)
        if (actors_has(&p->subjects.own,
                       known_actor_of(&p->known, forwarders[i], strlen(forwarders[i]))))
            return true;
    return false;
}

const char *play_own_name(const struct play *p)
{
    for (size_t i = 0; i < p->subjects.n; i++)
        if (p->subjects.population[i].peer == NULL)
            return p->subjects.population[i].actor;
    return "";
}

/* The scratch message and its document: what came, from us. */
static enum err_code write_forward(struct order *o, bool wants_answer)
{
    struct play *p = o->play;
    char own[URL_BYTES];
    int64_t size_max = -1;
    for (size_t i = 0; i < o->what->n_leg && size_max < 0; i++)
        size_max = o->what->leg[i].leg->size_max_bytes;
    play_own_url(p, own, sizeof own);
    message_start(&p->message, o->what->binding, NULL);
    p->message.failed = o->env->result.len == 6 && memcmp(o->env->result.data, "FAILED", 6) == 0;
    message_take(&p->message, o->env);
    struct message_context c = {
        .defects = p->config->defects,
        .subject = o->subject,
        .kind = o->env->kind,
        .source = play_own_name(p),
        .message_id = o->message_id,
        .correlation = o->correlation[0] == '\0' ? NULL : o->correlation,
        .reply_address = wants_answer ? own : NULL,
        .async_reply = wants_answer && p->config->reply_by_request,
        .size_max_bytes = size_max,
    };
    return play_write(p, &c);
}

/* To all of these that have an address. */
static void ship_to(struct play *p, const struct actors *to)
{
    for (uint32_t a = 0; a < p->known.n_actor; a++) {
        char url[URL_BYTES];
        if (!actors_has(to, a) || p->subjects.peer[a] == NULL)
            continue;
        play_peer_url(p->subjects.peer[a], url, sizeof url);
        play_ship(p, url, NULL);
    }
}

static const struct trail *find_trail(const struct play *p, const char *correlation)
{
    size_t size;
    return ring_get(p->trails, correlation, strlen(correlation), &size);
}

/* Some payload that answers it, other than errors, can come back. */
static bool is_answered(const struct known_payload *what)
{
    for (size_t i = 0; i < what->n_answer; i++)
        if (what->answer[i]->kind == KNOWN_PLAIN)
            return true;
    return false;
}

/* Whether somebody has to be told when the command does not get through. */
static bool is_told(const struct play *p, const struct known_payload *what)
{
    for (size_t i = 0; i < what->n_answer; i++)
        if (what->answer[i]->kind == KNOWN_COMM_ERROR &&
            actors_meet(&what->answer[i]->from, &p->subjects.own))
            return true;
    return false;
}

struct ask *play_ask(struct play *p, const struct known_payload *what, const struct subject *s,
                     const char *correlation, const char *reply_url)
{
    struct ask *a = ask_new(p);
    struct trail *t = ring_put(p->trails, correlation, strlen(correlation), sizeof *t);
    if (t != NULL) {
        t->what = what;
        t->own = reply_url == NULL;
        (void)snprintf(t->reply_url, sizeof t->reply_url, "%s", t->own ? "" : reply_url);
    }
    if (a == NULL)
        return NULL;
    a->what = what;
    a->subject = *s;
    a->own = reply_url == NULL;
    a->patient = !is_told(p, what);
    (void)snprintf(a->correlation, sizeof a->correlation, "%s", correlation);
    (void)snprintf(a->reply_url, sizeof a->reply_url, "%s", a->own ? "" : reply_url);
    return a;
}

/* A request: its answer is awaited, and goes back to who asked. */
static void forward_request(struct order *o, const char *url)
{
    struct play *p = o->play;
    struct ask *a = NULL;
    if (write_forward(o, true) == ERR_OK)
        a = play_ask(p, o->what, &o->subject, o->correlation, o->reply_url);
    if (a == NULL) {
        play_status(p, o->who, HTTP_BUSY);
        return;
    }
    if ((o->subject.of == NULL && order_is_for_each(o)) ||
        (p->config->reply_by_request && is_answered(o->what)))
        play_status(p, o->who, HTTP_ACCEPTED);
    else
        a->who = o->who;
    play_ship(p, url, a);
}

/* Where a message about a played device goes from its side: the destinations of its legs, those of
 * answers only where there are no others. */
static struct actors destinations_up(const struct order *o)
{
    struct actors to = {{0}};
    int best = 0;
    for (size_t i = 0; i < o->what->n_leg; i++) {
        const struct known_leg *leg = &o->what->leg[i];
        int r = leg->leg->trigger == TRIGGER_COMMAND ? 1 : 2;
        bool fits = leg->leg->device_class[0] == '\0' ||
                    strcmp(leg->leg->device_class, o->subject.of->device_class) == 0;
        if (!fits || r < best || !actors_has(&leg->from, o->subject.of->number))
            continue;
        if (r > best)
            to = (struct actors){{0}};
        best = r;
        actors_join(&to, &leg->to);
    }
    return actors_without(&to, &o->play->subjects.own);
}

/* Whose legs an answer falls under: the device's, or those of the one that speaks for it. */
static uint32_t origin_of(const struct order *o)
{
    uint32_t device = o->subject.of == NULL ? ACTOR_NONE : o->subject.of->number;
    return actors_has(&o->what->from, device)      ? device
           : actors_has(&o->what->from, o->sender) ? o->sender
                                                   : ACTOR_NONE;
}

/* An answer whose command went through us: to who asked, in its HTTP response when it waits there,
 * and to the others of its row. */
static void forward_reply(struct order *o, struct caller who, const struct known_payload *command,
                          const char *reply_url)
{
    struct play *p = o->play;
    char url[URL_BYTES];
    struct destinations to = play_destinations(p, o->what, command, play_actor_at(p, reply_url),
                                               origin_of(o), &o->subject);
    (void)snprintf(url, sizeof url, "%s", reply_url);
    if (play_swallowed(p, who, o->what, command))
        return;
    if (write_forward(o, false) != ERR_OK) {
        play_status(p, who, HTTP_FAULT);
        return;
    }
    p->message.command = command->binding->payload;
    if (who.rq != NULL || who.link != NULL)
        play_ship_answer(p, who, url);
    else if (to.requester && play_is_listed(p, url))
        play_ship(p, url, NULL);
    ship_to(p, &to.copies);
}

void forward_answer(struct ask *a, const struct speaker_outcome *outcome)
{
    struct play *p = a->play;
    struct envelope env;
    struct order o = {.play = p, .env = &env, .me = ACTOR_NONE};
    if (outcome->status == HTTP_OK && outcome->len > 0 &&
        envelope_read(p->reader, outcome->body, outcome->len, &env, NULL) == ERR_OK &&
        order_understand(&o) == 0) {
        if (order_is_ours(&o))
            play_remember(&o);
        forward_reply(&o, a->who, a->what, a->reply_url);
    } else {
        play_status(p, a->who, outcome->len > 0 ? HTTP_BAD_GATEWAY : outcome->status);
    }
}

uint32_t play_own_among(const struct play *p, const struct actors *set)
{
    for (uint32_t a = 0; a < p->known.n_actor; a++)
        if (actors_has(set, a) && actors_has(&p->subjects.own, a))
            return a;
    return ACTOR_NONE;
}

void play_tell_failure(struct play *p, const struct ask *a)
{
    struct order o = {.play = p,
                      .who = a->who,
                      .own = a->own,
                      .what = a->what,
                      .subject = a->subject,
                      .sender = play_actor_at(p, a->reply_url)};
    (void)snprintf(o.correlation, sizeof o.correlation, "%s", a->correlation);
    (void)snprintf(o.reply_url, sizeof o.reply_url, "%s", a->reply_url);
    for (size_t i = 0; i < a->what->n_answer; i++) {
        const struct known_payload *error = a->what->answer[i];
        o.me = error->kind == KNOWN_COMM_ERROR ? play_own_among(p, &error->from) : ACTOR_NONE;
        if (o.me != ACTOR_NONE && !play_swallowed(p, o.who, error, a->what)) {
            order_answer_with(&o, error, true, COMM_FAILURE_CODE);
            break;
        }
    }
    play_status(p, o.who, HTTP_BAD_GATEWAY);
}

static bool forward_up(struct order *o)
{
    struct play *p = o->play;
    struct actors to = destinations_up(o);
    const struct trail *t =
        o->env->kind == ENVELOPE_RESPONSE ? find_trail(p, o->correlation) : NULL;
    if (!actors_any(&to))
        return false;
    if (t != NULL) {
        forward_reply(o, (struct caller){NULL, NULL}, t->what, t->reply_url);
    } else if (play_swallowed(p, o->who, o->what, NULL)) {
        return true;
    } else if (o->env->kind == ENVELOPE_REQUEST) {
        for (uint32_t a = 0; a < p->known.n_actor; a++) {
            char url[URL_BYTES];
            if (!actors_has(&to, a) || p->subjects.peer[a] == NULL)
                continue;
            play_peer_url(p->subjects.peer[a], url, sizeof url);
            forward_request(o, url);
            o->who = (struct caller){NULL, NULL}; /* the first one answers it */
        }
    } else if (write_forward(o, false) == ERR_OK) {
        ship_to(p, &to);
    }
    play_status(p, o->who, HTTP_NOTHING);
    return true;
}

static bool forward_down(struct order *o)
{
    struct play *p = o->play;
    char url[URL_BYTES];
    play_peer_url(o->subject.of->peer, url, sizeof url);
    if (play_swallowed(p, o->who, o->what, NULL))
        return true;
    if (o->env->kind == ENVELOPE_REQUEST) {
        forward_request(o, url);
    } else {
        if (write_forward(o, false) == ERR_OK)
            play_ship(p, url, NULL);
        play_status(p, o->who, HTTP_NOTHING);
    }
    return true;
}

struct actors order_common_to(const struct order *o)
{
    struct actors to = {{0}};
    for (size_t i = 0; i < o->what->n_leg; i++)
        if (actors_has(&o->what->leg[i].from, o->sender))
            actors_join(&to, &o->what->leg[i].to);
    return actors_any(&to) ? to : o->what->to;
}

/* Once to the address of each population that it concerns. */
static bool forward_common(struct order *o)
{
    struct play *p = o->play;
    struct actors to = order_common_to(o);
    bool some = false;
    for (uint32_t a = 0; a < p->known.n_actor && !some; a++)
        some = actors_has(&to, a) && p->subjects.peer[a] != NULL;
    if (!some)
        return false;
    const struct trail *t =
        o->env->kind == ENVELOPE_RESPONSE ? find_trail(p, o->correlation) : NULL;
    if (t != NULL) {
        forward_reply(o, (struct caller){NULL, NULL}, t->what, t->reply_url);
        play_status(p, o->who, HTTP_NOTHING);
        return true;
    }
    if (play_swallowed(p, o->who, o->what, NULL))
        return true;
    if (o->env->kind != ENVELOPE_REQUEST) {
        if (write_forward(o, false) == ERR_OK)
            ship_to(p, &to);
        play_status(p, o->who, HTTP_NOTHING);
        return true;
    }
    for (uint32_t a = 0; a < p->known.n_actor; a++) {
        char url[URL_BYTES];
        if (!actors_has(&to, a) || p->subjects.peer[a] == NULL || a == o->sender)
            continue;
        play_peer_url(p->subjects.peer[a], url, sizeof url);
        forward_request(o, url);
        o->who = (struct caller){NULL, NULL};
    }
    play_status(p, o->who, HTTP_ACCEPTED);
    return true;
}

bool order_forward(struct order *o)
{
    if (o->subject.of == NULL)
        return forward_common(o);
    uint32_t s = o->subject.of->number;
    bool down = actors_has(&o->what->to, s), up = actors_has(&o->what->from, s);
    if (down && up) /* both ways: it says itself who sent it */
        down = o->sender != s;
    if (o->what->n_leg == 0)
        down = o->env->kind == ENVELOPE_REQUEST, up = !down;
    return down ? forward_down(o) : up && forward_up(o);
}

void order_pass_on(struct order *o)
{
    struct play *p = o->play;
    if (o->subject.of == NULL || subject_is_own(&o->subject))
        return;
    uint32_t s = o->subject.of->number;
    struct actors to = {{0}};
    bool between = play_is_forwarder(p);
    for (size_t i = 0; i < o->what->n_leg; i++) {
        const struct known_leg *leg = &o->what->leg[i];
        bool ours = actors_meet(&leg->from, &p->subjects.own) && !actors_has(&leg->to, s) &&
                    leg->leg->trigger == TRIGGER_EVENT && o->env->kind != ENVELOPE_REQUEST;
        if ((between && actors_has(&leg->from, s)) || ours)
            actors_join(&to, &leg->to);
    }
    const struct trail *t =
        o->env->kind == ENVELOPE_RESPONSE ? find_trail(p, o->correlation) : NULL;
    if (t != NULL) { /* those who asked for it hear of it as it is */
        struct actors origins = t->what->from;
        to = actors_without(&to, &origins);
    }
    to = actors_without(&to, &p->subjects.own);
    if (o->sender != s && o->sender != ACTOR_NONE) {
        struct actors back = {{0}};
        actors_add(&back, o->sender);
        to = actors_without(&to, &back);
    }
    bool some = false;
    for (uint32_t a = 0; a < p->known.n_actor; a++)
        some = some || (actors_has(&to, a) && p->subjects.peer[a] != NULL);
    if (some && !play_swallowed(p, (struct caller){NULL, NULL}, o->what, NULL) &&
        write_forward(o, false) == ERR_OK)
        ship_to(p, &to);
}
