#include <libxml/SAX2.h>
#include <libxml/dict.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/limits.h"
#include "harness/probe/envelope.h"

#define PATH_BYTES 1024 /* of one field; a hostile body could multiply long names otherwise */
#define DICT_BYTES (256u * 1024) /* names kept by the parser before it is replaced */
#define FIELDS_AT_FIRST 64

/* Positions in the text store: it may move while it grows. */
struct span {
    uint32_t at, len;
};
struct raw_field {
    struct span path, value;
};

enum place { AT_ELSEWHERE = 0, AT_HEADER, AT_REPLY, AT_PAYLOAD };

enum head_name {
    H_VERB = 0,
    H_NOUN,
    H_TIME,
    H_SOURCE,
    H_ADDRESS,
    H_ID,
    H_CORRELATION,
    H_RESULT,
    H_COUNT
};

static const char *const head_names[H_COUNT] = {
    [H_VERB] = "Verb",
    [H_NOUN] = "Noun",
    [H_TIME] = "Timestamp",
    [H_SOURCE] = "Source",
    [H_ADDRESS] = "ReplyAddress",
    [H_ID] = "MessageID",
    [H_CORRELATION] = "CorrelationID",
    [H_RESULT] = "Result",
};

static const char *const root_names[ENVELOPE_KIND_COUNT] = {
    [ENVELOPE_REQUEST] = "RequestMessage",
    [ENVELOPE_RESPONSE] = "ResponseMessage",
    [ENVELOPE_EVENT] = "EventMessage",
};

struct envelope_reader {
    xmlParserCtxtPtr parser;
    xmlSAXHandler sax;
    struct buf input; /* the body at hand with a closing 0 */
    char *text;       /* names and values of the message at hand */
    size_t text_len, text_cap;
    struct raw_field *raw;
    struct envelope_field *field;
    size_t n_field, field_cap;
    /* the message at hand */
    unsigned depth, elements;
    int kind; /* -1 before the root */
    enum place place;
    unsigned seen_places; /* bit per enum place */
    struct span head[H_COUNT];
    unsigned seen_heads; /* bit per enum head_name */
    int collect;         /* enum head_name whose text is being taken, -1 none */
    struct span element;
    bool has_element;
    bool leaf;       /* no child seen in the element at hand */
    size_t value_at; /* where the text of the element at hand begins */
    char path[PATH_BYTES];
    size_t path_len;
    size_t path_mark[LIMIT_BODY_XML_DEPTH + 1]; /* path_len in front of the element at that depth */
    struct err fault;                           /* first fault of the message */
};

/* ---- what the handlers use ---- */

static void stop(struct envelope_reader *r, enum err_code code, const char *what, const char *name)
{
    if (r->fault.code == ERR_OK)
        (void)err_set(&r->fault, code, "line %d: %s%s", xmlSAX2GetLineNumber(r->parser), what,
                      name);
    xmlStopParser(r->parser);
}

static bool store(struct envelope_reader *r, const char *data, size_t len)
{
    if (len > r->text_cap - r->text_len) {
        size_t cap = r->text_cap;
        while (len > cap - r->text_len)
            cap *= 2;
        char *text = realloc(r->text, cap);
        if (text == NULL) {
            stop(r, ERR_NOMEM, "no memory for the text of a message", "");
            return false;
        }
        r->text = text;
        r->text_cap = cap;
    }
    memcpy(r->text + r->text_len, data, len);
    r->text_len += len;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The text taken since value_at, without the white space around it. */
static struct span trimmed(const struct envelope_reader *r)
{
    size_t from = r->value_at, to = r->text_len;
    while (from < to && is_blank(r->text[from]))
        from++;
    while (to > from && is_blank(r->text[to - 1]))
        to--;
    return (struct span){(uint32_t)from, (uint32_t)(to - from)};
}

static void add_field(struct envelope_reader *r)
{
    if (r->n_field == LIMIT_BODY_FIELDS) {
        stop(r, ERR_LIMIT, "more data elements than allowed", "");
        return;
    }
    if (r->n_field == r->field_cap) {
        size_t cap = r->field_cap * 2;
        struct raw_field *raw = realloc(r->raw, cap * sizeof *raw);
        if (raw != NULL)
            r->raw = raw;
        struct envelope_field *field = realloc(r->field, cap * sizeof *field);
        if (field != NULL)
            r->field = field;
        if (raw == NULL || field == NULL) {
            stop(r, ERR_NOMEM, "no memory for the fields of a message", "");
            return;
        }
        r->field_cap = cap;
    }
    struct raw_field *f = &r->raw[r->n_field];
    f->value = trimmed(r);
    f->path = (struct span){(uint32_t)r->text_len, (uint32_t)r->path_len};
    if (store(r, r->path, r->path_len))
        r->n_field++;
}

static void enter_section(struct envelope_reader *r, const char *name)
{
    static const struct {
        const char *name;
        enum place place;
    } sections[] = {{"Header", AT_HEADER}, {"Reply", AT_REPLY}, {"Payload", AT_PAYLOAD}};
    r->place = AT_ELSEWHERE;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (strcmp(name, sections[i].name) != 0)
            continue;
        r->place = sections[i].place;
        if ((r->seen_places & 1u << r->place) != 0)
            stop(r, ERR_PROTO, "a second element ", sections[i].name);
        r->seen_places |= 1u << r->place;
        return;
    }
}

