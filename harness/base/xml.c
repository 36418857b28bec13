#include "harness/base/xml.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/xmlerror.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/base/where.h"
#include "harness/base/xmlw.h"

#define PARSE_OPTIONS                                                                              \
    (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES |             \
     XML_PARSE_COMPACT)

/* Keeps the first fault that has a line: the ones behind it are mostly its echoes, and the
 * validator tells some about attributes without a place, then again with one. */
struct first_fault {
    int line;
    char text[400];
};

static void note_fault(void *arg, xmlErrorPtr fault)
{
    struct first_fault *f = arg;
    if ((f->text[0] != '\0' && f->line > 0) || fault->message == NULL)
        return;
    f->line =
        fault->line == 0 && fault->node != NULL ? (int)xmlGetLineNo(fault->node) : fault->line;
    (void)snprintf(f->text, sizeof f->text, "%s", fault->message);
    size_t n = strlen(f->text);
    while (n > 0 && (f->text[n - 1] == '\n' || f->text[n - 1] == ' '))
        f->text[--n] = '\0';
}

static enum err_code check_schema(xmlDocPtr doc, const char *path, const char *schema_path,
                                  struct err *e)
{
    enum err_code rc = ERR_OK;
    struct first_fault fault = {0, ""};
    xmlRelaxNGPtr schema = NULL;
    xmlRelaxNGValidCtxtPtr valid = NULL;
    if (access(schema_path, R_OK) == -1) /* libxml2 would say so itself, on standard error */
        return err_sys(e, errno, "%s: schema cannot be read", schema_path);
    xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(schema_path);
    if (parser != NULL) {
        xmlRelaxNGSetParserStructuredErrors(parser, note_fault, &fault);
        schema = xmlRelaxNGParse(parser);
    }
    if (schema == NULL) {
        rc = err_set(e, ERR_DATA, "%s:%d: schema cannot be used: %s", schema_path, fault.line,
                     fault.text[0] != '\0' ? fault.text : "missing or not RELAX NG");
        goto out;
    }
    valid = xmlRelaxNGNewValidCtxt(schema);
    if (valid == NULL) {
        rc = err_set(e, ERR_NOMEM, "no memory to validate %s", path);
        goto out;
    }
    xmlRelaxNGSetValidStructuredErrors(valid, note_fault, &fault);
    if (xmlRelaxNGValidateDoc(valid, doc) != 0)
        rc = err_set(e, ERR_DATA, "%s:%d: does not match %s: %s", path, fault.line, schema_path,
                     fault.text);
out:
    xmlRelaxNGFreeValidCtxt(valid);
    xmlRelaxNGFree(schema);
    xmlRelaxNGFreeParserCtxt(parser);
    return rc;
}

/* A document of which a parser has said all that it has to say. */
static enum err_code parsed(xmlParserCtxtPtr parser, const char *name, long line, xmlDocPtr doc,
                            struct err *e)
{
    struct first_fault f = {0, ""};
    if (doc != NULL)
        return ERR_OK;
    xmlErrorPtr fault = xmlCtxtGetLastError(parser);
    if (fault != NULL)
        note_fault(&f, fault);
    return err_set(e, ERR_DATA, "%s:%ld: not well-formed XML: %s", name,
                   line > 0 ? line : (long)f.line, f.text[0] != '\0' ? f.text : "no document");
}

enum err_code xml_parse(const char *name, long line, const void *data, size_t len, xmlDocPtr *out,
                        struct err *e)
{
    *out = NULL;
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (parser == NULL)
        return err_set(e, ERR_NOMEM, "no memory to parse %s", name);
    if (len <= LIMIT_XML_FILE_BYTES)
        *out = xmlCtxtReadMemory(parser, data, (int)len, name, NULL, PARSE_OPTIONS);
    enum err_code rc = parsed(parser, name, line, *out, e);
    xmlFreeParserCtxt(parser);
    return rc;
}

/* A file that a parser takes by pieces, so that its bytes never stand beside the document. */
struct source {
    const char *path;
    int fd;
    size_t len;
    struct sha256 *digest; /* of what was taken, NULL: nobody asks */
    enum err_code rc;
    struct err *e;
};

static int take(void *arg, char *room, int room_bytes)
{
    struct source *s = arg;
    ssize_t n;
    do {
        n = read(s->fd, room, (size_t)room_bytes);
    } while (n == -1 && errno == EINTR);
    if (n == -1)
        s->rc = err_set(s->e, ERR_DATA, "%s: cannot be read: %s", s->path, strerror(errno));
    else if ((size_t)n > LIMIT_XML_FILE_BYTES - s->len)
        s->rc = err_set(s->e, ERR_DATA, "%s: longer than the %u bytes allowed", s->path,
                        LIMIT_XML_FILE_BYTES);
    else if (n > 0 && s->digest != NULL && !sha256_add(s->digest, room, (size_t)n))
        s->rc = err_set(s->e, ERR_SYS, "%s: no digest of it can be made", s->path);
    if (s->rc != ERR_OK)
        return -1;
    s->len += (size_t)n;
    return (int)n;
}

static enum err_code parse_source(struct source *s, xmlDocPtr *out, struct err *e)
{
    char rest[4096];
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (parser == NULL)
        return err_set(e, ERR_NOMEM, "no memory to parse %s", s->path);
    *out = xmlCtxtReadIO(parser, take, NULL, s, s->path, NULL, PARSE_OPTIONS);
    while (s->rc == ERR_OK && take(s, rest, sizeof rest) > 0) /* the digest is of all of it */
        ;
    enum err_code rc = s->rc;
    if (rc == ERR_OK && s->len == 0)
        rc = err_set(e, ERR_DATA, "%s: is empty, expected an XML document", s->path);
    if (rc == ERR_OK)
        rc = parsed(parser, s->path, 0, *out, e);
    xmlFreeParserCtxt(parser);
    return rc;
}

