/* How messages leave: in the answer or as a request, at once or later, whole or broken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/play/play.h"

enum { HTTP_OK = 200, HTTP_ACCEPTED = 202, HTTP_FAULT = 500 };

#define SILENCED_MAX 8192u /* callers left hanging; the oldest is dropped for one more */
#define URL_BYTES 512
#define OVERTAKEN_S 0.02

/* Where one message goes. */
struct way {
    struct caller who; /* neither set: a request to url */
    char url[URL_BYTES];
    bool twice; /* once more, as a request to url */
    enum raw_manner manner;
};

struct parcel {
    struct play *play;
    struct ev_timer timer;
    struct way way;
    struct parcel *next, *prev;
    size_t len;
    char body[];
};

static bool is_call(struct caller who)
{
    return who.rq != NULL || who.link != NULL;
}

void play_answer(struct play *p, struct caller who, int status, const char *body, size_t len,
                 enum raw_manner manner)
{
    if (who.link != NULL)
        raw_answer(p->raw, who.link, status, body, len, manner,
                   p->config->defects->use[DEFECT_SLOW_DRIP].value);
    else
        (void)http_speaker.answer(p->speaker, who.rq, manner == RAW_DROP ? 0 : status, body, len,
                                  NULL);
}

/* "http://127.0.0.1:18490" of an endpoint, path too when wanted. */
static void write_url(const struct statement_endpoint *at, bool path, char *out, size_t size)
{
    bool v6 = strchr(at->address, ':') != NULL;
    (void)snprintf(out, size, "http%s://%s%s%s:%u%s", at->tls ? "s" : "", v6 ? "[" : "",
                   at->address, v6 ? "]" : "", at->port, path ? at->path : "");
}

/* The statement's endpoint that a URL leads to; path: what follows in the URL. */
static const struct statement_endpoint *find_peer(const struct play *p, const char *url,
                                                  const char **path)
{
    const struct statement *s = p->config->statement;
    char prefix[URL_BYTES];
    for (size_t i = 0; i < s->n_peer; i++) {
        write_url(&s->peer[i], false, prefix, sizeof prefix);
        size_t n = strlen(prefix);
        if (strncmp(url, prefix, n) == 0 && url[n] == '/') {
            *path = url + n;
            return &s->peer[i];
        }
    }
    return NULL;
}

bool play_is_listed(const struct play *p, const char *url)
{
    const char *path;
    return find_peer(p, url, &path) != NULL;
}

/* A request that does not get through is lost: the equipment does not ask twice. */
static void send_request(struct play *p, const struct way *way, const char *body, size_t len)
{
    const char *path;
    if (way->manner == RAW_WHOLE) {
        (void)http_speaker.send(p->speaker, way->url, body, len, 0, NULL);
        return;
    }
    const struct statement_endpoint *peer = find_peer(p, way->url, &path);
    if (peer != NULL)
        (void)raw_send(p->raw, peer->address, peer->port, path, body, len, way->manner,
                       p->config->defects->use[DEFECT_SLOW_DRIP].value, NULL);
}

static void depart(struct play *p, const struct way *way, const char *body, size_t len)
{
    if (is_call(way->who))
        play_answer(p, way->who, HTTP_OK, body, len, way->manner);
    else
        send_request(p, way, body, len);
    if (way->twice)
        send_request(p, way, body, len);
}

static void parcel_free(struct parcel *c)
{
    struct play *p = c->play;
    ev_timer_stop(p->loop, &c->timer);
    if (p->held == c)
        p->held = NULL;
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        p->parcels = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    free(c);
}

static void parcel_depart(struct parcel *c)
{
    depart(c->play, &c->way, c->body, c->len);
    parcel_free(c);
}

static void on_time(struct ev_loop *loop, struct ev_timer *timer, int events)
{
    (void)loop, (void)events;
    parcel_depart(timer->data);
}

static struct parcel *parcel_new(struct play *p, const struct way *way, const char *body,
                                 size_t len, int64_t wait_ms)
{
    struct parcel *c = malloc(sizeof *c + len);
    if (c == NULL)
        return NULL;
    *c = (struct parcel){.play = p, .way = *way, .len = len, .next = p->parcels};
    memcpy(c->body, body, len);
    if (c->next != NULL)
        c->next->prev = c;
    p->parcels = c;
    ev_now_update(p->loop); /* the time that a message waits counts from now */
    ev_timer_init(&c->timer, on_time, (double)wait_ms / 1e3, 0.0);
    c->timer.data = c;
    ev_timer_start(p->loop, &c->timer);
    return c;
}

/* Sends the body that was written, or keeps it until its time. */
static void ship(struct play *p, const struct way *way)
{
    const struct defect_set *set = p->config->defects;
    const char *payload = p->message.binding->payload, *command = p->message.command;
    if (defect_touches(set, DEFECT_LATE, payload, command) &&
        parcel_new(p, way, p->body.data, p->body.len, set->use[DEFECT_LATE].value) != NULL)
        return;
    if (!defect_touches(set, DEFECT_REORDER, payload, command)) {
        depart(p, way, p->body.data, p->body.len);
        return;
    }
    if (p->held == NULL) {
        p->held = parcel_new(p, way, p->body.data, p->body.len, set->use[DEFECT_REORDER].value);
        if (p->held != NULL)
            return;
    }
    depart(p, way, p->body.data, p->body.len);
    if (p->held != NULL) { /* overtaken: it follows soon */
        ev_timer_stop(p->loop, &p->held->timer);
        ev_timer_set(&p->held->timer, OVERTAKEN_S, 0.0);
        ev_timer_start(p->loop, &p->held->timer);
        p->held = NULL;
    }
}