static void enter_head(struct envelope_reader *r, const char *name)
{
    int from = r->place == AT_HEADER ? H_VERB : H_RESULT;
    int to = r->place == AT_HEADER ? H_CORRELATION : H_RESULT;
    for (int i = from; i <= to; i++) {
        if (strcmp(name, head_names[i]) != 0)
            continue;
        if ((r->seen_heads & 1u << i) != 0)
            stop(r, ERR_PROTO, "a second element ", head_names[i]);
        r->seen_heads |= 1u << i;
        r->collect = i;
        return;
    }
}

static void enter_payload(struct envelope_reader *r, const char *name)
{
    if (r->has_element) {
        stop(r, ERR_PROTO, "a second element in Payload", "");
        return;
    }
    size_t len = strlen(name);
    r->has_element = true;
    r->element = (struct span){(uint32_t)r->text_len, (uint32_t)len};
    (void)store(r, name, len);
    r->path_len = 0;
}

static void enter_field(struct envelope_reader *r, const char *name)
{
    size_t len = strlen(name);
    r->path_mark[r->depth] = r->path_len;
    if (len + 1 > PATH_BYTES - r->path_len) {
        stop(r, ERR_LIMIT, "names of nested elements longer than allowed", "");
        return;
    }
    if (r->path_len > 0)
        r->path[r->path_len++] = '/';
    memcpy(r->path + r->path_len, name, len);
    r->path_len += len;
}

/* ---- SAX handlers ---- */

static void on_start(void *arg, const xmlChar *localname, const xmlChar *prefix, const xmlChar *uri,
                     int n_ns, const xmlChar **ns, int n_attr, int n_default, const xmlChar **attr)
{
    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_attr, (void)n_default, (void)attr;
    struct envelope_reader *r = arg;
    const char *name = (const char *)localname;
    if (r->depth == LIMIT_BODY_XML_DEPTH) {
        stop(r, ERR_LIMIT, "elements nested deeper than allowed", "");
        return;
    }
    if (++r->elements > LIMIT_BODY_XML_ELEMENTS) {
        stop(r, ERR_LIMIT, "more elements than allowed", "");
        return;
    }
    switch (r->depth) {
    case 0:
        for (int i = 0; i < ENVELOPE_KIND_COUNT; i++)
            if (strcmp(name, root_names[i]) == 0)
                r->kind = i;
        if (r->kind < 0)
            stop(r, ERR_PROTO, "root is neither RequestMessage, ResponseMessage nor EventMessage",
                 "");
        break;
    case 1:
        enter_section(r, name);
        break;
    case 2:
        if (r->place == AT_PAYLOAD)
            enter_payload(r, name);
        else if (r->place != AT_ELSEWHERE)
            enter_head(r, name);
        break;
    default:
        if (r->place == AT_PAYLOAD)
            enter_field(r, name);
        else
            r->collect = -1;
    }
    r->depth++;
    r->leaf = true;
    r->value_at = r->text_len;
}

static void on_end(void *arg, const xmlChar *localname, const xmlChar *prefix, const xmlChar *uri)
{
    (void)localname, (void)prefix, (void)uri;
    struct envelope_reader *r = arg;
    r->depth--;
    if (r->depth >= 2 && r->place == AT_PAYLOAD) {
        /* text right inside the payload element is data as well, though it has no name */
        if (r->leaf && (r->depth > 2 || trimmed(r).len > 0))
            add_field(r);
        if (r->depth > 2)
            r->path_len = r->path_mark[r->depth];
    } else if (r->depth == 2 && r->collect >= 0) {
        r->head[r->collect] = trimmed(r);
        r->collect = -1;
    }
    r->leaf = false;
}

