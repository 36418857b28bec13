#include "harness/base/xmlstream.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PARSE_OPTIONS                                                                              \
    (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES)

struct xmlstream {
    xmlParserCtxtPtr parser;
    struct xmlstream_handler handler;
    void *arg;
    const char *name;
    enum err_code rc;
    struct err fault;
};

struct xmlstream_attrs {
    const xmlChar **attr; /* local name, prefix, URI, value, its end */
    int n;
};

static bool find(const struct xmlstream_attrs *attrs, const char *name, const char **value,
                 size_t *len)
{
    for (int i = 0; i < attrs->n; i++) {
        const xmlChar **a = attrs->attr + (ptrdiff_t)i * 5;
        if (strcmp((const char *)a[0], name) == 0) {
            *value = (const char *)a[3];
            *len = (size_t)(a[4] - a[3]);
            return true;
        }
    }
    return false;
}

const char *xmlstream_attr_text(const struct xmlstream_attrs *attrs, const char *name, char *room,
                                size_t room_bytes)
{
    const char *value = "";
    size_t len = 0;
    if (find(attrs, name, &value, &len) && len >= room_bytes)
        len = room_bytes - 1;
    memcpy(room, value, len);
    room[len] = '\0';
    return room;
}

static void stop(struct xmlstream *x, enum err_code rc)
{
    x->rc = rc;
    xmlStopParser(x->parser);
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_ns, const xmlChar **ns, int n_attr, int n_default, const xmlChar **attr)
{
    struct xmlstream *x = arg;
    (void)prefix;
    (void)uri;
    (void)n_ns;
    (void)ns;
    (void)n_default;
    struct xmlstream_attrs attrs = {attr, n_attr};
    if (x->rc != ERR_OK)
        return;
    enum err_code rc = x->handler.start(x->arg, (const char *)name, &attrs, &x->fault);
    if (rc != ERR_OK)
        stop(x, rc);
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xmlstream *x = arg;
    (void)prefix;
    (void)uri;
    enum err_code rc =
        x->rc == ERR_OK ? x->handler.end(x->arg, (const char *)name, &x->fault) : ERR_OK;
    if (rc != ERR_OK)
        stop(x, rc);
}

static void on_text(void *arg, const xmlChar *text, int len)
{
    struct xmlstream *x = arg;
    enum err_code rc = x->rc == ERR_OK
                           ? x->handler.text(x->arg, (const char *)text, (size_t)len, &x->fault)
                           : ERR_OK;
    if (rc != ERR_OK)
        stop(x, rc);
}

static void on_doctype(void *arg, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
    struct xmlstream *x = arg;
    (void)name;
    (void)id;
    (void)uri;
    if (x->rc == ERR_OK)
        stop(x, err_set(&x->fault, ERR_DATA,
                        "%s:%d: declares a document type, expected none: entities are not expanded",
                        x->name, xmlSAX2GetLineNumber(x->parser)));
}

enum err_code xmlstream_open(const char *name, const struct xmlstream_handler *handler, void *arg,
                             struct xmlstream **out, struct err *e)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .ignorableWhitespace = on_text,
                         .internalSubset = on_doctype};
    struct xmlstream *x = calloc(1, sizeof *x);
    *out = NULL;
    if (x == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to read it", name);
    x->handler = *handler;
    x->arg = arg;
    x->name = name;
    x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
    if (x->parser == NULL) {
        free(x);
        return err_set(e, ERR_NOMEM, "%s: no memory to read it", name);
    }
    (void)xmlCtxtUseOptions(x->parser, PARSE_OPTIONS);
    *out = x;
    return ERR_OK;
}

static enum err_code feed(struct xmlstream *x, const char *data, size_t len, bool last,
                          struct err *e)
{
    int problem = xmlParseChunk(x->parser, data, (int)len, last);
    if (x->rc != ERR_OK) {
        if (e != NULL)
            *e = x->fault;
        return x->rc;
    }
    if (problem == 0 && x->parser->wellFormed)
        return ERR_OK;
    xmlErrorPtr fault = xmlCtxtGetLastError(x->parser);
    char text[200] = "no whole document";
    if (fault != NULL && fault->message != NULL) {
        size_t n = strcspn(fault->message, "\n");
        n = n < sizeof text ? n : sizeof text - 1;
        memcpy(text, fault->message, n);
        text[n] = '\0';
    }
    return err_set(e, ERR_DATA, "%s:%d: not well-formed XML: %s", x->name,
                   fault == NULL ? 0 : fault->line, text);
}

enum err_code xmlstream_feed(struct xmlstream *x, const void *data, size_t len, struct err *e)
{
    return feed(x, data, len, false, e);
}

enum err_code xmlstream_end(struct xmlstream *x, struct err *e)
{
    return feed(x, NULL, 0, true, e);
}

void xmlstream_close(struct xmlstream *x)
{
    if (x == NULL)
        return;
    if (x->parser->myDoc != NULL)
        xmlFreeDoc(x->parser->myDoc);
    xmlFreeParserCtxt(x->parser);
    free(x);
}
