/* A message at the equipment's address: what it is, whom it is about, and who has to deal with it.
 */
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/play/inside.h"
#include "harness/probe/content.h"

struct slice play_attribute(const struct binding *b, const struct envelope *env, const char *name)
{
    size_t f = 0;
    while (f < b->n_field && strcmp(b->field[f].name, name) != 0)
        f++;
    for (size_t i = 0; f < b->n_field && i < env->n_field; i++) {
        const struct envelope_field *have = &env->field[i];
        if (have->path.len == strlen(b->field[f].path) &&
            memcmp(have->path.data, b->field[f].path, have->path.len) == 0)
            return have->value;
    }
    return (struct slice){"", 0};
}

/* Every required attribute is there and is a value of its type. */
static bool is_complete(const struct binding *b, const struct envelope *env)
{
    uint8_t state[BINDING_MAX_FIELDS];
    struct slice value[BINDING_MAX_FIELDS];
    (void)content_read(b, env, state, value);
    for (size_t i = 0; i < b->n_field; i++)
        if (b->field[i].required && state[i] != FIELD_FINE)
            return false;
    return true;
}

static bool is_path(const char *target, const char *path)
{
    size_t n = strlen(path);
    return strncmp(target, path, n) == 0 && (target[n] == '\0' || target[n] == '?');
}

static bool copy(struct slice text, char *out, size_t size)
{
    if (text.len >= size)
        return false;
    (void)snprintf(out, size, "%.*s", (int)text.len, text.data);
    return true;
}

int order_understand(struct order *o)
{
    struct play *p = o->play;
    const struct envelope *env = o->env;
    uint64_t id;
    if (!copy(env->correlation_id, o->correlation, sizeof o->correlation) ||
        !copy(env->message_id, o->message_id, sizeof o->message_id) ||
        !copy(env->reply_address, o->reply_url, sizeof o->reply_url) ||
        (env->kind == ENVELOPE_REQUEST && o->correlation[0] == '\0'))
        return HTTP_BAD_REQUEST;
    o->what = known_by_element(&p->known, env->element);
    if (o->what == NULL || !is_complete(o->what->binding, env))
        return HTTP_UNPROCESSABLE;
    o->sender = play_actor_at(p, o->reply_url);
    if (o->sender == ACTOR_NONE)
        o->sender = known_actor_of(&p->known, env->source.data, env->source.len);
    if (o->what->binding->identity < 0)
        return 0;
    struct slice text = play_attribute(o->what->binding, env,
                                       o->what->binding->field[o->what->binding->identity].name);
    return num_hex64(text.data, text.len, &id) && subjects_find(&p->subjects, id, &o->subject)
               ? 0
               : HTTP_NOT_FOUND;
}

/* The actor of ours that a message about another's device is for, ACTOR_NONE: for none. */
static uint32_t actor_of_ours(const struct order *o)
{
    uint32_t s = o->subject.of->number;
    for (size_t i = 0; i < o->what->n_leg; i++) {
        const struct known_leg *leg = &o->what->leg[i];
        struct actors us = actors_both(&leg->to, &o->play->subjects.own);
        if (!actors_any(&us) || (actors_has(&leg->to, s) && !actors_has(&leg->from, s)))
            continue;
        for (uint32_t a = 0; a < o->play->known.n_actor; a++)
            if (actors_has(&us, a))
                return a;
    }
    return ACTOR_NONE;
}

bool order_is_ours(const struct order *o)
{
    return o->subject.of == NULL ? actors_meet(&o->what->to, &o->play->subjects.own)
                                 : actor_of_ours(o) != ACTOR_NONE;
}

/* About a device of others: for us, through us, or neither. */
static void take_foreign(struct order *o)
{
    struct play *p = o->play;
    o->me = actor_of_ours(o);
    if (o->me == ACTOR_NONE) {
        if (!play_is_forwarder(p) || !order_forward(o))
            play_status(p, o->who, HTTP_UNPROCESSABLE);
        return;
    }
    if (order_answer(o))
        order_pass_on(o);
}

bool order_is_for_each(const struct order *o)
{
    for (size_t i = 0; i < o->what->n_answer; i++)
        if (o->what->answer[i]->binding->identity >= 0)
            return true;
    return false;
}

/* A payload that names no device: for all of ours that it concerns, and for those behind us. */
static void take_common(struct order *o)
{
    struct play *p = o->play;
    struct actors to = order_common_to(o), us = actors_both(&to, &p->subjects.own);
    if (!actors_any(&us)) {
        if (!play_is_forwarder(p) || !order_forward(o))
            play_status(p, o->who, HTTP_UNPROCESSABLE);
        return;
    }
    for (o->me = 0; !actors_has(&us, o->me);)
        o->me++;
    if (order_is_for_each(o))
        order_answer_each(o);
    else
        (void)order_answer(o);
}

/* A message to meters of another medium than the one that it names. */
static bool is_other_medium(const struct order *o)
{
    return o->me != o->subject.of->number && meter_medium(o->subject.of->actor) != MEDIUM_NONE &&
           meter_medium(o->play->known.actor[o->me]) != MEDIUM_NONE;
}

static void take(struct order *o)
{
    struct play *p = o->play;
    if (binding_image(o->what->binding) >= 0 && image_takes(o))
        return;
    if (o->subject.of == NULL) {
        take_common(o);
    } else if (!subject_is_own(&o->subject)) {
        take_foreign(o);
    } else {
        bool to_it = actors_has(&o->what->to, o->subject.of->number);
        o->me = to_it ? o->subject.of->number : actor_of_ours(o);
        if (o->me == ACTOR_NONE || is_other_medium(o))
            play_status(p, o->who, HTTP_UNPROCESSABLE);
        else
            (void)order_answer(o);
    }
}

void play_receive(struct play *p, struct caller who, const char *path, const char *body, size_t len)
{
    struct envelope env;
    struct order o = {.play = p, .who = who, .env = &env, .me = ACTOR_NONE};
    int status = HTTP_NOT_FOUND;
    int64_t taken_ns = clock_real_ns();
    if (is_path(path, p->config->statement->eut.path)) {
        status = HTTP_BAD_REQUEST;
        if (envelope_read(p->reader, body, len, &env, NULL) == ERR_OK) {
            if (play_is_read_back(&env)) {
                play_read_back(p, who, &env);
                return;
            }
            status = order_understand(&o);
        }
    }
    if (status == 0 && p->config->reply_by_request && env.kind == ENVELOPE_REQUEST &&
        o.what->n_answer > 0 && !play_is_listed(p, o.reply_url))
        status = HTTP_UNPROCESSABLE;
    if (status != 0) {
        play_status(p, who, status);
        return;
    }
    truth_taken(&p->truth, o.correlation, taken_ns);
    take(&o);
    truth_taken(&p->truth, "", 0);
}

void play_receive_answer(struct play *p, const void *body, size_t len)
{
    struct envelope env;
    struct order o = {.play = p, .env = &env, .me = ACTOR_NONE};
    if (envelope_read(p->reader, body, len, &env, NULL) != ERR_OK ||
        env.kind != ENVELOPE_RESPONSE || order_understand(&o) != 0)
        return;
    play_remember(&o);
    order_pass_on(&o);
}
