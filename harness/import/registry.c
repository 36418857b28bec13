#include "harness/import/registry.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/xml.h"
#include "harness/base/xmlw.h"

#define DEFINITIONS_MOST (256u * 1024)

static enum err_code no_memory(struct err *e)
{
    return err_set(e, ERR_NOMEM, "no memory for the definitions of a table");
}

void registry_init(struct registry *r)
{
    *r = (struct registry){.arena = ARENA_INIT};
}

void registry_release(struct registry *r)
{
    free(r->item);
    free(r->spelling);
    arena_release(&r->arena);
    registry_init(r);
}

static enum err_code add(struct registry *r, const struct definition *d, struct err *e)
{
    if (r->n == DEFINITIONS_MOST)
        return err_set(e, ERR_LIMIT, "more than %u definitions", DEFINITIONS_MOST);
    if (r->n == r->cap) {
        size_t cap = r->cap == 0 ? 256 : r->cap * 2;
        struct definition *more = realloc(r->item, cap * sizeof *more);
        if (more == NULL)
            return no_memory(e);
        r->item = more;
        r->cap = cap;
    }
    r->item[r->n++] = *d;
    return ERR_OK;
}

/* The letters and digits of a name in lower case: what stays of it in any spelling. */
static const char *bare(struct registry *r, const char *name)
{
    char *text = arena_strdup(&r->arena, name);
    size_t n = 0;
    for (const char *p = name; text != NULL && *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            text[n++] = (char)c;
    }
    if (text != NULL)
        text[n] = '\0';
    return text;
}

static enum err_code take_spelling(struct registry *r, xmlNodePtr node, struct err *e)
{
    if (strcmp(xml_attr_or(node, "of", ""), "actor") != 0)
        return ERR_OK;
    if (r->n_spelling == r->cap_spelling) {
        size_t cap = r->cap_spelling == 0 ? 32 : r->cap_spelling * 2;
        struct spelled *more = realloc(r->spelling, cap * sizeof *more);
        if (more == NULL)
            return no_memory(e);
        r->spelling = more;
        r->cap_spelling = cap;
    }
    size_t n = 0;
    for (xmlNodePtr c = xml_child(node, "reads"); c != NULL; c = xml_next(c, "reads"))
        n++;
    const char **reads = arena_alloc(&r->arena, n * sizeof *reads + 1);
    if (reads == NULL)
        return no_memory(e);
    n = 0;
    for (xmlNodePtr c = xml_child(node, "reads"); c != NULL; c = xml_next(c, "reads"))
        if ((reads[n++] = arena_strdup(&r->arena, xml_text(c))) == NULL)
            return no_memory(e);
    const char *written = arena_strdup(&r->arena, xml_attr_or(node, "written", ""));
    if (written == NULL || !names_put(&r->spellings, &r->arena, written, r->n_spelling))
        return no_memory(e);
    r->spelling[r->n_spelling++] = (struct spelled){reads, n};
    return ERR_OK;
}

static enum err_code take_node(struct registry *r, xmlNodePtr node, struct err *e)
{
    struct buf text;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    enum err_code rc = xml_write_node(node, &text, e);
    struct definition d = {
        .kind = arena_strdup(&r->arena, (const char *)node->name),
        .name = arena_strdup(&r->arena, xml_attr_or(node, "name", "")),
        .xml = arena_strdup(&r->arena, text.data == NULL ? "" : text.data),
        .lics = arena_strdup(&r->arena, xml_attr_or(node, "lics", "")),
        .cia = arena_strdup(&r->arena, xml_attr_or(node, "cia", "")),
    };
    buf_release(&text);
    if (rc != ERR_OK)
        return rc;
    if (d.kind == NULL || d.name == NULL || d.xml == NULL || d.lics == NULL || d.cia == NULL)
        return no_memory(e);
    if (strcmp(d.kind, "payload") == 0 && !names_put(&r->payloads, &r->arena, d.name, r->n))
        return no_memory(e);
    if (strcmp(d.kind, "use-case") == 0) {
        const char *key = bare(r, d.name);
        if (key == NULL || !names_put(&r->use_cases, &r->arena, key, r->n))
            return no_memory(e);
    }
    if (strcmp(d.kind, "spelling") == 0)
        rc = take_spelling(r, node, e);
    return rc == ERR_OK ? add(r, &d, e) : rc;
}

enum err_code registry_take(struct registry *r, const char *place, const char *xml, struct err *e)
{
    struct buf text;
    xmlDocPtr doc = NULL;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    enum err_code rc = buf_printf(&text, e, "<register>%s</register>", xml);
    if (rc == ERR_OK)
        rc = xml_parse(place, 0, text.data, text.len, &doc, e);
    xmlNodePtr root = rc == ERR_OK ? xmlDocGetRootElement(doc) : NULL;
    for (xmlNodePtr n = xml_child(root, NULL); n != NULL && rc == ERR_OK; n = xml_next(n, NULL)) {
        if (!xml_is(n, "requirements")) {
            rc = take_node(r, n, e);
            continue;
        }
        r->document = arena_strdup(&r->arena, xml_attr_or(n, "document", ""));
        r->edition = arena_strdup(&r->arena, xml_attr_or(n, "edition", ""));
        if (r->document == NULL || r->edition == NULL)
            rc = no_memory(e);
    }
    xmlFreeDoc(doc);
    buf_release(&text);
    return rc;
}

