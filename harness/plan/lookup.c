#include <string.h>

#include "harness/plan/plan.h"

int plan_binding_of(const struct plan *p, const char *element, size_t len)
{
    for (size_t i = 0; i < p->n_binding; i++) {
        const char *have = p->binding[i].element;
        if (strlen(have) == len && memcmp(have, element, len) == 0)
            return (int)i;
    }
    return -1;
}

int plan_binding_by_payload(const struct plan *p, const char *payload)
{
    for (size_t i = 0; i < p->n_binding; i++)
        if (strcmp(p->binding[i].payload, payload) == 0)
            return (int)i;
    return -1;
}