static enum raw_manner manner_of(const struct defect_set *set, const char *payload,
                                 const char *command)
{
    static const struct {
        enum defect defect;
        enum raw_manner manner;
    } manners[] = {
        {DEFECT_RESET, RAW_RESET},
        {DEFECT_GARBAGE, RAW_GARBAGE},
        {DEFECT_SLOW_DRIP, RAW_DRIP},
        {DEFECT_ENDLESS_HEADER, RAW_ENDLESS_HEADER},
        {DEFECT_ENDLESS_BODY, RAW_ENDLESS_BODY},
    };
    for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++)
        if (defect_touches(set, manners[i].defect, payload, command))
            return manners[i].manner;
    return RAW_WHOLE;
}

static enum err_code write_body(struct play *p, const struct meter *m, const char *correlation,
                                const char *mode)
{
    const struct defect_set *set = p->config->defects;
    struct message_context c = {.defects = set,
                                .meter = m,
                                .correlation = correlation,
                                .serial = ++p->serial,
                                .size_max_bytes = -1};
    if (set->use[DEFECT_OVERSIZE].on) {
        const struct table_leg *leg = play_leg(p, m, p->message.binding->payload, mode);
        c.size_max_bytes = leg == NULL ? -1 : leg->size_max_bytes;
    }
    return message_write(&p->message, &c, &p->body, NULL);
}

void play_reply(struct play *p, struct caller who, const struct meter *m, const char *correlation,
                const char *reply_url)
{
    const struct defect_set *set = p->config->defects;
    const char *payload = p->message.binding->payload, *command = p->message.command;
    struct way way = {.who = who, .manner = manner_of(set, payload, command)};
    if (write_body(p, m, correlation, "poll") != ERR_OK) {
        play_answer(p, who, HTTP_FAULT, NULL, 0, RAW_WHOLE);
        return;
    }
    (void)snprintf(way.url, sizeof way.url, "%s", reply_url);
    way.twice =
        defect_touches(set, DEFECT_DUPLICATE, payload, command) && play_is_listed(p, way.url);
    if (p->config->reply_by_request) {
        play_answer(p, who, HTTP_ACCEPTED, NULL, 0, RAW_WHOLE);
        way.who = (struct caller){NULL, NULL};
    }
    ship(p, &way);
}

/* The first destination of the row that the statement gives an address for. */
static const struct statement_endpoint *destination(const struct play *p, const struct meter *m,
                                                    const char *mode)
{
    const struct statement *s = p->config->statement;
    const struct table_leg *leg = play_leg(p, m, p->message.binding->payload, mode);
    const struct statement_endpoint *peer = NULL;
    for (size_t i = 0; leg != NULL && peer == NULL && i < leg->n_to; i++)
        peer = statement_peer(s, leg->to[i]);
    if (peer == NULL) /* a payload without a row: operations concern billing */
        peer = statement_peer(s, "CIS/Billing - Utility");
    return peer;
}

void play_send_event(struct play *p, const struct meter *m, const char *mode)
{
    const struct defect_set *set = p->config->defects;
    const char *payload = p->message.binding->payload;
    const struct statement_endpoint *peer = destination(p, m, mode);
    struct way way = {.manner = manner_of(set, payload, NULL),
                      .twice = defect_touches(set, DEFECT_DUPLICATE, payload, NULL)};
    if (peer == NULL || play_swallowed(p, way.who) || write_body(p, m, NULL, mode) != ERR_OK)
        return;
    write_url(peer, true, way.url, sizeof way.url);
    ship(p, &way);
}

static void silence(struct play *p, struct caller who)
{
    struct caller *slot = &p->silenced[p->n_silenced++ % SILENCED_MAX];
    if (is_call(*slot))
        play_answer(p, *slot, 0, NULL, 0, RAW_DROP);
    *slot = who;
}

bool play_swallowed(struct play *p, struct caller who)
{
    const struct defect_set *set = p->config->defects;
    const struct binding *b = p->message.binding;
    if (defect_touches(set, DEFECT_SILENT, b->payload, p->message.command)) {
        if (is_call(who))
            silence(p, who);
        return true;
    }
    if (!defect_touches(set, DEFECT_LOSSY, b->payload, p->message.command))
        return false;
    uint32_t *count = &p->operations[b - p->config->binding];
    if ((++*count + p->config->seed) % (uint64_t)set->use[DEFECT_LOSSY].value != 0)
        return false;
    if (is_call(who))
        play_answer(p, who, 0, NULL, 0, RAW_DROP);
    return true;
}

enum err_code play_deliver_open(struct play *p, struct err *e)
{
    p->silenced = calloc(SILENCED_MAX, sizeof *p->silenced);
    return p->silenced == NULL ? err_set(e, ERR_NOMEM, "no memory for the equipment") : ERR_OK;
}

void play_deliver_close(struct play *p)
{
    while (p->parcels != NULL)
        parcel_free(p->parcels);
    free(p->silenced);
}