static enum err_code parse_file(const char *path, xmlDocPtr *out, char *digest, struct err *e)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return err_set(e, ERR_DATA, "%s: is a folder, expected an XML file", path);
    struct source s = {.path = path, .rc = ERR_OK, .e = e};
    s.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s.fd == -1)
        return err_set(e, ERR_DATA, "%s: cannot be opened: %s", path, strerror(errno));
    enum err_code rc = ERR_OK;
    if (digest != NULL && (s.digest = sha256_begin()) == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory for the digest of %s", path);
    if (rc == ERR_OK)
        rc = parse_source(&s, out, e);
    if (s.digest != NULL && !sha256_end(s.digest, digest) && rc == ERR_OK)
        rc = err_set(e, ERR_SYS, "%s: no digest of it can be made", path);
    (void)close(s.fd);
    return rc;
}

enum err_code xml_load(const char *path, const char *schema, const char *version, xmlDocPtr *out,
                       char digest[SHA256_HEX_BYTES], struct err *e)
{
    char schema_path[PATH_MAX];
    xmlDocPtr doc = NULL;
    *out = NULL;
    enum err_code rc = parse_file(path, &doc, digest, e);
    xmlNodePtr root = rc == ERR_OK ? xmlDocGetRootElement(doc) : NULL;
    const char *have = root == NULL ? NULL : xml_attr(root, "version");
    if (version != NULL && have != NULL && strcmp(have, version) != 0)
        rc = err_set(e, ERR_DATA, "%s:%ld: version \"%s\", this gridassay reads version \"%s\"",
                     path, xmlGetLineNo(root), have, version);
    if (rc == ERR_OK)
        rc = where_data(schema, schema_path, sizeof schema_path, e);
    if (rc == ERR_OK)
        rc = check_schema(doc, path, schema_path, e);
    if (rc == ERR_OK)
        *out = doc;
    else
        xmlFreeDoc(doc);
    return rc;
}

bool xml_is(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           (name == NULL || strcmp((const char *)node->name, name) == 0);
}

xmlNodePtr xml_child(xmlNodePtr parent, const char *name)
{
    xmlNodePtr n = parent == NULL ? NULL : parent->children;
    while (n != NULL && !xml_is(n, name))
        n = n->next;
    return n;
}

xmlNodePtr xml_next(xmlNodePtr node, const char *name)
{
    xmlNodePtr n = node->next;
    while (n != NULL && !xml_is(n, name))
        n = n->next;
    return n;
}

const char *xml_attr(xmlNodePtr node, const char *name)
{
    for (xmlAttrPtr a = node->properties; a != NULL; a = a->next)
        if (strcmp((const char *)a->name, name) == 0)
            return a->children == NULL ? "" : (const char *)a->children->content;
    return NULL;
}

const char *xml_attr_or(xmlNodePtr node, const char *name, const char *fallback)
{
    const char *value = xml_attr(node, name);
    return value == NULL ? fallback : value;
}

const char *xml_text(xmlNodePtr node)
{
    for (xmlNodePtr n = node == NULL ? NULL : node->children; n != NULL; n = n->next)
        if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
            return (const char *)n->content;
    return "";
}

enum err_code xml_fault(xmlNodePtr node, struct err *e, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    const char *url =
        node->doc != NULL && node->doc->URL != NULL ? (const char *)node->doc->URL : "?";
    return err_set(e, ERR_DATA, "%s:%ld: %s", url, xmlGetLineNo(node), text);
}

enum err_code xml_attr_i64(xmlNodePtr node, const char *name, int64_t min, int64_t max,
                           int64_t fallback, int64_t *out, struct err *e)
{
    const char *value = xml_attr(node, name);
    if (value == NULL) {
        *out = fallback;
        return ERR_OK;
    }
    if (!num_i64(value, strlen(value), min, max, out))
        return xml_fault(node, e, "%s=\"%s\", expected a whole number from %lld to %lld", name,
                         value, (long long)min, (long long)max);
    return ERR_OK;
}

/* White space between elements goes, that of a text stays. */
static bool is_space(xmlNodePtr node)
{
    const char *text = (const char *)node->content;
    return text[strspn(text, " \t\r\n")] == '\0';
}

enum err_code xml_write_node(xmlNodePtr node, struct buf *out, struct err *e)
{
    const char *name = (const char *)node->name;
    enum err_code rc = buf_printf(out, e, "<%s", name);
    for (xmlAttrPtr a = node->properties; a != NULL && rc == ERR_OK; a = a->next)
        rc = xmlw_put_attr(out, (const char *)a->name, xml_attr(node, (const char *)a->name), e);
    if (rc != ERR_OK || node->children == NULL)
        return rc == ERR_OK ? buf_puts(out, "/>", e) : rc;
    rc = buf_puts(out, ">", e);
    for (xmlNodePtr n = node->children; n != NULL && rc == ERR_OK; n = n->next) {
        if (n->type == XML_ELEMENT_NODE)
            rc = xml_write_node(n, out, e);
        else if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) &&
                 (!is_space(n) || n->next == n->prev))
            rc = xmlw_escape(out, (const char *)n->content, e);
    }
    return rc == ERR_OK ? buf_printf(out, e, "</%s>", name) : rc;
}
