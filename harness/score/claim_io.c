#include <string.h>

#include "harness/base/xml.h"
#include "harness/score/claim.h"

/* Of the sentences: another form reads differently, and is not held against ours. */
#define CLAIM_FORM "1"

void claim_write(struct xmlw *w, const struct claim *c)
{
    xmlw_attr(w, "form", CLAIM_FORM);
    xmlw_attr(w, "says", claim_kind_name(c->kind));
    xmlw_attr_foreign(w, "wording", c->wording);
    for (size_t i = 0; i < c->n_limit; i++) {
        xmlw_open(w, "limit");
        xmlw_attr_foreign(w, "kind", c->limit[i].kind);
        xmlw_attr_foreign(w, "text", c->limit[i].text);
        xmlw_close(w, "limit");
    }
    for (size_t i = 0; i < c->n_row; i++) {
        const struct claim_row *r = &c->row[i];
        xmlw_open(w, "part");
        xmlw_attr(w, "is", claim_part_name(r->part));
        xmlw_attr_foreign(w, "row", r->row->id);
        xmlw_attr_foreign(w, "use-case", r->row->use_case);
        xmlw_attr_u64(w, "endpoints", r->endpoints);
        if (r->part != CLAIM_COVERED)
            xmlw_attr_foreign(w, "why", r->why);
        xmlw_close(w, "part");
    }
}

static bool says(xmlNodePtr node, const char *attr, const char *want)
{
    return strcmp(xml_attr_or(node, attr, ""), want) == 0;
}

/* The first part that is not as it should be. */
static bool parts_fit(xmlNodePtr node, const struct claim *c)
{
    xmlNodePtr n = xml_child(node, "part");
    for (size_t i = 0; i < c->n_row; i++, n = xml_next(n, "part"))
        if (n == NULL || !says(n, "is", claim_part_name(c->row[i].part)) ||
            !says(n, "row", c->row[i].row->id) || !says(n, "use-case", c->row[i].row->use_case))
            return false;
    return n == NULL;
}

void claim_check(struct take *t, xmlNodePtr node, const struct result *r)
{
    struct claim c;
    if (t->rc != ERR_OK || xml_attr(node, "says") == NULL || !says(node, "form", CLAIM_FORM))
        return;
    t->rc = claim_make(r, &c, t->e);
    if (t->rc != ERR_OK)
        return;
    if (!says(node, "says", claim_kind_name(c.kind)))
        take_fault(t, node, "a claim that says \"%s\", expected \"%s\": it follows from the rows",
                   xml_attr_or(node, "says", ""), claim_kind_name(c.kind));
    else if (!says(node, "wording", c.wording) || !parts_fit(node, &c))
        take_fault(t, node, "a claim that does not follow from what stands below, expected: %.200s",
                   c.wording);
    claim_release(&c);
}
