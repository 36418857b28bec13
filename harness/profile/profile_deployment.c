#include "harness/base/xml.h"
#include "harness/profile/profile_parts.h"

void profile_take_deployment(struct take *t, xmlNodePtr root, struct profile *p)
{
    xmlNodePtr node = xml_child(root, "deployment");
    if (node == NULL) {
        if (xml_child(root, "use-case") == NULL && xml_child(root, "section") == NULL &&
            xml_child(root, "row") == NULL)
            take_fault(t, root, "a profile of nothing, expected <deployment> or a <use-case>");
        return;
    }
    struct profile_deployment *d = take_room(t, sizeof *d);
    if (d == NULL)
        return;
    d->code = take_text_or(t, node, "code", "");
    d->source = take_text(t, node, "source");
    d->line = xmlGetLineNo(node);
    struct profile_select *s = take_array(t, node, "select", sizeof *s, &d->n_select);
    d->select = s;
    xmlNodePtr child = xml_child(node, "select");
    for (size_t i = 0; i < d->n_select && t->rc == ERR_OK; i++, child = xml_next(child, "select")) {
        s[i].letter = take_text(t, child, "decision");
        s[i].value = take_text(t, child, "value");
        s[i].source = take_text(t, child, "source");
        s[i].enrolment = xml_attr(child, "enrolled") != NULL;
        s[i].enrolled = take_bool(t, child, "enrolled");
        s[i].line = xmlGetLineNo(child);
    }
    p->deployment = d;
}