enum err_code registry_use_case(struct registry *r, const char *written, const char *section,
                                const char **name, bool *own, struct err *e)
{
    const char *key = bare(r, written);
    if (key == NULL)
        return no_memory(e);
    size_t at = names_find(&r->use_cases, key);
    if (at != NAMES_NONE) {
        *name = r->item[at].name;
        *own = r->item[at].own;
        return ERR_OK;
    }
    struct buf text;
    buf_init(&text, LIMIT_SHEET_CELL_BYTES);
    enum err_code rc = buf_puts(&text, "<use-case", e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(&text, "name", written, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(&text, "section", section, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(&text, "chapter", written, e);
    if (rc == ERR_OK)
        rc = buf_puts(&text, "/>", e);
    struct definition d = {"use-case", written, NULL, "", "", true};
    if (rc == ERR_OK && ((d.xml = arena_strdup(&r->arena, text.data)) == NULL ||
                         !names_put(&r->use_cases, &r->arena, key, r->n)))
        rc = no_memory(e);
    buf_release(&text);
    *name = written;
    *own = true;
    return rc == ERR_OK ? add(r, &d, e) : rc;
}

static enum err_code payload_xml(struct registry *r, const char *name, const char *section,
                                 const char *lics, const char *cia, const char **out, struct err *e)
{
    struct buf text;
    buf_init(&text, LIMIT_SHEET_CELL_BYTES);
    bool whole = lics[0] != '\0';
    enum err_code rc = buf_puts(&text, "<payload", e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(&text, "name", name, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(&text, "section", section, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(&text, "lics", whole ? lics : NULL, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(&text, "cia", whole ? cia : NULL, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(&text, "why", whole ? NULL : "the imported table gives it no categories",
                           e);
    if (rc == ERR_OK)
        rc = buf_puts(&text, "/>", e);
    if (rc == ERR_OK && (*out = arena_strdup(&r->arena, text.data)) == NULL)
        rc = no_memory(e);
    buf_release(&text);
    return rc;
}

enum err_code registry_payload(struct registry *r, const char *name, const char *section,
                               const char *lics, const char *cia, enum payload_facts *out,
                               struct err *e)
{
    size_t at = names_find(&r->payloads, name);
    bool none = lics[0] == '\0' && cia[0] == '\0';
    *out = FACTS_TAKEN;
    if (!none && (lics[0] == '\0' || cia[0] == '\0')) {
        *out = FACTS_HALF;
        return ERR_OK;
    }
    if (at != NAMES_NONE) {
        struct definition *d = &r->item[at];
        if (none)
            return ERR_OK;
        if (strcmp(d->lics, lics) == 0 && strcmp(d->cia, cia) == 0) {
            d->own = true;
            return ERR_OK;
        }
        if (d->own && d->lics[0] != '\0') {
            *out = FACTS_DIFFER;
            return ERR_OK;
        }
        d->own = true;
        d->lics = lics;
        d->cia = cia;
        return payload_xml(r, name, section, lics, cia, &d->xml, e);
    }
    struct definition d = {"payload", name, NULL, lics, cia, true};
    enum err_code rc = payload_xml(r, name, section, lics, cia, &d.xml, e);
    if (rc == ERR_OK && !names_put(&r->payloads, &r->arena, name, r->n))
        rc = no_memory(e);
    return rc == ERR_OK ? add(r, &d, e) : rc;
}

bool registry_has_payload(const struct registry *r, const char *name)
{
    return names_find(&r->payloads, name) != NAMES_NONE;
}

struct spelled registry_actor(const struct registry *r, const char *const *written)
{
    size_t at = names_find(&r->spellings, *written);
    return at == NAMES_NONE ? (struct spelled){written, 1} : r->spelling[at];
}

enum err_code registry_write(const struct registry *r, struct buf *out, struct err *e)
{
    static const char *const order[] = {"use-case",       "third-party", "spelling",
                                        "interpretation", "erratum",     "payload"};
    enum err_code rc = ERR_OK;
    size_t written = 0;
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
        for (size_t i = 0; i < r->n && rc == ERR_OK; i++) {
            if (strcmp(r->item[i].kind, order[k]) != 0)
                continue;
            rc = buf_printf(out, e, "  %s\n", r->item[i].xml);
            written++;
        }
    }
    return rc == ERR_OK && written < r->n
               ? err_set(e, ERR_DATA, "the register holds elements that no table defines")
               : rc;
}
