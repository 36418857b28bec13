#include "harness/play/message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"

void message_start(struct message *m, const struct binding *binding, const char *command)
{
    m->binding = binding;
    m->command = command;
    m->failed = false;
    m->broken = NULL;
    m->n_field = m->used = 0;
}

static const struct binding_field *field_named(const struct binding *b, const char *attribute)
{
    for (size_t i = 0; i < b->n_field; i++)
        if (strcmp(b->field[i].name, attribute) == 0)
            return &b->field[i];
    return NULL;
}

void message_put(struct message *m, const char *attribute, const char *fmt, ...)
{
    const struct binding_field *f = field_named(m->binding, attribute);
    size_t room = sizeof m->text - m->used;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(m->text + m->used, room, fmt, ap);
    va_end(ap);
    if (f == NULL || n < 0 || (size_t)n >= room || m->n_field == MESSAGE_FIELDS) {
        m->broken = attribute;
        return;
    }
    m->field[m->n_field++] = (struct envelope_value){f->path, m->text + m->used};
    m->used += (size_t)n + 1;
}

static const struct binding_field *field_at(const struct binding *b, const char *path)
{
    for (size_t i = 0; i < b->n_field; i++)
        if (strcmp(b->field[i].path, path) == 0)
            return &b->field[i];
    return NULL;
}

int64_t message_canonical_bytes(const struct message *m)
{
    int64_t sum = 0;
    for (size_t i = 0; i < m->n_field; i++) {
        const struct binding_field *f = field_at(m->binding, m->field[i].path);
        size_t len = strlen(m->field[i].value);
        int64_t n = f == NULL ? -1 : field_canonical_bytes(f->type, m->field[i].value, len);
        sum += n < 0 ? (int64_t)len : n;
    }
    return sum;
}

/* Takes every value of the binding's last required attribute out. */
static void drop_last_required(struct message *m)
{
    const struct binding_field *last = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < m->binding->n_field; i++)
        if (m->binding->field[i].required)
            last = &m->binding->field[i];
    if (last == NULL)
        return;
    for (size_t i = 0; i < m->n_field; i++)
        if (strcmp(m->field[i].path, last->path) != 0)
            m->field[kept++] = m->field[i];
    m->n_field = kept;
}

static void name_other_device(struct message *m, const struct meter *meter, char id[17])
{
    if (m->binding->identity < 0)
        return;
    const char *path = m->binding->field[m->binding->identity].path;
    (void)snprintf(id, 17, "%016" PRIX64, meter_other_id(meter));
    for (size_t i = 0; i < m->n_field; i++)
        if (strcmp(m->field[i].path, path) == 0)
            m->field[i].value = id;
}

/* One byte above the row's size. A row without a size has nothing to exceed. */
static void fill_up(struct message *m, int64_t size_max_bytes)
{
    int64_t missing = size_max_bytes + 1 - message_canonical_bytes(m);
    if (size_max_bytes < 0 || missing <= 0)
        return;
    if (missing >= (int64_t)(sizeof m->text - m->used) || m->n_field == MESSAGE_FIELDS) {
        m->broken = "Extension";
        return;
    }
    char *room = m->text + m->used;
    memset(room, 'x', (size_t)missing);
    room[missing] = '\0';
    m->used += (size_t)missing + 1;
    m->field[m->n_field++] = (struct envelope_value){"Extension", room};
}

/* The end tags of the payload: what is put before them stands inside of it. */
static void end_mark(const struct message *m, char mark[160])
{
    (void)snprintf(mark, 160, "</%s></Payload>", m->binding->element);
}

/* Puts text before the first place of mark in out. */
static enum err_code insert(struct buf *out, const char *mark, const char *text, size_t len,
                            struct err *e)
{
    char *at = memmem(out->data, out->len, mark, strlen(mark));
    if (at == NULL)
        return ERR_OK;
    size_t offset = (size_t)(at - out->data), rest = out->len - offset;
    enum err_code rc = buf_reserve(out, len, e);
    if (rc != ERR_OK)
        return rc;
    memmove(out->data + offset + len, out->data + offset, rest + 1);
    memcpy(out->data + offset, text, len);
    out->len += len;
    return ERR_OK;
}

