/* Plain values for attributes: echoed from the command where it has them, else by their type, and
 * as much of them as the row's size wants. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/play/inside.h"

#define TEXT_MOST_BYTES 1024

/* "mac_address" and "mac address", "Device ID" and "device ID" are one. */
static bool same_name(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        int x = *a == '_' || *a == '-' ? ' ' : tolower((unsigned char)*a);
        int y = *b == '_' || *b == '-' ? ' ' : tolower((unsigned char)*b);
        if (x != y)
            return false;
    }
    return *a == *b;
}

/* The revision that a device confirms is the version that it was given. */
static bool is_version_of(const char *given, const char *told)
{
    return strstr(told, "revision information") != NULL && strstr(given, " version ") != NULL;
}

/* The value of an element of the command's. */
static struct slice element(const struct envelope *env, const char *path, const char *part)
{
    size_t n = strlen(path), k = strlen(part);
    for (size_t i = 0; i < env->n_field; i++) {
        struct slice p = env->field[i].path;
        if (p.len == n + k && memcmp(p.data, path, n) == 0 && memcmp(p.data + n, part, k) == 0)
            return env->field[i].value;
    }
    return (struct slice){"", 0};
}

/* The command's value for the field, of len 0 none. An image is named by its digest. */
static struct slice echoed(const struct filling *f, const struct binding_field *field)
{
    struct slice none = {"", 0};
    if (f->command == NULL || f->env == NULL)
        return none;
    for (size_t i = 0; i < f->command->n_field; i++) {
        const struct binding_field *given = &f->command->field[i];
        if (!same_name(given->name, field->name) && !is_version_of(given->name, field->name))
            continue;
        struct slice v = element(f->env, given->path, given->type == FIELD_IMAGE ? "/Digest" : "");
        if (v.len > 0 && field_canonical_bytes(field->type, v.data, v.len) >= 0)
            return v;
    }
    return none;
}

static void plain_value(struct play *p, const struct filling *f, const struct binding_field *field,
                        char *out, size_t size)
{
    char when[32];
    switch (field->type) {
    case FIELD_EUI64:
        (void)snprintf(out, size, "%016" PRIX64, f->subject.id);
        return;
    case FIELD_TIME:
        (void)clock_iso(timebase_now_ns(p) / NS_PER_S * NS_PER_S, when, sizeof when);
        (void)snprintf(out, size, "%s", when);
        return;
    case FIELD_CODE:
    case FIELD_UINT32:
        (void)snprintf(out, size, "1");
        return;
    case FIELD_UINT16:
        (void)snprintf(out, size, "15");
        return;
    case FIELD_FLOAT32:
        (void)snprintf(out, size, "21.5");
        return;
    case FIELD_HEX:
        (void)snprintf(out, size, "00");
        return;
    case FIELD_TEXT:
    case FIELD_IMAGE:
    case FIELD_TYPE_COUNT:
        break;
    }
    (void)snprintf(out, size, "in order");
}

/* Who stands in a field "sending device ID": the one of ours that speaks. */
static uint64_t speaker_id(const struct play *p, uint64_t fallback)
{
    for (size_t i = 0; i < p->subjects.n; i++)
        if (p->subjects.population[i].peer == NULL)
            return p->subjects.population[i].first_id;
    return fallback;
}

/* The attribute that takes the given value: the first code beside the identity, else the first
 * other one that it is a value of. NULL: none is given, or none takes it. */
static const struct binding_field *taker(const struct binding *b, const char *value)
{
    size_t len = strlen(value);
    for (int codes = 1; len > 0 && codes >= 0; codes--)
        for (size_t i = 0; i < b->n_field; i++) {
            const struct binding_field *f = &b->field[i];
            if ((int)i != b->identity && f->required && f->type != FIELD_TIME &&
                (codes == 0 || f->type == FIELD_CODE) && f->type != FIELD_IMAGE &&
                field_canonical_bytes(f->type, value, len) >= 0)
                return f;
        }
    return NULL;
}

static void put_value(struct play *p, const struct filling *f, const struct binding_field *field,
                      const struct binding_field *given)
{
    struct message *m = &p->message;
    const struct binding *b = m->binding;
    char text[64];
    bool identity = b->identity >= 0 && field == &b->field[b->identity];
    struct slice v = identity ? (struct slice){"", 0} : echoed(f, field);
    if (identity && f->subject.of != NULL) {
        (void)snprintf(text, sizeof text, "%016" PRIX64, f->subject.id);
    } else if (field == given) {
        message_put_text(m, field, f->value, strlen(f->value));
        return;
    } else if (v.len > 0) {
        message_put_text(m, field, v.data, v.len);
        return;
    } else if (f->command == NULL && !identity && f->subject.of != NULL &&
               play_mentioned(p, f->subject.id, field->name) != NULL) {
        const char *mentioned = play_mentioned(p, f->subject.id, field->name);
        message_put_text(m, field, mentioned, strlen(mentioned));
        return;
    } else if (field->type == FIELD_EUI64 && strstr(field->name, "sending") != NULL) {
        (void)snprintf(text, sizeof text, "%016" PRIX64, speaker_id(p, f->subject.id));
    } else {
        plain_value(p, f, field, text, sizeof text);
    }
    message_put_text(m, field, text, strlen(text));
}

/* The field that can grow: one that may occur often, else a text that nobody else determined. */
static const struct binding_field *elastic(const struct message *m, const struct filling *f)
{
    const struct binding *b = m->binding;
    const struct binding_field *text = NULL;
    for (size_t i = 0; i < b->n_field; i++) {
        const struct binding_field *field = &b->field[i];
        if (field->many)
            return field;
        if (field->type == FIELD_TEXT && (int)i != b->identity && field->required &&
            echoed(f, field).len == 0)
            text = field;
    }
    return text;
}

/* Up to the lower end of the row's size. */
static void grow(struct play *p, const struct filling *f)
{
    struct message *m = &p->message;
    int64_t missing = f->leg == NULL || f->leg->size_min_bytes <= 0
                          ? 0
                          : f->leg->size_min_bytes - message_canonical_bytes(m);
    const struct binding_field *field = missing > 0 ? elastic(m, f) : NULL;
    size_t at = 0;
    while (field != NULL && at < m->n_field && m->field[at].declared != field)
        at++;
    if (field == NULL || at == m->n_field)
        return;
    char text[TEXT_MOST_BYTES + 64];
    size_t len = strlen(m->text.data + m->field[at].value);
    if (len >= 64)
        return;
    memcpy(text, m->text.data + m->field[at].value, len);
    if (field->type == FIELD_TEXT && !field->many) {
        size_t more = missing < TEXT_MOST_BYTES ? (size_t)missing : TEXT_MOST_BYTES;
        memset(text + len, '.', more);
        message_change(m, at, text, len + more);
        return;
    }
    int64_t each = field_canonical_bytes(field->type, text, len);
    for (; each > 0 && missing > 0 && m->n_field < LIMIT_BODY_FIELDS; missing -= each)
        message_put_text(m, field, text, len);
}

void play_fill(struct play *p, const struct filling *f)
{
    struct message *m = &p->message;
    const struct binding_field *given = taker(m->binding, f->value);
    for (size_t i = 0; i < m->binding->n_field; i++) {
        const struct binding_field *field = &m->binding->field[i];
        if (field->required && field->type != FIELD_IMAGE && !message_has(m, field))
            put_value(p, f, field, given);
    }
    grow(p, f);
}
