/* What the capture shows against the statement: each kind is told, and nothing where all fits. */
#include "harness/score/contradict.h"

#include <stdlib.h>

#include "harness/base/clock.h"
#include "tests/tap.h"

static struct plan_endpoint endpoint[] = {
    {.actor = "M", .eut = true, .address = "10.0.0.1", .port = 80, .path = "/"},
    {.actor = "S", .address = "10.0.0.2", .port = 81, .path = "/"},
    {.actor = "calibration responder", .address = "10.0.0.2", .port = 82, .path = "/"},
};
static const struct plan_device_group group[] = {
    {.actor = "M", .first_id = 0x100, .count = 16, .eut = true},
    {.actor = "S", .first_id = 0x200, .count = 1},
};
static struct binding binding[] = {
    {.payload = "reading", .identity = 0, .n_field = 1, .field = {{.name = "Meter ID"}}},
    {.payload = "update",
     .identity = 0,
     .n_field = 2,
     .field = {{.name = "device ID"}, {.name = "firmware version number"}}},
};
static struct plan_denied denied[] = {{"V.push", "M", "reading", "push", 0}};
static struct plan plan = {.firmware = "1.0",
                           .eut_actors = "M",
                           .endpoint = endpoint,
                           .n_endpoint = 3,
                           .group = group,
                           .n_group = 2,
                           .binding = binding,
                           .n_binding = 2,
                           .denied = denied,
                           .n_denied = 1};

static struct contradict *c;
static uint64_t frame;

static struct slice text(const char *s)
{
    return (struct slice){s, (uint32_t)strlen(s)};
}

/* A message at an endpoint's connection, about a device. */
static struct sighting message(int at, bool answer, int payload, const char *device)
{
    frame++;
    struct sighting s = {.endpoint = at,
                         .answer = answer,
                         .flow = 1,
                         .addr_len = 4,
                         .client_addr = {10, 0, 0, 1},
                         .binding = payload,
                         .first_frame = frame,
                         .last_ns = (int64_t)frame * NS_PER_MS};
    s.value[0] = text(device);
    s.field[0] = FIELD_FINE;
    s.field[1] = payload == 1 ? FIELD_FINE : FIELD_ABSENT;
    return s;
}

static void begin(void)
{
    contradict_free(c);
    c = NULL;
    if (contradict_new(&plan, &c, NULL) != ERR_OK)
        printf("Bail out! no memory\n");
}

/* The only contradiction's kind, "" none, "several". */
static const char *kind(struct result *r)
{
    arena_release(&r->arena);
    memset(r, 0, sizeof *r);
    if (!contradict_told(c, r))
        return "no memory";
    return r->n_contradiction == 0   ? ""
           : r->n_contradiction == 1 ? r->contradiction[0].kind
                                     : "several";
}

static void seen(struct sighting s)
{
    contradict_seen(c, &s);
}

static void closed(uint64_t flow, int at, int by, int64_t ts_ns)
{
    struct connection_event ev = {.kind = CONNECTION_CLOSED,
                                  .flow = flow,
                                  .endpoint = at,
                                  .closed_by = by,
                                  .ts_ns = ts_ns,
                                  .frame = ++frame};
    contradict_connection(c, &ev);
}

