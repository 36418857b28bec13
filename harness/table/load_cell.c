#include <string.h>

#include "harness/base/limits.h"
#include "harness/table/load.h"

/* The stored element written the way cell_item_write does, so that both compare as text. */
static enum err_code write_stored(xmlNodePtr node, struct buf *out, struct err *e)
{
    enum err_code rc = buf_printf(out, e, "<%s", (const char *)node->name);
    for (xmlAttrPtr a = node->properties; a != NULL && rc == ERR_OK; a = a->next) {
        const char *value = a->children == NULL ? "" : (const char *)a->children->content;
        xmlChar *escaped = xmlEncodeSpecialChars(node->doc, (const xmlChar *)value);
        if (escaped == NULL)
            return err_set(e, ERR_NOMEM, "no memory for a cell");
        rc = buf_printf(out, e, " %s=\"%s\"", (const char *)a->name, (const char *)escaped);
        xmlFree(escaped);
    }
    return rc == ERR_OK ? buf_puts(out, "/>", e) : rc;
}

/* Neither side alone may change: the parsed form is there for people, the grammar for the program.
 */
static enum err_code compare(struct loading *l, xmlNodePtr node, const struct cell *cell)
{
    struct buf want, have;
    buf_init(&want, LIMIT_XML_FILE_BYTES);
    buf_init(&have, LIMIT_XML_FILE_BYTES);
    enum err_code rc = ERR_OK;
    xmlNodePtr stored = xml_next(xml_child(node, "written"), NULL);
    for (size_t i = 0; i < cell->n_item && rc == ERR_OK; i++, stored = xml_next(stored, NULL)) {
        if (stored == NULL) {
            rc = xml_fault(node, l->e, "%s: %zu members of the cell are listed, it has %zu",
                           cell_column_name(cell->column), i, cell->n_item);
            goto out;
        }
        buf_reset(&want);
        buf_reset(&have);
        rc = cell_item_write(&cell->item[i], &want, l->e);
        if (rc == ERR_OK)
            rc = write_stored(stored, &have, l->e);
        if (rc == ERR_OK && strcmp(want.data, have.data) != 0)
            rc = xml_fault(stored, l->e, "%s is not what the cell says, expected %s", have.data,
                           want.data);
    }
    if (rc == ERR_OK && stored != NULL)
        rc = xml_fault(stored, l->e, "the cell has %zu members only", cell->n_item);
out:
    buf_release(&want);
    buf_release(&have);
    return rc;
}

enum err_code load_cell(struct loading *l, xmlNodePtr node, enum table_cell column,
                        const char **written, struct cell *out)
{
    *written = load_string(l, xml_child(node, "written"), NULL);
    if (*written == NULL)
        return ERR_NOMEM;
    enum err_code rc = cell_parse(column, *written, &l->arena, out, l->e);
    if (rc == ERR_LIMIT)
        return xml_fault(node, l->e, "%s", l->e->text);
    return rc == ERR_OK ? compare(l, node, out) : rc;
}
