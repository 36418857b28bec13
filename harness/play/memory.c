/* What the equipment has consumed: given back when it is asked for it by its MessageID. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/num.h"
#include "harness/play/inside.h"

#define READ_BACK "read-back"

/* One consumed payload; behind it path and value of each field, each with its closing 0. */
struct consumed {
    const struct known_payload *what;
    struct subject subject;
    uint32_t n_field;
};

/* Attributes by which a later message can refer to this one: "event ID". */
static void remember_mentions(struct play *p, uint64_t id, const struct known_payload *what,
                              const struct envelope *env)
{
    const struct binding *b = what->binding;
    for (size_t i = 0; i < b->n_field; i++) {
        if (strcmp(b->field[i].name, "event ID") != 0)
            continue;
        struct slice v = play_attribute(b, env, b->field[i].name);
        char *room = ring_put(p->mentions, &id, sizeof id, (size_t)v.len + 1);
        if (room != NULL)
            memcpy(room, v.data, v.len);
    }
}

void play_remember(struct order *o)
{
    struct play *p = o->play;
    size_t size = sizeof(struct consumed);
    for (size_t i = 0; i < o->env->n_field; i++)
        size += (size_t)o->env->field[i].path.len + o->env->field[i].value.len + 2;
    if (o->subject.of != NULL)
        remember_mentions(p, o->subject.id, o->what, o->env);
    for (size_t i = 0; o->subject.of == NULL && i < p->subjects.n; i++)
        if (p->subjects.population[i].peer == NULL) /* by population: its first id */
            remember_mentions(p, p->subjects.population[i].first_id, o->what, o->env);
    if (o->message_id[0] == '\0')
        return;
    struct consumed *c = ring_put(p->memory, o->message_id, strlen(o->message_id), size);
    if (c == NULL)
        return;
    *c = (struct consumed){o->what, o->subject, (uint32_t)o->env->n_field};
    char *at = (char *)(c + 1);
    for (size_t i = 0; i < o->env->n_field; i++) {
        const struct envelope_field *f = &o->env->field[i];
        memcpy(at, f->path.data, f->path.len);
        at += f->path.len + 1;
        memcpy(at, f->value.data, f->value.len);
        at += f->value.len + 1;
    }
}

const char *play_mentioned(const struct play *p, uint64_t id, const char *attribute)
{
    size_t size;
    struct subject s;
    if (strcmp(attribute, "event ID") != 0)
        return NULL;
    const char *own = ring_get(p->mentions, &id, sizeof id, &size);
    if (own != NULL || !subjects_find(&p->subjects, id, &s))
        return own;
    return ring_get(p->mentions, &s.of->first_id, sizeof s.of->first_id, &size);
}

bool play_is_read_back(const struct envelope *env)
{
    return env->kind == ENVELOPE_REQUEST && env->element.len == sizeof READ_BACK - 1 &&
           memcmp(env->element.data, READ_BACK, sizeof READ_BACK - 1) == 0;
}

static struct slice leaf(const struct envelope *env, const char *path)
{
    for (size_t i = 0; i < env->n_field; i++)
        if (env->field[i].path.len == strlen(path) &&
            memcmp(env->field[i].path.data, path, env->field[i].path.len) == 0)
            return env->field[i].value;
    return (struct slice){"", 0};
}

/* What was consumed under that id, by that device where it names one. */
static const struct consumed *find(const struct play *p, const struct envelope *env)
{
    struct slice id = leaf(env, "MessageID"), device = leaf(env, "DeviceID");
    size_t size;
    uint64_t number;
    const struct consumed *c = ring_get(p->memory, id.data, id.len, &size);
    if (c == NULL || c->subject.of == NULL || device.len == 0)
        return c;
    return num_hex64(device.data, device.len, &number) && number == c->subject.id ? c : NULL;
}

static enum err_code write_found(struct play *p, const struct consumed *c,
                                 const struct message_context *context)
{
    static const struct binding nothing = {
        .payload = READ_BACK, .noun = "ReadBack", .identity = -1};
    const char *at = c == NULL ? NULL : (const char *)(c + 1);
    p->returned = c == NULL ? nothing : *c->what->binding;
    p->returned.noun = nothing.noun;
    message_start(&p->message, &p->returned, READ_BACK);
    p->message.failed = c == NULL;
    for (uint32_t i = 0; c != NULL && i < c->n_field; i++) {
        const char *path = at, *value = path + strlen(path) + 1;
        message_put_at(&p->message, path, value);
        at = value + strlen(value) + 1;
    }
    return play_write(p, context);
}

void play_read_back(struct play *p, struct caller who, const struct envelope *env)
{
    char id[MESSAGE_ID_BYTES + 1], correlation[MESSAGE_ID_BYTES + 1], url[URL_BYTES];
    const struct defect_set *set = p->config->defects;
    const struct consumed *c = find(p, env);
    if (env->correlation_id.len == 0 || env->correlation_id.len >= sizeof correlation ||
        env->reply_address.len >= sizeof url) {
        play_status(p, who, HTTP_BAD_REQUEST);
        return;
    }
    (void)snprintf(correlation, sizeof correlation, "%.*s", (int)env->correlation_id.len,
                   env->correlation_id.data);
    (void)snprintf(url, sizeof url, "%.*s", (int)env->reply_address.len, env->reply_address.data);
    if (defect_touches(set, DEFECT_SILENT, READ_BACK, NULL)) {
        play_silence(p, who);
        return;
    }
    play_new_id(p, id);
    struct message_context context = {
        .defects = set,
        .kind = ENVELOPE_RESPONSE,
        .source = play_own_name(p),
        .message_id = id,
        .correlation = correlation,
        .size_max_bytes = -1,
    };
    if (c != NULL)
        context.subject = c->subject;
    if (write_found(p, c, &context) != ERR_OK) {
        play_status(p, who, HTTP_FAULT);
        return;
    }
    if (p->config->reply_by_request && play_is_listed(p, url)) {
        play_status(p, who, HTTP_ACCEPTED);
        who = (struct caller){NULL, NULL};
        play_ship(p, url, NULL);
    } else {
        play_ship_answer(p, who, url);
    }
}
