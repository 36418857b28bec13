#include <string.h>

#include "harness/base/address.h"
#include "harness/plan/plan.h"

int plan_endpoint_at(const struct plan *p, const uint8_t *addr, size_t addr_len, uint16_t port)
{
    for (size_t i = 0; i < p->n_endpoint; i++) {
        const struct plan_endpoint *ep = &p->endpoint[i];
        if (ep->port == port && ep->address != NULL && address_is(ep->address, addr, addr_len))
            return (int)i;
    }
    return -1;
}

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
