#include "harness/table/load.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/where.h"

#define TABLE_FILE "fixtures/requirements/sg-network-5.1.xml"
#define TABLE_SCHEMA "fixtures/requirements/sg-network.rng"
#define PATH_BYTES 4096

void *load_alloc(struct loading *l, size_t n, size_t size)
{
    void *p = arena_alloc(&l->arena, n * size + 1);
    if (p == NULL)
        (void)err_set(l->e, ERR_NOMEM, "no memory for the requirement table");
    return p;
}

const char *load_string(struct loading *l, xmlNodePtr node, const char *attr)
{
    const char *text = attr == NULL ? xml_text(node) : xml_attr_or(node, attr, "");
    const char *copy = arena_strdup(&l->arena, text);
    if (copy == NULL)
        (void)err_set(l->e, ERR_NOMEM, "no memory for the requirement table");
    return copy;
}

const char *load_words(struct loading *l, xmlNodePtr node)
{
    const char *text = xml_text(node);
    const char *copy = cell_fold(&l->arena, text, strlen(text));
    if (copy == NULL)
        (void)err_set(l->e, ERR_NOMEM, "no memory for the requirement table");
    return copy;
}

enum err_code load_optional(struct loading *l, xmlNodePtr node, const char *attr, const char **out)
{
    *out = NULL;
    if (xml_attr(node, attr) == NULL)
        return ERR_OK;
    *out = load_string(l, node, attr);
    return *out == NULL ? ERR_NOMEM : ERR_OK;
}

size_t load_count(xmlNodePtr parent, const char *name)
{
    size_t n = 0;
    for (xmlNodePtr c = xml_child(parent, name); c != NULL; c = xml_next(c, name))
        n++;
    return n;
}

enum err_code load_strings(struct loading *l, xmlNodePtr parent, const char *name,
                           const char *const **out, size_t *n)
{
    const char **list = load_alloc(l, load_count(parent, name), sizeof *list);
    if (list == NULL)
        return ERR_NOMEM;
    *n = 0;
    for (xmlNodePtr c = xml_child(parent, name); c != NULL; c = xml_next(c, name)) {
        list[*n] = load_string(l, c, NULL);
        if (list[(*n)++] == NULL)
            return ERR_NOMEM;
    }
    *out = list;
    return ERR_OK;
}

void load_spelled(const struct loading *l, enum table_cell column, const char *const *written,
                  const char *const **reads, size_t *n)
{
    for (size_t i = 0; i < l->n_spelling; i++) {
        if (l->spelling[i].column == column && strcmp(l->spelling[i].written, *written) == 0) {
            *reads = l->spelling[i].reads;
            *n = l->spelling[i].n_reads;
            return;
        }
    }
    *reads = written;
    *n = 1;
}

enum err_code load_cause(struct loading *l, xmlNodePtr node, enum table_trigger *trigger,
                         const char **command)
{
    const char *name = xml_attr(node, "trigger");
    if (name == NULL)
        return ERR_OK;
    size_t i = 0;
    while (i < TRIGGER_COUNT && strcmp(name, table_trigger_name((enum table_trigger)i)) != 0)
        i++;
    if (i == TRIGGER_COUNT)
        return xml_fault(node, l->e, "trigger \"%s\", expected command, schedule or event", name);
    *trigger = (enum table_trigger)i;
    return load_optional(l, node, "command", command);
}

static enum err_code load_title(struct loading *l, xmlNodePtr root)
{
    l->table->document = load_string(l, root, "document");
    l->table->edition = load_string(l, root, "edition");
    return l->table->document == NULL || l->table->edition == NULL ? ERR_NOMEM : ERR_OK;
}

static enum err_code load_register(struct loading *l, xmlNodePtr root)
{
    struct table_interpretation *in = load_alloc(l, load_count(root, "interpretation"), sizeof *in);
    struct table_erratum *er = load_alloc(l, load_count(root, "erratum"), sizeof *er);
    if (in == NULL || er == NULL)
        return ERR_NOMEM;
    l->table->interpretation = in;
    l->table->erratum = er;
    for (xmlNodePtr n = xml_child(root, "interpretation"); n != NULL;
         n = xml_next(n, "interpretation"), in++) {
        if (table_interpretation_by_id(l->table, xml_attr_or(n, "id", "")) != NULL)
            return xml_fault(n, l->e, "interpretation \"%s\" twice", xml_attr(n, "id"));
        in->id = load_string(l, n, "id");
        in->section = load_string(l, n, "section");
        in->reading = load_words(l, xml_child(n, "reading"));
        in->ground = load_words(l, xml_child(n, "ground"));
        if (in->id == NULL || in->section == NULL || in->reading == NULL || in->ground == NULL)
            return ERR_NOMEM;
        l->table->n_interpretation++;
    }
    for (xmlNodePtr n = xml_child(root, "erratum"); n != NULL; n = xml_next(n, "erratum"), er++) {
        for (size_t i = 0; i < l->table->n_erratum; i++)
            if (strcmp(l->table->erratum[i].id, xml_attr_or(n, "id", "")) == 0)
                return xml_fault(n, l->e, "erratum \"%s\" twice", xml_attr(n, "id"));
        er->id = load_string(l, n, "id");
        er->section = load_string(l, n, "section");
        er->text = load_words(l, xml_child(n, "slip"));
        er->reason = load_words(l, xml_child(n, "reason"));
        if (er->id == NULL || er->section == NULL || er->text == NULL || er->reason == NULL)
            return ERR_NOMEM;
        l->table->n_erratum++;
    }
    return ERR_OK;
}

