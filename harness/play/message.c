#include "harness/play/message.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"

void message_init(struct message *m)
{
    *m = (struct message){.n_field = 0};
    buf_init(&m->text, 2 * (size_t)LIMIT_HTTP_BODY_BYTES);
}

void message_release(struct message *m)
{
    buf_release(&m->text);
}

void message_start(struct message *m, const struct binding *binding, const char *command)
{
    m->binding = binding;
    m->command = command;
    m->failed = false;
    m->broken = NULL;
    m->n_field = 0;
    buf_reset(&m->text);
}

static const struct binding_field *field_named(const struct binding *b, const char *attribute)
{
    for (size_t i = 0; i < b->n_field; i++)
        if (strcmp(b->field[i].name, attribute) == 0)
            return &b->field[i];
    return NULL;
}

/* Text with its closing 0; where it stands, or SIZE_MAX. */
static size_t keep(struct message *m, const char *text, size_t len)
{
    size_t at = m->text.len;
    if (buf_append(&m->text, text, len, NULL) != ERR_OK ||
        buf_append(&m->text, "", 1, NULL) != ERR_OK)
        return SIZE_MAX;
    return at;
}

static void put(struct message *m, const struct binding_field *declared, const char *path,
                size_t path_len, const char *text, size_t len)
{
    size_t p = SIZE_MAX, v = SIZE_MAX;
    if (m->n_field < LIMIT_BODY_FIELDS) {
        p = keep(m, path, path_len);
        v = keep(m, text, len);
    }
    if (p == SIZE_MAX || v == SIZE_MAX) {
        m->broken = declared != NULL ? declared->name : "an element";
        return;
    }
    m->field[m->n_field++] = (struct message_field){declared, p, v};
}

void message_put_text(struct message *m, const struct binding_field *f, const char *text,
                      size_t len)
{
    put(m, f, f->path, strlen(f->path), text, len);
}

void message_put(struct message *m, const char *attribute, const char *fmt, ...)
{
    const struct binding_field *f = field_named(m->binding, attribute);
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (f == NULL || n < 0 || (size_t)n >= sizeof text)
        m->broken = attribute;
    else
        message_put_text(m, f, text, (size_t)n);
}

void message_change(struct message *m, size_t i, const char *text, size_t len)
{
    size_t at = keep(m, text, len);
    if (at == SIZE_MAX)
        m->broken = "a longer text";
    else
        m->field[i].value = at;
}

static const struct binding_field *field_at(const struct binding *b, struct slice path)
{
    for (size_t i = 0; i < b->n_field; i++)
        if (strlen(b->field[i].path) == path.len &&
            memcmp(b->field[i].path, path.data, path.len) == 0)
            return &b->field[i];
    return NULL;
}

void message_put_at(struct message *m, const char *path, const char *text)
{
    struct slice s = {path, (uint32_t)strlen(path)};
    put(m, field_at(m->binding, s), path, s.len, text, strlen(text));
}

void message_take(struct message *m, const struct envelope *env)
{
    for (size_t i = 0; i < env->n_field; i++) {
        const struct envelope_field *f = &env->field[i];
        put(m, field_at(m->binding, f->path), f->path.data, f->path.len, f->value.data,
            f->value.len);
    }
}

bool message_has(const struct message *m, const struct binding_field *f)
{
    for (size_t i = 0; i < m->n_field; i++)
        if (m->field[i].declared == f)
            return true;
    return false;
}

static const char *value_of(const struct message *m, size_t i)
{
    return m->text.data + m->field[i].value;
}

int64_t message_canonical_bytes(const struct message *m)
{
    int64_t sum = 0;
    for (size_t i = 0; i < m->n_field; i++) {
        const struct binding_field *f = m->field[i].declared;
        size_t len = strlen(value_of(m, i));
        int64_t n = f == NULL ? -1 : field_canonical_bytes(f->type, value_of(m, i), len);
        sum += n < 0 ? (int64_t)len : n;
    }
    return sum;
}

/* Takes every value of the binding's last required attribute out; not an image, whose parts are
 * what its blocks are told by. */
