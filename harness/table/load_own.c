/* load_own - what own tables have besides: requirement texts, child rows; and the declarations of a
 * table as text, so that it can be exported whole. */
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/xmlw.h"
#include "harness/table/load.h"

/* White space between elements goes, that of a text stays. */
static bool is_space(xmlNodePtr node)
{
    const char *text = (const char *)node->content;
    return text[strspn(text, " \t\r\n")] == '\0';
}

static enum err_code put_node(xmlNodePtr node, struct buf *out, struct err *e)
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
            rc = put_node(n, out, e);
        else if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) &&
                 (!is_space(n) || n->next == n->prev))
            rc = xmlw_escape(out, (const char *)n->content, e);
    }
    return rc == ERR_OK ? buf_printf(out, e, "</%s>", name) : rc;
}

static enum err_code keep(struct loading *l, struct buf *text, const char **out)
{
    *out = arena_strdup(&l->arena, text->data == NULL ? "" : text->data);
    buf_reset(text);
    return *out != NULL ? ERR_OK : err_set(l->e, ERR_NOMEM, "no memory for the requirement table");
}

enum err_code load_definitions(struct loading *l, xmlNodePtr root)
{
    size_t n = 0;
    for (xmlNodePtr c = xml_child(root, NULL); c != NULL && !xml_is(c, "table");
         c = xml_next(c, NULL))
        n++;
    const char **text = load_alloc(l, n, sizeof *text);
    if (text == NULL)
        return ERR_NOMEM;
    l->table->definition = text;
    struct buf one;
    buf_init(&one, LIMIT_XML_FILE_BYTES);
    enum err_code rc = ERR_OK;
    for (xmlNodePtr c = xml_child(root, NULL); c != NULL && !xml_is(c, "table") && rc == ERR_OK;
         c = xml_next(c, NULL)) {
        rc = put_node(c, &one, l->e);
        if (rc == ERR_OK)
            rc = keep(l, &one, &text[l->table->n_definition++]);
    }
    buf_release(&one);
    return rc;
}

/* What is declared of a row beside its cells. */
static enum err_code keep_readings(struct loading *l, xmlNodePtr node, struct table_row *row)
{
    struct buf text;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    enum err_code rc = ERR_OK;
    for (xmlNodePtr n = xml_child(node, NULL); n != NULL && rc == ERR_OK; n = xml_next(n, NULL))
        if ((xml_is(n, "requirement") && xml_attr(n, "leg") != NULL) || xml_is(n, "unlisted") ||
            xml_is(n, "leg"))
            rc = put_node(n, &text, l->e);
    if (rc == ERR_OK)
        rc = keep(l, &text, &row->readings);
    buf_release(&text);
    return rc;
}

static bool is_optional(xmlNodePtr node)
{
    return strcmp(xml_attr_or(node, "word", "shall"), "may") == 0;
}

enum err_code load_requirements(struct loading *l, xmlNodePtr node, struct table_row *row)
{
    struct table_requirement *q = load_alloc(l, load_count(node, "requirement"), sizeof *q);
    if (q == NULL)
        return ERR_NOMEM;
    row->requirement = q;
    for (xmlNodePtr n = xml_child(node, "requirement"); n != NULL;
         n = xml_next(n, "requirement"), q++) {
        q->ref = load_string(l, n, "ref");
        q->text = load_string(l, n, NULL);
        q->optional = is_optional(n);
        if (q->ref == NULL || q->text == NULL || load_optional(l, n, "leg", &q->leg) != ERR_OK)
            return ERR_NOMEM;
        row->n_requirement++;
    }
    return keep_readings(l, node, row);
}

static enum err_code part_child(struct loading *l, xmlNodePtr node, struct table_part *part)
{
    if (node == NULL)
        return ERR_OK;
    part->ref = load_string(l, node, "ref");
    part->type = load_string(l, node, "type");
    part->when = load_string(l, node, "when");
    part->how_often = load_string(l, node, "how_often");
    part->requirement = load_string(l, node, NULL);
    part->optional = is_optional(node);
    if (part->ref == NULL || part->type == NULL || part->when == NULL || part->how_often == NULL ||
        part->requirement == NULL)
        return ERR_NOMEM;
    return xml_attr_or(node, "leg", "")[0] == '\0' ? ERR_OK
                                                   : load_optional(l, node, "leg", &part->leg);
}

enum err_code load_part(struct loading *l, xmlNodePtr node, const char *section,
                        struct table_part *part)
{
    part->section = section;
    part->line = (int)xmlGetLineNo(node);
    part->from = load_string(l, node, "from");
    part->to = load_string(l, node, "to");
    part->latency = load_string(l, node, "latency");
    part->reliability = load_string(l, node, "reliability");
    part->size = load_string(l, node, "size");
    if (part->from == NULL || part->to == NULL || part->latency == NULL ||
        part->reliability == NULL || part->size == NULL)
        return ERR_NOMEM;
    enum err_code rc = load_optional(l, node, "payload", &part->payload);
    if (rc == ERR_OK)
        rc = load_optional(l, node, "row", &part->row);
    if (rc == ERR_OK)
        rc = load_optional(l, node, "dataflow", &part->dataflow);
    return rc == ERR_OK ? part_child(l, xml_child(node, "child"), part) : rc;
}