static void messages(struct result *r)
{
    struct sighting s;
    begin();
    s = message(0, false, 0, "0000000000000100");
    seen(s);
    s = message(0, true, 0, "000000000000010F");
    s.envelope.correlation_id = text("a");
    seen(s);
    is_str(kind(r), "", "what is declared contradicts nothing: a poll is answered");
    seen(message(1, false, 0, "0000000000000100"));
    is_str(kind(r), "mode", "a push that the statement denies");
    ok(strstr(r->contradiction[0].text, "V.push") != NULL, "with the item");
    seen(message(1, false, 0, "0000000000000101"));
    (void)kind(r);
    is_int(r->contradiction[0].n, 2, "once, with how often");
    is_int(r->contradiction[0].frame, 3, "and where first");
    begin();
    denied[0].mode = "";
    s = message(0, true, 0, "0000000000000100");
    s.envelope.correlation_id = text("a");
    seen(s);
    is_str(kind(r), "item", "a payload that the statement denies, asked for or not");
    denied[0].mode = "push";
    begin();
    s = message(0, true, 0, "0000000000000110");
    seen(s);
    is_str(kind(r), "id", "a device beyond the declared ids");
    begin();
    seen(message(0, true, 0, "0000000000000200"));
    seen(message(0, false, 0, "0000000000000999"));
    seen(message(0, true, 0, "no id"));
    is_str(kind(r), "", "played devices, what we send ourselves and other ids are none of it");
    begin();
    seen(message(2, false, 0, "0000000000000999"));
    is_str(kind(r), "", "nor is the calibration");
    begin();
    s = message(1, false, 1, "0000000000000100");
    s.client_addr[3] = 9;
    s.value[1] = text("1.0");
    seen(s);
    is_str(kind(r), "address", "requests from an address that nobody declared");
    ok(strstr(r->contradiction[0].text, "10.0.0.9") != NULL, "which is told");
}

static void versions(struct result *r)
{
    struct sighting s;
    begin();
    s = message(0, true, 1, "0000000000000100");
    s.value[1] = text("1.0");
    seen(s);
    is_str(kind(r), "", "the declared firmware");
    s.value[1] = text("2.0");
    seen(s);
    is_str(kind(r), "firmware", "another one");
    begin();
    s = message(0, false, 1, "0000000000000100");
    s.value[1] = text("2.0");
    seen(s);
    s.answer = true;
    seen(s);
    is_str(kind(r), "", "unless that was written into it");
}

static void tls(struct result *r)
{
    struct sighting s;
    begin();
    endpoint[0].tls = true;
    seen(message(0, false, 0, "0000000000000100"));
    is_str(kind(r), "tls", "clear text where TLS is declared");
    endpoint[0].tls = false;
    begin();
    s = message(0, false, -1, "");
    s.encrypted = true;
    seen(s);
    is_str(kind(r), "tls", "TLS where clear text is declared");
    begin();
    s.encrypted = false;
    s.health = SIGHT_BAD;
    endpoint[0].tls = true;
    seen(s);
    is_str(kind(r), "", "bytes that are no message are neither");
    endpoint[0].tls = false;
}

/* n connections that the equipment opens, each with so many exchanges, closed by a side. */
static void connections(int n, int exchanges, int by, int64_t after_ns)
{
    for (int i = 0; i < n; i++) {
        struct sighting s = message(1, false, 1, "0000000000000100");
        s.value[1] = text("1.0");
        s.flow = 100 + (uint64_t)i;
        for (int k = 0; k < exchanges; k++) {
            s.answer = false;
            seen(s);
            s.answer = true;
            seen(s);
        }
        closed(s.flow, 1, by, s.last_ns + after_ns);
    }
}

static void flows(struct result *r)
{
    begin();
    connections(3, 1, 1, NS_PER_MS);
    is_str(kind(r), "connections", "keep-alive declared, and a connection for each exchange");
    begin();
    connections(2, 1, 1, NS_PER_MS);
    is_str(kind(r), "", "two are too few to tell");
    begin();
    connections(20, 1, 1, 5 * NS_PER_S);
    is_str(kind(r), "", "closed for idleness is kept open");
    begin();
    connections(20, 1, 2, NS_PER_MS);
    is_str(kind(r), "", "as is what the other side closes");
    begin();
    connections(20, 1, 1, NS_PER_MS);
    connections(1, 2, 1, NS_PER_MS);
    is_str(kind(r), "", "one that is used twice shows that they can be");
    begin();
    plan.connection_per_exchange = true;
    connections(1, 2, 1, NS_PER_MS);
    is_str(kind(r), "connections", "one each declared, and two exchanges on one");
    begin();
    connections(20, 1, 1, NS_PER_MS);
    is_str(kind(r), "", "and not otherwise");
    plan.connection_per_exchange = false;
}

int main(void)
{
    struct result r = {.n_row = 0};
    messages(&r);
    versions(&r);
    tls(&r);
    flows(&r);
    contradict_free(c);
    arena_release(&r.arena);
    return done_testing();
}
