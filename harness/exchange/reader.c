#include <stdlib.h>
#include <string.h>

#include "harness/base/address.h"
#include "harness/base/arena.h"
#include "harness/base/clock.h"
#include "harness/exchange/flow.h"
#include "harness/exchange/sighting.h"
#include "harness/probe/content.h"

#define SWEEP_NS (100 * NS_PER_MS)
#define MARKS_KEPT 16 /* a capture may hold each mark twice */

struct address {
    uint8_t addr[ADDRESS_BYTES];
    uint8_t addr_len;
    uint16_t port;
    int endpoint;
};

struct exchange_reader {
    const struct plan *plan;
    struct sighting_handlers handlers;
    struct stream_host host;
    struct flow_table *flows;
    struct envelope_reader *envelopes;
    struct arena arena;
    struct address *address; /* sorted */
    size_t n_address;
    uint32_t *element; /* hash table of binding index + 1 */
    size_t n_element;  /* a power of two */
    struct sighting sighting;
    struct err body_fault;
    struct stamp last;
    int64_t sweep_ns;
    uint64_t mark[MARKS_KEPT];
    size_t n_mark;
};

/* ---- what the plan declares, made ready for look-up ---- */

static int compare_address(const void *a, const void *b)
{
    const struct address *x = a, *y = b;
    if (x->port != y->port)
        return x->port < y->port ? -1 : 1;
    if (x->addr_len != y->addr_len)
        return x->addr_len < y->addr_len ? -1 : 1;
    return memcmp(x->addr, y->addr, sizeof x->addr);
}

static int endpoint_of(void *arg, const uint8_t *addr, size_t addr_len, uint16_t port)
{
    const struct exchange_reader *r = arg;
    struct address key = {.addr_len = (uint8_t)addr_len, .port = port};
    memcpy(key.addr, addr, addr_len);
    const struct address *found =
        bsearch(&key, r->address, r->n_address, sizeof key, compare_address);
    return found == NULL ? -1 : found->endpoint;
}

static enum err_code index_endpoints(struct exchange_reader *r, struct err *e)
{
    r->address = arena_alloc(&r->arena, (r->plan->n_endpoint + 1) * sizeof *r->address);
    if (r->address == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu endpoints", r->plan->n_endpoint);
    for (size_t i = 0; i < r->plan->n_endpoint; i++) {
        const struct plan_endpoint *ep = &r->plan->endpoint[i];
        struct address *a = &r->address[r->n_address];
        *a = (struct address){.port = ep->port, .endpoint = (int)i};
        a->addr_len = (uint8_t)address_read(ep->address, a->addr);
        if (a->addr_len == 0)
            return err_set(e, ERR_DATA,
                           "endpoint %zu of the plan: \"%s\", expected a numeric address", i,
                           ep->address);
        /* the first of equal ones stands */
        size_t same = 0;
        while (same < r->n_address && compare_address(&r->address[same], a) != 0)
            same++;
        r->n_address += same == r->n_address;
    }
    qsort(r->address, r->n_address, sizeof *r->address, compare_address);
    return ERR_OK;
}

static size_t hash_name(const char *name, size_t len)
{
    uint64_t h = len;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)name[i]) * UINT64_C(0x100000001B3);
    return (size_t)(h ^ h >> 32);
}

static int binding_of(const struct exchange_reader *r, const struct slice *element)
{
    size_t mask = r->n_element - 1;
    for (size_t at = hash_name(element->data, element->len) & mask; r->element[at] != 0;
         at = (at + 1) & mask) {
        const char *have = r->plan->binding[r->element[at] - 1].element;
        if (strncmp(have, element->data, element->len) == 0 && have[element->len] == '\0')
            return (int)r->element[at] - 1;
    }
    return -1;
}

