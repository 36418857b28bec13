#include <inttypes.h>
#include <libxml/xmlwriter.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/limits.h"
#include "harness/score/result.h"
#include "harness/score/result_fields.h"

struct out {
    xmlTextWriterPtr w;
    struct buf text; /* one sanitised value */
    bool bad;
};

/* Length of the UTF-8 sequence at p that makes a character legal in XML 1.0, 0 when there is none.
 */
static size_t legal(const unsigned char *p)
{
    if (p[0] < 0x80)
        return p[0] >= 0x20 || p[0] == '\t' || p[0] == '\n' || p[0] == '\r' ? 1 : 0;
    size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    uint32_t c = p[0] & (0xFFu >> (n + 1));
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) /* also stops at the closing 0 */
            return 0;
        c = c << 6 | (p[i] & 0x3F);
    }
    bool overlong = (n == 3 && c < 0x800) || (n == 4 && c < 0x10000);
    bool excluded = (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF || c > 0x10FFFF;
    return overlong || excluded ? 0 : n;
}

/* What came from outside, with every byte that XML cannot hold as U+FFFD. */
static const char *sanitised(struct out *o, const char *text)
{
    buf_reset(&o->text);
    const unsigned char *p = (const unsigned char *)(text == NULL ? "" : text);
    while (*p != '\0') {
        size_t n = legal(p);
        enum err_code rc = n > 0 ? buf_append(&o->text, p, n, NULL)
                                 : buf_append(&o->text, "\xEF\xBF\xBD", 3, NULL);
        if (rc != ERR_OK) {
            o->bad = true;
            return "";
        }
        p += n > 0 ? n : 1;
    }
    return o->text.len == 0 ? "" : o->text.data;
}

static void attribute(struct out *o, const char *name, const char *value)
{
    if (xmlTextWriterWriteAttribute(o->w, (const xmlChar *)name, (const xmlChar *)value) < 0)
        o->bad = true;
}

static void number(struct out *o, const char *name, int64_t value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRId64, value);
    attribute(o, name, text);
}

static void unsigned_number(struct out *o, const char *name, uint64_t value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    attribute(o, name, text);
}

static void field(struct out *o, const struct result_field *f, const void *object)
{
    const void *at = (const char *)object + f->at;
    switch (f->kind) {
    case RF_TEXT:
        attribute(o, f->name, sanitised(o, *(const char *const *)at));
        break;
    case RF_I64:
        number(o, f->name, *(const int64_t *)at);
        break;
    case RF_U64:
        unsigned_number(o, f->name, *(const uint64_t *)at);
        break;
    case RF_U32:
        unsigned_number(o, f->name, *(const uint32_t *)at);
        break;
    case RF_INT:
        number(o, f->name, *(const int *)at);
        break;
    case RF_BOOL:
        attribute(o, f->name, *(const bool *)at ? "yes" : "no");
        break;
    case RF_VERDICT:
        attribute(o, f->name, verdict_name(*(const enum verdict *)at));
        break;
    case RF_STATUS:
        attribute(o, f->name, no_verdict_name(*(const enum no_verdict *)at));
        break;
    case RF_CRITERION:
        attribute(o, f->name, criterion_name(*(const enum criterion_kind *)at));
        break;
    case RF_CAUSE:
        attribute(o, f->name, cause_name(*(const enum cause *)at));
        break;
    case RF_KIND_COUNT:
        break;
    }
}

static void start(struct out *o, const char *name)
{
    if (xmlTextWriterStartElement(o->w, (const xmlChar *)name) < 0)
        o->bad = true;
}

static void end(struct out *o)
{
    if (xmlTextWriterEndElement(o->w) < 0)
        o->bad = true;
}

static void open_element(struct out *o, const struct result_element *el, const void *object)
{
    start(o, el->name);
    for (const struct result_field *f = el->field; f->name != NULL; f++)
        field(o, f, object);
}

static void element(struct out *o, const struct result_element *el, const void *object)
{
    open_element(o, el, object);
    end(o);
}

static void write_variant(struct out *o, const struct result_variant *v)
{
    open_element(o, &result_variant_element, v);
    for (size_t i = 0; i < CRITERION_COUNT; i++)
        element(o, &result_criterion_element, &v->criterion[i]);
    for (size_t i = 0; i < v->n_clause; i++)
        element(o, &result_clause_element, &v->clause[i]);
    for (size_t i = 0; i < CAUSE_COUNT; i++) {
        if (v->by_cause[i] == 0)
            continue;
        start(o, "cause");
        attribute(o, "name", cause_name((enum cause)i));
        unsigned_number(o, "n", v->by_cause[i]);
        end(o);
    }
    start(o, "percentiles");
    for (size_t i = 0; i < RESULT_PERCENTILES; i++)
        number(o, result_percentile_name[i], v->percentile_ns[i]);
    end(o);
    for (size_t i = 0; i < RESULT_BINS; i++) {
        if (v->bin[i] == 0)
            continue;
        start(o, "bin");
        unsigned_number(o, "at", i);
        unsigned_number(o, "n", v->bin[i]);
        end(o);
    }
    for (size_t i = 0; i < 24; i++) {
        if (v->hour[i] == 0)
            continue;
        start(o, "hour");
        unsigned_number(o, "at", i);
        unsigned_number(o, "n", v->hour[i]);
        end(o);
    }
    for (size_t i = 0; i < v->n_example; i++)
        element(o, &result_example_element, &v->example[i]);
    end(o);
}

static void write_all(struct out *o, const struct result *r)
{
    if (xmlTextWriterSetIndent(o->w, 1) < 0 ||
        xmlTextWriterSetIndentString(o->w, (const xmlChar *)" ") < 0 ||
        xmlTextWriterStartDocument(o->w, "1.0", "UTF-8", NULL) < 0)
        o->bad = true;
    start(o, result_run_element.name);
    attribute(o, "version", RESULT_VERSION);
    for (const struct result_field *f = result_run_element.field; f->name != NULL; f++)
        field(o, f, r);
    element(o, &result_claim_element, r);
    element(o, &result_rules_element, r);
    element(o, &result_evidence_element, r);
    element(o, &result_bias_element, r);
    element(o, &result_summary_element, &r->summary);
    for (size_t i = 0; i < r->n_row; i++) {
        open_element(o, &result_row_element, &r->row[i]);
        for (size_t k = 0; k < r->row[i].n_variant; k++)
            write_variant(o, &r->row[i].variant[k]);
        end(o);
    }
    for (size_t i = 0; i < r->n_interpretation; i++)
        element(o, &result_interpretation_element, &r->interpretation[i]);
    end(o);
    if (xmlTextWriterEndDocument(o->w) < 0)
        o->bad = true;
}

enum err_code result_write(const struct result *r, const char *path, struct err *e)
{
    struct out o = {0};
    buf_init(&o.text, LIMIT_XML_FILE_BYTES);
    xmlBufferPtr bytes = xmlBufferCreate();
    enum err_code rc = ERR_OK;
    o.w = bytes == NULL ? NULL : xmlNewTextWriterMemory(bytes, 0);
    if (o.w == NULL) {
        rc = err_set(e, ERR_NOMEM, "no memory to write %s", path);
        goto out;
    }
    write_all(&o, r);
    xmlFreeTextWriter(o.w); /* flushes into bytes */
    if (o.bad)
        rc = err_set(e, ERR_NOMEM, "could not put the result together for %s", path);
    else
        rc = buf_write_file(path, xmlBufferContent(bytes), (size_t)xmlBufferLength(bytes), e);
out:
    xmlBufferFree(bytes);
    buf_release(&o.text);
    return rc;
}