static enum err_code insert_elements(struct buf *out, const char *mark, int64_t n, bool nested,
                                     struct err *e)
{
    size_t len = (size_t)n * (nested ? 7 : 4);
    char *text = malloc(len);
    if (text == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %lld elements", (long long)n);
    for (int64_t i = 0; i < n; i++) {
        if (nested) {
            memcpy(text + 3 * i, "<a>", 3);
            memcpy(text + 3 * n + 4 * i, "</a>", 4);
        } else {
            memcpy(text + 4 * i, "<a/>", 4);
        }
    }
    enum err_code rc = insert(out, mark, text, len, e);
    free(text);
    return rc;
}

static enum err_code plant_bomb(struct buf *out, const char *mark, struct err *e)
{
    struct buf dtd;
    buf_init(&dtd, 4096);
    enum err_code rc = buf_puts(&dtd, "<!DOCTYPE bomb [<!ENTITY e0 \"0123456789\">", e);
    for (int i = 1; rc == ERR_OK && i < 9; i++) {
        rc = buf_printf(&dtd, e, "<!ENTITY e%d \"", i);
        for (int k = 0; rc == ERR_OK && k < 10; k++)
            rc = buf_printf(&dtd, e, "&e%d;", i - 1);
        if (rc == ERR_OK)
            rc = buf_puts(&dtd, "\">", e);
    }
    if (rc == ERR_OK)
        rc = buf_puts(&dtd, "]>", e);
    if (rc == ERR_OK)
        rc = insert(out, "<", dtd.data, dtd.len, e);
    static const char use[] = "<Extension>&e8;</Extension>";
    if (rc == ERR_OK)
        rc = insert(out, mark, use, sizeof use - 1, e);
    buf_release(&dtd);
    return rc;
}

static enum err_code spoil(const struct message *m, const struct defect_set *set, struct buf *out,
                           struct err *e)
{
    enum err_code rc = ERR_OK;
    const char *payload = m->binding->payload, *command = m->command;
    char mark[160];
    end_mark(m, mark);
    if (defect_touches(set, DEFECT_DEEP_XML, payload, command))
        rc = insert_elements(out, mark, set->use[DEFECT_DEEP_XML].value, true, e);
    if (rc == ERR_OK && defect_touches(set, DEFECT_MANY_ELEMENTS, payload, command))
        rc = insert_elements(out, mark, set->use[DEFECT_MANY_ELEMENTS].value, false, e);
    if (rc == ERR_OK && defect_touches(set, DEFECT_ENTITY_BOMB, payload, command))
        rc = plant_bomb(out, mark, e);
    if (rc == ERR_OK && defect_touches(set, DEFECT_MALFORMED, payload, command)) {
        out->len /= 2;
        out->data[out->len] = '\0';
    }
    return rc;
}

enum err_code message_write(struct message *m, const struct message_context *c, struct buf *out,
                            struct err *e)
{
    char other[17], id[40], foreign[40];
    const char *payload = m->binding->payload;
    buf_reset(out);
    if (defect_touches(c->defects, DEFECT_INCOMPLETE, payload, m->command))
        drop_last_required(m);
    if (defect_touches(c->defects, DEFECT_WRONG_CONTENT, payload, m->command))
        name_other_device(m, c->meter, other);
    if (defect_touches(c->defects, DEFECT_OVERSIZE, payload, m->command))
        fill_up(m, c->size_max_bytes);
    if (m->broken != NULL)
        return err_set(e, ERR_DATA, "%s: no place for \"%s\"", payload, m->broken);
    (void)snprintf(id, sizeof id, "play-%" PRIu64, c->serial);
    struct envelope_draft d = {
        .kind = c->correlation != NULL ? ENVELOPE_RESPONSE : ENVELOPE_EVENT,
        .verb = c->correlation != NULL ? "reply" : "created",
        .noun = m->binding->noun,
        .source = c->meter->group->declared->actor,
        .message_id = id,
        .correlation_id = c->correlation,
        .timestamp_ns = clock_real_ns(),
        .result = c->correlation == NULL ? NULL
                  : m->failed            ? "FAILED"
                                         : "OK",
        .element = m->binding->element,
        .field = m->field,
        .n_field = m->n_field,
    };
    if (c->correlation != NULL &&
        defect_touches(c->defects, DEFECT_WRONG_CORRELATION, payload, m->command)) {
        (void)snprintf(foreign, sizeof foreign, "nobody-%" PRIu64, c->serial);
        d.correlation_id = foreign;
    }
    enum err_code rc = envelope_write(&d, out, e);
    return rc == ERR_OK ? spoil(m, c->defects, out, e) : rc;
}