static enum err_code index_bindings(struct exchange_reader *r, struct err *e)
{
    r->n_element = 16;
    while (r->n_element < r->plan->n_binding * 2)
        r->n_element *= 2;
    r->element = arena_alloc(&r->arena, r->n_element * sizeof *r->element);
    if (r->element == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu bindings", r->plan->n_binding);
    for (size_t i = 0; i < r->plan->n_binding; i++) {
        const char *name = r->plan->binding[i].element;
        struct slice element = {name, (uint32_t)strlen(name)};
        if (binding_of(r, &element) >= 0)
            continue;
        size_t at = hash_name(element.data, element.len) & (r->n_element - 1);
        while (r->element[at] != 0)
            at = (at + 1) & (r->n_element - 1);
        r->element[at] = (uint32_t)i + 1;
    }
    return ERR_OK;
}

/* ---- from messages to sightings ---- */

static void read_body(struct exchange_reader *r, struct sighting *s, const struct message *m)
{
    s->binding = -1;
    s->canonical_bytes = -1;
    s->has_envelope = false;
    s->content_digest = 0;
    if (s->health != SIGHT_OK || s->encrypted || m->body_len == 0 || s->endpoint < 0)
        return;
    enum err_code rc =
        envelope_read(r->envelopes, m->body, m->body_len, &s->envelope, &r->body_fault);
    if (rc == ERR_NOMEM) {
        s->health = SIGHT_GAP;
        s->fault = "no memory to read its body";
        return;
    }
    if (rc != ERR_OK) {
        /* an answer that is no success may say so in any form */
        if (s->answer && (s->status < 200 || s->status > 299))
            return;
        s->health = SIGHT_BAD;
        s->fault = r->body_fault.text;
        r->host.counts.bad++;
        return;
    }
    s->has_envelope = true;
    if (s->envelope.element.len == 0)
        return;
    s->binding = binding_of(r, &s->envelope.element);
    s->content_digest =
        content_digest_of(s->binding < 0 ? NULL : &r->plan->binding[s->binding], &s->envelope);
    if (s->binding >= 0)
        s->canonical_bytes =
            content_read(&r->plan->binding[s->binding], &s->envelope, s->field, s->value);
}

static uint64_t on_message(void *arg, const struct connection *c, const struct message *m)
{
    struct exchange_reader *r = arg;
    struct sighting *s = &r->sighting;
    s->answer = m->answer;
    s->flow = c->number;
    s->stream = (uint32_t)(c->number - 1);
    memcpy(s->client_addr, c->addr[SIDE_CLIENT], sizeof s->client_addr);
    memcpy(s->server_addr, c->addr[SIDE_SERVER], sizeof s->server_addr);
    s->addr_len = c->addr_len;
    s->client_port = c->port[SIDE_CLIENT];
    s->endpoint = c->endpoint;
    s->pair = m->pair;
    s->syn_ns = m->opening ? c->syn_ns : 0;
    s->syn_ack_ns = m->opening ? c->syn_ack_ns : 0;
    s->held_ns = m->held.ts_ns;
    s->resent_ns = m->resent.ts_ns;
    s->first_ns = m->first.ts_ns;
    s->last_ns = m->last.ts_ns;
    s->first_frame = m->first.frame;
    s->last_frame = m->last.frame;
    s->status = m->status;
    s->health = m->health;
    s->fault = m->fault;
    s->message_bytes = m->message_bytes;
    s->body_bytes = m->body_len;
    s->encrypted = m->encrypted;
    read_body(r, s, m);
    return r->handlers.message == NULL ? 0 : r->handlers.message(r->handlers.arg, s);
}

static void on_event(void *arg, const struct connection *c, enum connection_event_kind kind,
                     const struct stamp *at, uint64_t pair)
{
    struct exchange_reader *r = arg;
    if (r->handlers.connection == NULL)
        return;
    struct connection_event ev = {
        .kind = kind,
        .flow = c->number,
        .addr_len = c->addr_len,
        .client_port = c->port[SIDE_CLIENT],
        .endpoint = c->endpoint,
        .ts_ns = at->ts_ns,
        .syn_ns = c->syn_ns,
        .frame = at->frame,
        .closed_by = c->closed_by,
        .pair = pair,
    };
    memcpy(ev.client_addr, c->addr[SIDE_CLIENT], sizeof ev.client_addr);
    memcpy(ev.server_addr, c->addr[SIDE_SERVER], sizeof ev.server_addr);
    r->handlers.connection(r->handlers.arg, &ev);
}

static void tell_mark(struct exchange_reader *r, const struct mark *m, const struct stamp *at)
{
    size_t known = r->n_mark < MARKS_KEPT ? r->n_mark : MARKS_KEPT;
    for (size_t i = 0; i < known; i++)
        if (r->mark[i] == m->number)
            return;
    r->mark[r->n_mark++ % MARKS_KEPT] = m->number;
    if (r->handlers.mark != NULL)
        r->handlers.mark(r->handlers.arg, m, at->ts_ns, at->frame);
}

/* ---- the contract ---- */

enum err_code exchange_reader_new(const struct plan *plan, const struct sighting_handlers *handlers,
                                  struct exchange_reader **out, struct err *e)
{
    *out = NULL;
    struct exchange_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a reader of captures");
    r->plan = plan;
    r->handlers = *handlers;
    stream_host_init(&r->host);
    r->host.ops = &http_dissector;
    r->host.message = on_message;
    r->host.event = on_event;
    r->host.arg = r;
    enum err_code rc = index_endpoints(r, e);
    if (rc == ERR_OK)
        rc = index_bindings(r, e);
    if (rc == ERR_OK)
        rc = envelope_reader_new(&r->envelopes, e);
    if (rc == ERR_OK) {
        r->flows = flow_table_new(&r->host, endpoint_of);
        if (r->flows == NULL)
            rc = err_set(e, ERR_NOMEM, "no memory for a table of connections");
    }
    if (rc != ERR_OK) {
        exchange_reader_free(r);
        return rc;
    }
    *out = r;
    return ERR_OK;
}

void exchange_reader_free(struct exchange_reader *r)
{
    if (r == NULL)
        return;
    flow_table_free(r->flows);
    envelope_reader_free(r->envelopes);
    stream_host_release(&r->host);
    arena_release(&r->arena);
    free(r);
}

static enum err_code take_fault(struct exchange_reader *r, struct err *e)
{
    if (r->host.fault.code != ERR_NOMEM)
        return ERR_OK;
    return err_set(e, ERR_NOMEM, "frame %llu: %s", (unsigned long long)r->last.frame,
                   r->host.fault.text);
}

enum err_code exchange_reader_frame(struct exchange_reader *r, const struct frame *f, struct err *e)
{
    struct segment seg;
    struct mark mark;
    struct stamp at = {f->ts_ns, f->number};
    r->last = at;
    r->host.counts.frames++;
    if (at.ts_ns - r->sweep_ns >= SWEEP_NS || at.ts_ns < r->sweep_ns - SWEEP_NS) {
        r->sweep_ns = at.ts_ns;
        flow_sweep(r->flows, &at);
    }
    switch (link_read(f, &seg, &mark)) {
    case LINK_TCP:
        flow_segment(r->flows, &seg, &at);
        break;
    case LINK_MARK:
        tell_mark(r, &mark, &at);
        break;
    case LINK_UNREACHABLE:
        flow_unreachable(r->flows, &seg, &at);
        break;
    case LINK_FRAGMENT:
    case LINK_OTHER:
    case LINK_KIND_COUNT:
        r->host.counts.other_frames++;
        break;
    }
    return take_fault(r, e);
}

void exchange_reader_loss(struct exchange_reader *r, int64_t from_ns, int64_t to_ns)
{
    flow_loss(r->flows, from_ns, to_ns);
}

enum err_code exchange_reader_finish(struct exchange_reader *r, struct err *e)
{
    flow_finish(r->flows, &r->last);
    return take_fault(r, e);
}

const struct exchange_counts *exchange_reader_counts(const struct exchange_reader *r)
{
    return &r->host.counts;
}
