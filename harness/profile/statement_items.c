/* The PICS part of a statement: protocols, credentials by reference, answers to items. */
#include <string.h>

#include "harness/base/xml.h"
#include "harness/profile/statement_parts.h"

static void take_protocols(struct take *t, xmlNodePtr root, struct statement *s)
{
    struct statement_protocol *p = take_array(t, root, "protocol", sizeof *p, &s->n_protocol);
    s->protocol = p;
    xmlNodePtr node = xml_child(root, "protocol");
    for (size_t i = 0; i < s->n_protocol; i++, node = xml_next(node, "protocol")) {
        p[i].name = take_text(t, node, "name");
        p[i].version = take_text(t, node, "version");
        p[i].role = take_text(t, node, "role");
        p[i].line = xmlGetLineNo(node);
    }
}

static void take_credentials(struct take *t, xmlNodePtr root, struct statement *s)
{
    struct statement_credential *c = take_array(t, root, "credential", sizeof *c, &s->n_credential);
    s->credential = c;
    xmlNodePtr node = xml_child(root, "credential");
    for (size_t i = 0; i < s->n_credential; i++, node = xml_next(node, "credential")) {
        c[i].name = take_text(t, node, "name");
        c[i].purpose = take_text(t, node, "purpose");
        c[i].file = take_text_or(t, node, "file", NULL);
        c[i].env = take_text_or(t, node, "env", NULL);
        c[i].line = xmlGetLineNo(node);
        if (c[i].file != NULL)
            c[i].path = statement_beside(t, c[i].file, s->path);
        for (size_t j = 0; t->rc == ERR_OK && j < i; j++)
            if (strcmp(c[j].name, c[i].name) == 0)
                take_fault(t, node, "credential \"%s\" stands in line %ld already", c[i].name,
                           c[j].line);
    }
}

/* All stimuli over HTTP show the same one or none: they have one sender, which shows it always. */
static void check_credentials(struct take *t, xmlNodePtr root, const struct statement *s)
{
    const char *first = NULL;
    for (size_t i = 0; i < s->n_stimulus && first == NULL; i++)
        first = s->stimulus[i].credential;
    xmlNodePtr node = xml_child(root, "stimulus");
    for (size_t i = 0; first != NULL && i < s->n_stimulus; i++, node = xml_next(node, "stimulus")) {
        const char *name = s->stimulus[i].credential;
        if (t->rc != ERR_OK || strcmp(s->stimulus[i].method, "POST") != 0)
            continue;
        if (name == NULL)
            take_fault(t, node, "no credential, expected \"%s\" as with other stimuli", first);
        else if (statement_credential_by_name(s, name) == NULL)
            take_fault(t, node, "credential=\"%s\", expected the name of a <credential>", name);
        else if (strcmp(first, name) != 0)
            take_fault(t, node, "credential=\"%s\", expected \"%s\" as with other stimuli", name,
                       first);
    }
}

const struct statement_credential *statement_credential_by_name(const struct statement *s,
                                                                const char *name)
{
    for (size_t i = 0; i < s->n_credential; i++)
        if (strcmp(s->credential[i].name, name) == 0)
            return &s->credential[i];
    return NULL;
}

static void take_answers(struct take *t, xmlNodePtr list, struct statement_items *l)
{
    static const char *const support[SUPPORT_COUNT] = {"unset", "yes", "no"};
    struct statement_answer *a = take_array(t, list, "item", sizeof *a, &l->n_answer);
    l->answer = a;
    xmlNodePtr node = xml_child(list, "item");
    for (size_t i = 0; i < l->n_answer; i++, node = xml_next(node, "item")) {
        a[i].id = take_text(t, node, "id");
        a[i].support =
            (enum statement_support)take_word(t, node, "support", support, SUPPORT_COUNT);
        a[i].status = take_text_or(t, node, "status", "");
        a[i].values = take_text_or(t, node, "values", "");
        a[i].allowed = take_text_or(t, node, "allowed", "");
        a[i].remark = take_text_or(t, node, "remark", "");
        a[i].line = xmlGetLineNo(node);
    }
}

void statement_take_items(struct take *t, xmlNodePtr root, struct statement *s)
{
    take_protocols(t, root, s);
    take_credentials(t, root, s);
    check_credentials(t, root, s);
    struct statement_items *l = take_array(t, root, "items", sizeof *l, &s->n_items);
    s->items = l;
    xmlNodePtr node = xml_child(root, "items");
    for (size_t i = 0; i < s->n_items; i++, node = xml_next(node, "items")) {
        l[i].actor = take_text_or(t, node, "actor", "");
        l[i].line = xmlGetLineNo(node);
        take_answers(t, node, &l[i]);
    }
}
