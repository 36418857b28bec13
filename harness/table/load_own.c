/* load_own - what own tables have besides: requirement texts, child rows; and the declarations of a
 * table as text, so that it can be exported whole. */
#include <string.h>

#include "harness/base/limits.h"
#include "harness/table/load.h"

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
        rc = xml_write_node(c, &one, l->e);
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
            rc = xml_write_node(n, &text, l->e);
    if (rc == ERR_OK)
        rc = keep(l, &text, &row->readings);
    buf_release(&text);
    return rc;
}

/* The word stands beside the text for people; neither may change alone. */
static enum err_code take_word(struct loading *l, xmlNodePtr node, const char *text, bool *optional)
{
    const char *want = table_asks_optional(text) ? "may" : "shall";
    *optional = table_asks_optional(text);
    return strcmp(xml_attr_or(node, "word", ""), want) == 0
               ? ERR_OK
               : xml_fault(node, l->e, "word=\"%s\" is not what the text says, expected \"%s\"",
                           xml_attr_or(node, "word", ""), want);
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
        if (q->ref == NULL || q->text == NULL || load_optional(l, n, "leg", &q->leg) != ERR_OK)
            return ERR_NOMEM;
        enum err_code rc = take_word(l, n, q->text, &q->optional);
        if (rc != ERR_OK)
            return rc;
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
    if (part->ref == NULL || part->type == NULL || part->when == NULL || part->how_often == NULL ||
        part->requirement == NULL)
        return ERR_NOMEM;
    enum err_code rc = take_word(l, node, part->requirement, &part->optional);
    return rc != ERR_OK || xml_attr_or(node, "leg", "")[0] == '\0'
               ? rc
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
