/* xml - files that people write, read safely with libxml2 and checked against a RELAX NG schema.
 *
 * No network, no entity expansion, no HUGE. A fault names file and line and what was expected.
 * Ownership: the caller frees the document with xmlFreeDoc; strings are the document's. Its texts
 *            are not to be changed (libxml2 keeps short ones within their nodes).
 * Errors:    ERR_DATA.
 */
#ifndef HARNESS_XML_H
#define HARNESS_XML_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/base/err.h"
#include "harness/base/sha256.h"

/* Parses path and validates it against our schema of that name ("fixtures/schemas/plan.rng"). The
 * root's attribute "version" must equal version (NULL: not looked at), told before any other schema
 * fault. digest (or NULL) becomes the SHA-256 of the very bytes that were parsed. */
enum err_code xml_load(const char *path, const char *schema, const char *version, xmlDocPtr *out,
                       char digest[SHA256_HEX_BYTES], struct err *e);

/* Parses bytes that are one whole document; no schema. name and line (0: none) stand before faults:
 * "name:line". */
enum err_code xml_parse(const char *name, long line, const void *data, size_t len, xmlDocPtr *out,
                        struct err *e);

/* First child element of that name (any namespace), or the next sibling of that name. NULL at the
 * end. name NULL: any element. */
xmlNodePtr xml_child(xmlNodePtr parent, const char *name);
xmlNodePtr xml_next(xmlNodePtr node, const char *name);
bool xml_is(xmlNodePtr node, const char *name);

/* The attribute's value borrowed from the document, or NULL. */
const char *xml_attr(xmlNodePtr node, const char *name);
/* As above, fallback instead of NULL. */
const char *xml_attr_or(xmlNodePtr node, const char *name, const char *fallback);
/* The element's only text borrowed from the document; "" when empty. */
const char *xml_text(xmlNodePtr node);

/* Integer attribute within [min, max]; missing gives fallback. Else ERR_DATA, file and line. */
enum err_code xml_attr_i64(xmlNodePtr node, const char *name, int64_t min, int64_t max,
                           int64_t fallback, int64_t *out, struct err *e);
/* "file:line" of a node into e's text with the message behind. Returns ERR_DATA. */
enum err_code xml_fault(xmlNodePtr node, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The element as text on one line: without comments, without white space between elements. */
enum err_code xml_write_node(xmlNodePtr node, struct buf *out, struct err *e);

#endif
