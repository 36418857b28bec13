#include <stdlib.h>
#include <string.h>

#include "harness/plan/build_parts.h"

#define MAX_TERMS 8 /* of one address, and addresses: the kernel refuses long filters */

struct range {
    uint16_t from, to;
};

static int by_port(const void *x, const void *y)
{
    const struct range *a = x, *b = y;
    return a->from < b->from ? -1 : a->from > b->from;
}

/* Neighbours become one; then the nearest ones, until few enough are left. */
static size_t merge_ranges(struct range *r, size_t n)
{
    qsort(r, n, sizeof *r, by_port);
    for (int gap = 1;; gap = gap < 32768 ? gap * 2 : 65536) {
        size_t kept = 0;
        for (size_t i = 0; i < n; i++)
            if (kept > 0 && r[i].from - r[kept - 1].to <= gap)
                r[kept - 1].to = r[i].to > r[kept - 1].to ? r[i].to : r[kept - 1].to;
            else
                r[kept++] = r[i];
        n = kept;
        if (n <= MAX_TERMS)
            return n;
    }
}

/* "(port 1 or portrange 4-9)" of the endpoints with that address; NULL: of all. */
static const char *port_terms(struct build *b, const char *address)
{
    const struct plan *p = b->plan;
    struct range *r = build_room(b, p->n_endpoint * sizeof *r);
    const char *text = "";
    size_t n = 0;
    for (size_t i = 0; i < p->n_endpoint && r != NULL; i++)
        if (address == NULL || strcmp(p->endpoint[i].address, address) == 0)
            r[n++] = (struct range){p->endpoint[i].port, p->endpoint[i].port};
    n = r == NULL ? 0 : merge_ranges(r, n);
    for (size_t i = 0; i < n; i++)
        text = r[i].from == r[i].to
                   ? build_text(b, "%s%sport %u", text, i == 0 ? "" : " or ", r[i].from)
                   : build_text(b, "%s%sportrange %u-%u", text, i == 0 ? "" : " or ", r[i].from,
                                r[i].to);
    return build_text(b, "(%s)", text);
}

/* tcp and host A and (port...); with several addresses each has its ports. */
static const char *make_filter(struct build *b)
{
    const struct plan *p = b->plan;
    const char *text = "", *last = "";
    size_t n = 0;
    for (size_t i = 0; i < p->n_endpoint; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp(p->endpoint[k].address, p->endpoint[i].address) == 0;
        if (seen)
            continue;
        last = build_text(b, "host %s and %s", p->endpoint[i].address,
                          port_terms(b, p->endpoint[i].address));
        text = build_text(b, "%s%s(%s)", text, n++ == 0 ? "" : " or ", last);
    }
    if (n > MAX_TERMS)
        return build_text(b, "tcp and %s", port_terms(b, NULL));
    return n == 1 ? build_text(b, "tcp and %s", last) : build_text(b, "tcp and (%s)", text);
}

/* The responder that the harness's own latency is measured against stands beside the peers. */
static uint16_t calibration_port(struct build *b)
{
    const struct statement *s = b->statement;
    uint32_t port = 0;
    for (size_t i = 0; i < s->n_peer; i++)
        if (s->peer[i].port > port)
            port = s->peer[i].port;
    port = b->profile->calibration_port != 0 ? b->profile->calibration_port : port + 1;
    while (b->profile->calibration_port == 0 && (port == s->eut.port || port == s->control_port))
        port++;
    bool taken = port == s->eut.port || port > UINT16_MAX;
    for (size_t i = 0; i < s->n_peer; i++)
        taken = taken || s->peer[i].port == port;
    if (taken)
        build_fault(b, ERR_SCOPE,
                    "no port is left for the calibration responder (%u): give "
                    "<driving> of %s a calibration-port",
                    port, b->profile->path);
    return (uint16_t)port;
}

void build_endpoints(struct build *b)
{
    const struct statement *s = b->statement;
    struct plan *p = b->plan;
    struct plan_endpoint *ep = build_room(b, (s->n_peer + 2 + s->n_inside) * sizeof *ep);
    struct plan_device_group *g = build_room(b, build_n_group(b) * sizeof *g);
    if (ep == NULL || g == NULL)
        return;
    ep[0] = (struct plan_endpoint){
        p->eut_actors, true, build_copy(b, s->eut.address), s->eut.port, build_copy(b, s->eut.path),
        s->eut.tls,    false};
    for (size_t i = 0; i < s->n_peer; i++)
        ep[i + 1] = (struct plan_endpoint){build_copy(b, s->peer[i].actor),
                                           false,
                                           build_copy(b, s->peer[i].address),
                                           s->peer[i].port,
                                           build_copy(b, s->peer[i].path),
                                           s->peer[i].tls,
                                           false};
    ep[s->n_peer + 1] = (struct plan_endpoint){"calibration responder",
                                               false,
                                               build_copy(b, s->peer[0].address),
                                               calibration_port(b),
                                               "/calibrate",
                                               false,
                                               false};
    for (size_t i = 0; i < s->n_inside; i++)
        ep[s->n_peer + 2 + i] = (struct plan_endpoint){build_copy(b, s->inside[i].actor),
                                                       true,
                                                       build_copy(b, s->inside[i].address),
                                                       s->inside[i].port,
                                                       build_copy(b, s->inside[i].path),
                                                       s->inside[i].tls,
                                                       true};
    p->endpoint = ep;
    p->n_endpoint = s->n_peer + 2 + s->n_inside;
    for (size_t i = 0; i < build_n_group(b); i++) {
        bool eut = i < s->n_group;
        size_t peer = i - s->n_group;
        g[i] = (struct plan_device_group){
            .actor = build_copy(b, build_group_actor(b, i)),
            .device_class = build_copy(b, build_group_class(b, i)),
            .first_id = eut ? s->group[i].first_id : s->peer[peer].first_id,
            .count = build_group_count(b, i),
            .endpoint = eut ? 0 : (uint32_t)peer + 1,
            .eut = eut,
        };
    }
    p->group = g;
    p->n_group = build_n_group(b);
    p->filter = make_filter(b);
}