static enum err_code load_spellings(struct loading *l, xmlNodePtr root)
{
    struct load_spelling *s = load_alloc(l, load_count(root, "spelling"), sizeof *s);
    if (s == NULL)
        return ERR_NOMEM;
    l->spelling = s;
    enum err_code rc = ERR_OK;
    for (xmlNodePtr n = xml_child(root, "spelling"); n != NULL && rc == ERR_OK;
         n = xml_next(n, "spelling"), s++) {
        bool known = false;
        for (size_t i = 0; i < l->table->n_erratum; i++)
            known = known || strcmp(l->table->erratum[i].id, xml_attr_or(n, "erratum", "")) == 0;
        if (!known)
            return xml_fault(n, l->e, "no erratum \"%s\"", xml_attr_or(n, "erratum", ""));
        s->column = strcmp(xml_attr_or(n, "of", ""), "actor") == 0 ? CELL_FROM : CELL_ATTRIBUTES;
        s->written = load_string(l, n, "written");
        rc = s->written == NULL ? ERR_NOMEM : load_strings(l, n, "reads", &s->reads, &s->n_reads);
        l->n_spelling++;
    }
    return rc;
}

/* The first letter of the levels for confidentiality, integrity and availability. */
static const char *level(const char *cia)
{
    static const char *const name[] = {"H", "M", "L"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (cia[0] == name[i][0] && cia[1] == '-')
            return name[i];
    return NULL;
}

static enum err_code load_payloads(struct loading *l, xmlNodePtr root)
{
    struct table_payload *p = load_alloc(l, load_count(root, "payload"), sizeof *p);
    if (p == NULL)
        return ERR_NOMEM;
    l->table->payload = p;
    for (xmlNodePtr n = xml_child(root, "payload"); n != NULL; n = xml_next(n, "payload"), p++) {
        if (table_payload_by_name(l->table, xml_attr_or(n, "name", "")) != NULL)
            return xml_fault(n, l->e, "payload \"%s\" twice", xml_attr(n, "name"));
        p->name = load_string(l, n, "name");
        p->section = load_string(l, n, "section");
        if (p->name == NULL || p->section == NULL ||
            load_optional(l, n, "lics", &p->lics) != ERR_OK ||
            load_optional(l, n, "cia", &p->cia) != ERR_OK ||
            load_optional(l, n, "why", &p->why) != ERR_OK)
            return ERR_NOMEM;
        if (p->cia != NULL && (p->confidentiality = level(p->cia)) == NULL)
            return xml_fault(n, l->e, "levels \"%s\", expected such as H-M-L", p->cia);
        if (!names_put(&l->table->payloads, &l->arena, p->name, l->table->n_payload))
            return err_set(l->e, ERR_NOMEM, "no memory for the requirement table");
        l->table->n_payload++;
    }
    return ERR_OK;
}

/* A row that no table holds has its attributes as people read them. */
static enum err_code row_unlisted(struct loading *l, xmlNodePtr node, struct table_row *row)
{
    xmlNodePtr ground = xml_child(node, "ground");
    row->unlisted = load_words(l, ground);
    if (row->unlisted == NULL)
        return ERR_NOMEM;
    return load_strings(l, node, "attribute", &row->attribute, &row->n_attribute);
}

/* The attributes by the names that readings use, each once. */
static enum err_code row_attributes(struct loading *l, struct table_row *row)
{
    const struct cell *cell = &row->parsed[CELL_ATTRIBUTES];
    size_t most = 0;
    const char *const *reads;
    size_t n;
    for (size_t i = 0; i < cell->n_item; i++) {
        load_spelled(l, CELL_ATTRIBUTES, &cell->item[i].text, &reads, &n);
        most += n;
    }
    const char **name = load_alloc(l, most, sizeof *name);
    if (name == NULL)
        return ERR_NOMEM;
    row->attribute = name;
    for (size_t i = 0; i < cell->n_item; i++) {
        const struct cell_item *it = &cell->item[i];
        if (it->kind != ITEM_ATTRIBUTE)
            continue;
        load_spelled(l, CELL_ATTRIBUTES, &it->as.attribute.name, &reads, &n);
        for (size_t k = 0; k < n; k++) {
            size_t at = 0;
            while (at < row->n_attribute && strcmp(name[at], reads[k]) != 0)
                at++;
            if (at == row->n_attribute)
                name[row->n_attribute++] = reads[k];
        }
    }
    return ERR_OK;
}

static enum err_code row_serves(struct loading *l, xmlNodePtr node, struct table_row *row)
{
    const char **name = load_alloc(l, load_count(node, "serves"), sizeof *name);
    if (name == NULL)
        return ERR_NOMEM;
    row->use_case = name;
    for (xmlNodePtr n = xml_child(node, "serves"); n != NULL; n = xml_next(n, "serves")) {
        size_t i = 0;
        while (i < l->table->n_use_case && strcmp(l->table->use_case[i].name, xml_text(n)) != 0)
            i++;
        if (i == l->table->n_use_case)
            return xml_fault(n, l->e, "no use case \"%s\"", xml_text(n));
        name[row->n_use_case++] = l->table->use_case[i].name;
    }
    return ERR_OK;
}

static enum err_code row_legs(struct loading *l, xmlNodePtr node, struct table_row *row)
{
    struct table_leg *leg = load_alloc(l, load_count(node, "leg"), sizeof *leg);
    if (leg == NULL)
        return ERR_NOMEM;
    row->leg = leg;
    for (xmlNodePtr n = xml_child(node, "leg"); n != NULL; n = xml_next(n, "leg"), leg++) {
        enum err_code rc = load_leg(l, n, row, leg);
        if (rc != ERR_OK)
            return rc;
        for (size_t i = 0; i < row->n_leg; i++)
            if (strcmp(row->leg[i].id, leg->id) == 0)
                return xml_fault(n, l->e, "leg \"%s\" twice in %s", leg->id, row->id);
        row->n_leg++;
        for (size_t i = 0; i < row->n_requirement; i++) {
            const struct table_requirement *q = &row->requirement[i];
            if (q->leg == NULL || strcmp(q->leg, leg->id) == 0)
                leg->optional = q->optional;
        }
    }
    return ERR_OK;
}

static enum err_code load_row(struct loading *l, xmlNodePtr node, const char *section,
                              struct table_row *row)
{
    if (table_row_by_id(l->table, xml_attr_or(node, "id", "")) != NULL)
        return xml_fault(node, l->e, "row \"%s\" twice", xml_attr(node, "id"));
    row->section = section;
    row->line = (int)xmlGetLineNo(node);
    row->id = load_string(l, node, "id");
    row->payload = load_string(l, node, "payload");
    row->type = load_string(l, node, "type");
    struct cell *parsed = load_alloc(l, CELL_COUNT, sizeof *parsed);
    if (row->id == NULL || row->payload == NULL || row->type == NULL || parsed == NULL)
        return ERR_NOMEM;
    row->parsed = parsed;
    size_t head = strlen(section);
    if (strncmp(row->id, section, head) != 0 || row->id[head] != '/' ||
        strcmp(row->id + head + 1, row->payload) != 0)
        return xml_fault(node, l->e, "id \"%s\", expected \"%s/%s\"", row->id, section,
                         row->payload);
    if (table_payload_by_name(l->table, row->payload) == NULL)
        return xml_fault(node, l->e, "no payload \"%s\" is declared", row->payload);
    enum err_code rc = load_cause(l, node, &row->trigger, &row->command);
    for (size_t c = 0; c < CELL_COUNT && rc == ERR_OK; c++) {
        enum table_cell column = (enum table_cell)c;
        xmlNodePtr n = xml_child(node, cell_column_name(column));
        rc = load_cell(l, n, column, &row->cell[c], &parsed[c]);
    }
    if (rc == ERR_OK)
        rc = row_serves(l, node, row);
    xmlNodePtr unlisted = xml_child(node, "unlisted");
    if (rc == ERR_OK)
        rc = unlisted == NULL ? row_attributes(l, row) : row_unlisted(l, unlisted, row);
    if (rc == ERR_OK)
        rc = load_optional(l, node, "dataflow", &row->dataflow);
    if (rc == ERR_OK)
        rc = load_requirements(l, node, row);
    return rc == ERR_OK ? row_legs(l, node, row) : rc;
}

/* A part's row, and its reading, have to be there; they may stand behind it. */
static enum err_code check_part(struct loading *l, const struct table_part *part)
{
    if (part->row == NULL)
        return ERR_OK;
    const struct table_row *row = table_row_by_id(l->table, part->row);
    if (row == NULL)
        return err_set(l->e, ERR_DATA, "%s:%d: part of row \"%s\", which is not in the table",
                       l->path, part->line, part->row);
    for (size_t i = 0; part->leg != NULL && i < row->n_leg; i++)
        if (strcmp(row->leg[i].id, part->leg) == 0)
            return ERR_OK;
    return part->leg == NULL ? ERR_OK
                             : err_set(l->e, ERR_DATA, "%s:%d: %s has no leg \"%s\"", l->path,
                                       part->line, row->id, part->leg);
}

/* Frees an element and the blank before it, so that what is made of thousands of them goes where
 * they stood. */
static void drop(xmlNodePtr node)
{
    xmlNodePtr blank = node->prev;
    if (blank != NULL && blank->type == XML_TEXT_NODE) {
        xmlUnlinkNode(blank);
        xmlFreeNode(blank);
    }
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

static enum err_code load_tables(struct loading *l, xmlNodePtr root)
{
    size_t rows = 0, parts = 0;
    for (xmlNodePtr s = xml_child(root, "table"); s != NULL; s = xml_next(s, "table")) {
        rows += load_count(s, "row");
        parts += load_count(s, "part");
    }
    struct table_row *row = load_alloc(l, rows, sizeof *row);
    struct table_part *part = load_alloc(l, parts, sizeof *part);
    if (row == NULL || part == NULL)
        return ERR_NOMEM;
    l->table->row = row;
    l->table->part = part;
    enum err_code rc = ERR_OK;
    for (xmlNodePtr s = xml_child(root, "table"); s != NULL; s = xml_next(s, "table")) {
        const char *section = load_string(l, s, "section");
        if (section == NULL)
            return ERR_NOMEM;
        for (xmlNodePtr n = xml_child(s, "row"), next; n != NULL; n = next, row++) {
            next = xml_next(n, "row");
            rc = load_row(l, n, section, row);
            if (rc != ERR_OK)
                return rc;
            drop(n);
            if (!names_put(&l->table->rows, &l->arena, row->id, l->table->n_row))
                return err_set(l->e, ERR_NOMEM, "no memory for the requirement table");
            l->table->n_row++;
        }
        for (xmlNodePtr n = xml_child(s, "part"); n != NULL; n = xml_next(n, "part"), part++) {
            rc = load_part(l, n, section, part);
            if (rc != ERR_OK)
                return rc;
            l->table->n_part++;
        }
    }
    for (size_t i = 0; i < l->table->n_part; i++) {
        rc = check_part(l, &l->table->part[i]);
        if (rc != ERR_OK)
            return rc;
    }
    return rc;
}

/* A cause has to be a payload that some row or the payload tables know. */
static enum err_code check_commands(struct loading *l, const char *path)
{
    for (size_t i = 0; i < l->table->n_row; i++) {
        const struct table_row *row = &l->table->row[i];
        const char *missing = NULL;
        if (row->command != NULL && table_payload_by_name(l->table, row->command) == NULL)
            missing = row->command;
        for (size_t k = 0; k < row->n_leg; k++)
            if (row->leg[k].command != NULL &&
                table_payload_by_name(l->table, row->leg[k].command) == NULL)
                missing = row->leg[k].command;
        if (missing != NULL)
            return err_set(l->e, ERR_DATA, "%s:%d: command \"%s\" is no payload", path, row->line,
                           missing);
    }
    return ERR_OK;
}

enum err_code table_load(const char *path, struct table **out, struct err *e)
{
    char own[PATH_BYTES];
    struct loading l = {.arena = ARENA_INIT, .e = e};
    xmlDocPtr doc = NULL;
    *out = NULL;
    enum err_code rc = ERR_OK;
    if (path == NULL) {
        rc = where_data(TABLE_FILE, own, sizeof own, e);
        path = own;
    }
    l.table = load_alloc(&l, 1, sizeof *l.table);
    l.path = path;
    if (l.table == NULL)
        rc = ERR_NOMEM;
    if (rc == ERR_OK)
        rc = xml_load(path, TABLE_SCHEMA, "1", &doc, l.table->digest, e);
    xmlNodePtr root = rc == ERR_OK ? xmlDocGetRootElement(doc) : NULL;
    if (rc == ERR_OK)
        rc = load_title(&l, root);
    if (rc == ERR_OK)
        rc = load_use_cases(&l, root);
    if (rc == ERR_OK)
        rc = load_register(&l, root);
    if (rc == ERR_OK)
        rc = load_spellings(&l, root);
    if (rc == ERR_OK)
        rc = load_payloads(&l, root);
    if (rc == ERR_OK)
        rc = load_tables(&l, root);
    if (rc == ERR_OK)
        rc = load_definitions(&l, root);
    if (rc == ERR_OK)
        rc = check_commands(&l, path);
    xmlFreeDoc(doc);
    if (rc != ERR_OK) {
        arena_release(&l.arena);
        return rc;
    }
    l.table->memory = l.arena.head;
    *out = l.table;
    return ERR_OK;
}