static void on_text(void *arg, const xmlChar *text, int len)
{
    struct envelope_reader *r = arg;
    if (!r->leaf || len <= 0 || r->depth < 3)
        return;
    if (r->place != AT_PAYLOAD && r->collect < 0)
        return;
    if (r->text_len - r->value_at + (size_t)len > LIMIT_BODY_FIELD_BYTES) {
        stop(r, ERR_LIMIT, "text of an element longer than allowed", "");
        return;
    }
    (void)store(r, (const char *)text, (size_t)len);
}

static void on_doctype(void *arg, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    stop(arg, ERR_PROTO, "document type declarations are not accepted", "");
}

static void on_fault(void *arg, xmlErrorPtr fault)
{
    struct envelope_reader *r = arg;
    if (r->fault.code != ERR_OK || fault->level < XML_ERR_ERROR)
        return;
    size_t len = fault->message == NULL ? 0 : strcspn(fault->message, "\n");
    (void)err_set(&r->fault, fault->code == XML_ERR_NO_MEMORY ? ERR_NOMEM : ERR_PROTO,
                  "line %d: not well-formed XML: %.*s", fault->line, (int)(len < 300 ? len : 300),
                  len == 0 ? "" : fault->message);
}

/* ---- life cycle ---- */

static bool new_parser(struct envelope_reader *r)
{
    xmlFreeParserCtxt(r->parser);
    r->parser = xmlNewParserCtxt();
    if (r->parser == NULL)
        return false;
    *r->parser->sax = r->sax;
    r->parser->userData = r;
    r->parser->sax2 = 1;
    return xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOWARNING) == 0;
}

enum err_code envelope_reader_new(struct envelope_reader **out, struct err *e)
{
    struct envelope_reader *r = calloc(1, sizeof *r);
    *out = NULL;
    if (r == NULL)
        goto fail;
    r->sax.initialized = XML_SAX2_MAGIC;
    r->sax.startElementNs = on_start;
    r->sax.endElementNs = on_end;
    r->sax.characters = on_text;
    r->sax.ignorableWhitespace = on_text; /* the same: the parser need not tell them apart */
    r->sax.cdataBlock = on_text;
    r->sax.internalSubset = on_doctype;
    r->sax.serror = on_fault;
    buf_init(&r->input, LIMIT_HTTP_BODY_BYTES);
    r->text_cap = 4096;
    r->field_cap = FIELDS_AT_FIRST;
    r->text = malloc(r->text_cap);
    r->raw = malloc(r->field_cap * sizeof *r->raw);
    r->field = malloc(r->field_cap * sizeof *r->field);
    if (r->text == NULL || r->raw == NULL || r->field == NULL || !new_parser(r))
        goto fail;
    *out = r;
    return ERR_OK;
fail:
    envelope_reader_free(r);
    return err_set(e, ERR_NOMEM, "no memory for a reader of messages");
}

void envelope_reader_free(struct envelope_reader *r)
{
    if (r == NULL)
        return;
    xmlFreeParserCtxt(r->parser);
    free(r->field);
    free(r->raw);
    buf_release(&r->input);
    free(r->text);
    free(r);
}

/* ---- reading ---- */

/* The parser compares every attribute of an element with every other, so their number has a
 * ceiling, which must be found before it sees them. */
static bool too_many_attributes(const char *body, size_t len)
{
    const char *p = body, *end = body + len;
    unsigned all = 0;
    while ((p = memchr(p, '=', (size_t)(end - p))) != NULL && ++all <= LIMIT_BODY_XML_ATTRIBUTES)
        p++;
    if (p == NULL)
        return false;
    for (p = body; (p = memchr(p, '<', (size_t)(end - p))) != NULL;) {
        unsigned n = 0;
        char quote = '\0';
        for (p++; p < end && (quote != '\0' || *p != '>'); p++) {
            if (quote != '\0')
                quote = *p == quote ? '\0' : quote;
            else if (*p == '"' || *p == '\'')
                quote = *p;
            else if (*p == '=' && ++n > LIMIT_BODY_XML_ATTRIBUTES)
                return true;
        }
    }
    return false;
}

static void reset(struct envelope_reader *r)
{
    r->text_len = r->n_field = 0;
    r->depth = r->elements = 0;
    r->kind = r->collect = -1;
    r->place = AT_ELSEWHERE;
    r->seen_places = r->seen_heads = 0;
    memset(r->head, 0, sizeof r->head);
    r->element = (struct span){0, 0};
    r->has_element = r->leaf = false;
    r->value_at = r->path_len = 0;
    r->fault.code = ERR_OK;
    r->fault.text[0] = '\0';
}