static void drop_last_required(struct message *m)
{
    const struct binding_field *last = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < m->binding->n_field; i++)
        if (m->binding->field[i].required && m->binding->field[i].type != FIELD_IMAGE)
            last = &m->binding->field[i];
    if (last == NULL)
        return;
    for (size_t i = 0; i < m->n_field; i++)
        if (m->field[i].declared != last)
            m->field[kept++] = m->field[i];
    m->n_field = kept;
}

/* Another device's id; where no device is named, another last digit in the first value. */
static void alter(struct message *m, const struct subject *s)
{
    const struct binding_field *identity =
        m->binding->identity < 0 ? NULL : &m->binding->field[m->binding->identity];
    for (size_t i = 0; i < m->n_field; i++) {
        if (identity == NULL) {
            char *value = m->text.data + m->field[i].value;
            size_t len = strlen(value);
            if (len > 0 && value[len - 1] != 'Z') {
                value[len - 1] = value[len - 1] == '1' ? '2' : '1';
                return;
            }
        } else if (m->field[i].declared == identity) {
            char id[17];
            (void)snprintf(id, sizeof id, "%016" PRIX64, subject_other_id(s));
            message_change(m, i, id, 16);
        }
    }
}

/* So far above the row's size. A row without a size has nothing to exceed. */
static void fill_up(struct message *m, int64_t size_max_bytes, int64_t above_bytes)
{
    int64_t missing = size_max_bytes + above_bytes - message_canonical_bytes(m);
    char filler[4096];
    memset(filler, 'x', sizeof filler);
    if (size_max_bytes < 0)
        return;
    for (; missing > 0; missing -= (int64_t)sizeof filler)
        put(m, NULL, "Extension", strlen("Extension"), filler,
            missing < (int64_t)sizeof filler ? (size_t)missing : sizeof filler);
}

/* The end tags of the payload: what is put before them stands inside of it. */
static void end_mark(const struct message *m, char mark[160])
{
    const char *element = m->binding->element;
    (void)snprintf(mark, 160, "</%s></Payload>", element == NULL ? "" : element);
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
    char foreign[LIMIT_CORRELATION_BYTES + 16];
    const char *payload = m->binding->payload;
    buf_reset(out);
    if (defect_touches(c->defects, DEFECT_INCOMPLETE, payload, m->command))
        drop_last_required(m);
    if (defect_touches(c->defects, DEFECT_WRONG_CONTENT, payload, m->command))
        alter(m, &c->subject);
    if (defect_touches(c->defects, DEFECT_OVERSIZE, payload, m->command))
        fill_up(m, c->size_max_bytes, c->defects->use[DEFECT_OVERSIZE].value);
    if (m->broken != NULL)
        return err_set(e, ERR_DATA, "%s: no place for \"%s\"", payload, m->broken);
    for (size_t i = 0; i < m->n_field; i++)
        m->value[i] = (struct envelope_value){m->text.data + m->field[i].path, value_of(m, i)};
    struct envelope_draft d = {
        .kind = c->kind,
        .verb = c->kind == ENVELOPE_REQUEST ? m->binding->verb
                : c->kind == ENVELOPE_EVENT ? "created"
                                            : "reply",
        .noun = m->binding->noun,
        .source = c->source,
        .reply_address = c->reply_address,
        .async_reply = c->async_reply,
        .message_id = c->message_id,
        .correlation_id = c->correlation,
        .timestamp_ns = clock_real_ns(),
        .result = c->kind != ENVELOPE_RESPONSE ? NULL
                  : m->failed                  ? "FAILED"
                                               : "OK",
        .element = m->binding->element,
        .field = m->value,
        .n_field = m->n_field,
    };
    if (c->kind == ENVELOPE_RESPONSE &&
        defect_touches(c->defects, DEFECT_WRONG_CORRELATION, payload, m->command)) {
        (void)snprintf(foreign, sizeof foreign, "nobody-%s", c->message_id);
        d.correlation_id = foreign;
    }
    enum err_code rc = envelope_write(&d, out, e);
    return rc == ERR_OK ? spoil(m, c->defects, out, e) : rc;
}
