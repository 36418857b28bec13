#include <string.h>

#include "harness/base/xml.h"
#include "harness/profile/profile_parts.h"

#define MOST_ENDPOINTS INT64_C(1000000000000)

void profile_take_endpoints(struct take *t, xmlNodePtr root, struct profile *p)
{
    struct profile_endpoints *n = take_array(t, root, "endpoints", sizeof *n, &p->n_endpoints);
    p->endpoints = n;
    xmlNodePtr node = xml_child(root, "endpoints");
    for (size_t i = 0; i < p->n_endpoints && t->rc == ERR_OK;
         i++, node = xml_next(node, "endpoints")) {
        n[i] = (struct profile_endpoints){
            .actor = take_text(t, node, "actor"),
            .device_class = take_text_or(t, node, "class", ""),
            .count = (uint64_t)take_i64(t, node, "count", 1, MOST_ENDPOINTS),
            .source = take_text(t, node, "source"),
            .line = xmlGetLineNo(node),
        };
        for (size_t k = 0; k < i && t->rc == ERR_OK; k++)
            if (strcmp(n[k].actor, n[i].actor) == 0 &&
                strcmp(n[k].device_class, n[i].device_class) == 0)
                take_fault(t, node, "endpoints of \"%s\"%s%s stand in line %ld already", n[i].actor,
                           n[i].device_class[0] == '\0' ? "" : ", ", n[i].device_class, n[k].line);
    }
}
