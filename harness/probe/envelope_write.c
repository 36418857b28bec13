#include <libxml/xmlwriter.h>
#include <stdbool.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/xmlw.h"
#include "harness/probe/envelope.h"

#define MESSAGE_NAMESPACE "http://iec.ch/TC57/2011/schema/message"
#define PAYLOAD_NAMESPACE "urn:gridassay:payload:1"
#define REVISION "2.0"

static const char *const roots[ENVELOPE_KIND_COUNT] = {
    [ENVELOPE_REQUEST] = "RequestMessage",
    [ENVELOPE_RESPONSE] = "ResponseMessage",
    [ENVELOPE_EVENT] = "EventMessage",
};

/* The first refusal stays; afterwards nothing more is written. */
struct pen {
    xmlTextWriterPtr writer;
    struct buf *out;
    struct err *e;
    enum err_code rc;
};

/* Never tells libxml2 of a refusal: it would print it. */
static int into_buf(void *arg, const char *data, int len)
{
    struct pen *p = arg;
    if (p->rc == ERR_OK)
        p->rc = buf_append(p->out, data, (size_t)len, p->e);
    return len;
}

static bool is_text(const char *value, size_t *bad)
{
    for (*bad = 0; value[*bad] != '\0';) {
        size_t n = xmlw_char_bytes(value + *bad);
        if (n == 0)
            return false;
        *bad += n;
    }
    return true;
}

static bool is_name(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool start = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
        bool later = (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (!start && !(later && i > 0))
            return false;
    }
    return len > 0;
}

static void start(struct pen *p, const char *name, size_t len)
{
    char copy[128];
    if (p->rc != ERR_OK)
        return;
    if (len >= sizeof copy || !is_name(name, len)) {
        p->rc = err_set(p->e, ERR_USAGE, "\"%.*s\" cannot name an XML element",
                        (int)(len < sizeof copy ? len : sizeof copy), name);
        return;
    }
    memcpy(copy, name, len);
    copy[len] = '\0';
    (void)xmlTextWriterStartElement(p->writer, (const xmlChar *)copy);
}

static void start_root(struct pen *p, const char *name, const char *space)
{
    start(p, name, strlen(name));
    if (p->rc == ERR_OK)
        (void)xmlTextWriterWriteAttribute(p->writer, (const xmlChar *)"xmlns",
                                          (const xmlChar *)space);
}

static void end(struct pen *p)
{
    if (p->rc == ERR_OK)
        (void)xmlTextWriterEndElement(p->writer);
}

static void leaf(struct pen *p, const char *name, size_t name_len, const char *value)
{
    size_t bad;
    if (value == NULL || p->rc != ERR_OK)
        return;
    if (!is_text(value, &bad)) {
        p->rc = err_set(p->e, ERR_PROTO, "%.*s: byte 0x%02x at offset %zu cannot stand in XML text",
                        (int)name_len, name, (unsigned char)value[bad], bad);
        return;
    }
    start(p, name, name_len);
    if (p->rc == ERR_OK)
        (void)xmlTextWriterWriteString(p->writer, (const xmlChar *)value);
    end(p);
}

static void leaf_named(struct pen *p, const char *name, const char *value)
{
    leaf(p, name, strlen(name), value);
}

/* Whether field[from .. to) holds that inner name. */
static bool inner_in(const struct envelope_value *field, size_t from, size_t to, const char *inner)
{
    for (size_t i = from; i < to; i++) {
        const char *slash = strchr(field[i].path, '/');
        if (field[i].value != NULL && slash != NULL && strcmp(slash + 1, inner) == 0)
            return true;
    }
    return false;
}

static void fields(struct pen *p, const struct envelope_value *field, size_t n)
{
    size_t open = n; /* first field of the outer element that is open; n: none */
    size_t open_len = 0;
    for (size_t i = 0; i < n && p->rc == ERR_OK; i++) {
        const char *path = field[i].path, *slash = strchr(path, '/');
        if (field[i].value == NULL)
            continue;
        size_t outer = slash == NULL ? 0 : (size_t)(slash - path);
        bool same = open < n && slash != NULL && outer == open_len &&
                    strncmp(field[open].path, path, outer) == 0 &&
                    !inner_in(field, open, i, slash + 1);
        if (open < n && !same) {
            end(p);
            open = n;
        }
        if (slash == NULL) {
            leaf_named(p, path, field[i].value);
            continue;
        }
        if (!same) {
            start(p, path, outer);
            open = i;
            open_len = outer;
        }
        leaf_named(p, slash + 1, field[i].value);
    }
    if (open < n)
        end(p);
}

static void message(struct pen *p, const struct envelope_draft *d)
{
    char when[32];
    start_root(p, roots[d->kind], MESSAGE_NAMESPACE);
    start(p, "Header", strlen("Header"));
    leaf_named(p, "Verb", d->verb);
    leaf_named(p, "Noun", d->noun);
    leaf_named(p, "Revision", REVISION);
    leaf_named(p, "Timestamp", clock_iso(d->timestamp_ns, when, sizeof when));
    leaf_named(p, "Source", d->source);
    leaf_named(p, "AsyncReplyFlag", d->async_reply ? "true" : NULL);
    leaf_named(p, "ReplyAddress", d->reply_address);
    leaf_named(p, "MessageID", d->message_id);
    leaf_named(p, "CorrelationID", d->correlation_id);
    end(p);
    if (d->result != NULL) {
        start(p, "Reply", strlen("Reply"));
        leaf_named(p, "Result", d->result);
        end(p);
    }
    if (d->element != NULL) {
        start(p, "Payload", strlen("Payload"));
        start_root(p, d->element, PAYLOAD_NAMESPACE);
        fields(p, d->field, d->n_field);
        end(p);
        end(p);
    }
    end(p);
}

enum err_code envelope_write(const struct envelope_draft *d, struct buf *out, struct err *e)
{
    struct pen p = {.out = out, .e = e, .rc = ERR_OK};
    size_t before = out->len;
    xmlOutputBufferPtr sink = xmlOutputBufferCreateIO(into_buf, NULL, &p, NULL);
    if (sink == NULL)
        return err_set(e, ERR_NOMEM, "no memory to write a message");
    p.writer = xmlNewTextWriter(sink); /* owns sink from here on */
    if (p.writer == NULL) {
        (void)xmlOutputBufferClose(sink);
        return err_set(e, ERR_NOMEM, "no memory to write a message");
    }
    message(&p, d);
    if (xmlTextWriterFlush(p.writer) == -1 && p.rc == ERR_OK)
        p.rc = err_set(e, ERR_NOMEM, "no memory to write a message");
    xmlFreeTextWriter(p.writer);
    if (p.rc != ERR_OK) { /* no half message stays behind */
        out->len = before;
        if (out->data != NULL)
            out->data[before] = '\0';
    }
    return p.rc;
}