/* UTF-8 by declaration or by default, without a byte order mark. */
static bool is_plain_utf8(const char *body, size_t len)
{
    static const char start[] = "<?xml", word[] = "encoding";
    if (body[0] != '<' || len < sizeof start || memcmp(body, start, sizeof start - 1) != 0)
        return body[0] == '<' && len > 1 && body[1] != '\0';
    const char *end = memchr(body, '>', len);
    const char *at = end == NULL ? NULL : memmem(body, (size_t)(end - body), word, sizeof word - 1);
    if (at == NULL)
        return end != NULL;
    at += sizeof word - 1;
    while (at < end && (is_blank(*at) || *at == '=' || *at == '"' || *at == '\''))
        at++;
    return end - at > 5 && strncasecmp(at, "utf-8", 5) == 0 && (at[5] == '"' || at[5] == '\'');
}

/* The parser's input. Plain UTF-8 goes by as it is, which saves a quarter of the time; the rest
 * through a buffer that can convert. (The variant of that for static memory makes libxml2 2.9 read
 * parts of longer bodies twice.) NULL: no memory. */
static xmlParserInputPtr open_input(struct envelope_reader *r, const char *body, size_t len,
                                    bool plain)
{
    if (plain) {
        buf_reset(&r->input);
        if (buf_append(&r->input, body, len, NULL) != ERR_OK)
            return NULL;
        return xmlNewStringInputStream(r->parser, (const xmlChar *)r->input.data);
    }
    xmlParserInputBufferPtr buffer =
        xmlParserInputBufferCreateMem(body, (int)len, XML_CHAR_ENCODING_NONE);
    if (buffer == NULL)
        return NULL;
    xmlParserInputPtr input = xmlNewIOInputStream(r->parser, buffer, XML_CHAR_ENCODING_NONE);
    if (input == NULL)
        xmlFreeParserInputBuffer(buffer);
    return input;
}

static enum err_code parse(struct envelope_reader *r, const char *body, size_t len, bool plain,
                           struct err *e)
{
    if (xmlDictGetUsage(r->parser->dict) > DICT_BYTES && !new_parser(r))
        return err_set(e, ERR_NOMEM, "no memory for a parser");
    xmlCtxtReset(r->parser);
    xmlParserInputPtr input = open_input(r, body, len, plain);
    if (input == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a parser's input");
    (void)inputPush(r->parser, input);
    (void)xmlParseDocument(r->parser);
    if (r->fault.code != ERR_OK)
        return err_set(e, r->fault.code, "%s", r->fault.text);
    if (!r->parser->wellFormed || !r->parser->nsWellFormed)
        return err_set(e, ERR_PROTO, "not well-formed XML");
    return ERR_OK;
}

static struct slice slice_of(const struct envelope_reader *r, struct span s)
{
    return (struct slice){r->text + s.at, s.len};
}

enum err_code envelope_read(struct envelope_reader *r, const void *body, size_t len,
                            struct envelope *out, struct err *e)
{
    if (len == 0)
        return err_set(e, ERR_PROTO, "empty body, expected an XML message");
    if (len > LIMIT_HTTP_BODY_BYTES)
        return err_set(e, ERR_LIMIT, "body of %zu bytes, at most %u are read", len,
                       LIMIT_HTTP_BODY_BYTES);
    bool plain = is_plain_utf8(body, len);
    if (plain && memchr(body, '\0', len) != NULL)
        return err_set(e, ERR_PROTO, "not well-formed XML: a zero byte");
    if (too_many_attributes(body, len))
        return err_set(e, ERR_LIMIT, "an element with more than %d attributes",
                       LIMIT_BODY_XML_ATTRIBUTES);
    reset(r);
    enum err_code rc = parse(r, body, len, plain, e);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < r->n_field; i++)
        r->field[i] =
            (struct envelope_field){slice_of(r, r->raw[i].path), slice_of(r, r->raw[i].value)};
    *out = (struct envelope){
        .kind = (enum envelope_kind)r->kind,
        .verb = slice_of(r, r->head[H_VERB]),
        .noun = slice_of(r, r->head[H_NOUN]),
        .timestamp = slice_of(r, r->head[H_TIME]),
        .source = slice_of(r, r->head[H_SOURCE]),
        .reply_address = slice_of(r, r->head[H_ADDRESS]),
        .message_id = slice_of(r, r->head[H_ID]),
        .correlation_id = slice_of(r, r->head[H_CORRELATION]),
        .result = slice_of(r, r->head[H_RESULT]),
        .element = slice_of(r, r->element),
        .field = r->field,
        .n_field = r->n_field,
    };
    return ERR_OK;
}
