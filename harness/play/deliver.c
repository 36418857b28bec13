/* How messages leave: in the answer or as a request, at once or later, whole or broken. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/play/inside.h"

#define SILENCED_MAX 8192u /* callers left hanging; the oldest is dropped for one more */
#define OVERTAKEN_S 0.02
#define PARCEL_BYTES_MAX (256u * 1024 * 1024) /* of messages that wait; what is more goes at once */

/* Where one message goes. */
struct way {
    struct caller who; /* neither set: a request to url */
    struct ask *ask;   /* its answer is awaited, NULL not */
    char url[URL_BYTES];
    bool twice; /* once more, as a request to url */
    struct truth_entry truth;
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

void play_status(struct play *p, struct caller who, int status)
{
    if (is_call(who))
        play_answer(p, who, status, NULL, 0, RAW_WHOLE);
}

/* "http://127.0.0.1:18490" of an endpoint, path too when wanted. */
static void write_url(const struct statement_endpoint *at, uint16_t port, bool path, char *out,
                      size_t size)
{
    bool v6 = strchr(at->address, ':') != NULL;
    (void)snprintf(out, size, "http%s://%s%s%s:%u%s", at->tls ? "s" : "", v6 ? "[" : "",
                   at->address, v6 ? "]" : "", port, path ? at->path : "");
}

void play_peer_url(const struct statement_endpoint *peer, char *out, size_t size)
{
    write_url(peer, peer->port, true, out, size);
}

void play_own_url(const struct play *p, char *out, size_t size)
{
    write_url(&p->config->statement->eut, p->at.port, true, out, size);
}

/* The statement's endpoint that a URL leads to; path: what follows in the URL. */
static const struct statement_endpoint *find_peer(const struct play *p, const char *url,
                                                  const char **path)
{
    const struct statement *s = p->config->statement;
    char prefix[URL_BYTES];
    for (size_t i = 0; i < s->n_peer; i++) {
        write_url(&s->peer[i], s->peer[i].port, false, prefix, sizeof prefix);
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

uint32_t play_actor_at(const struct play *p, const char *url)
{
    const char *path;
    const struct statement_endpoint *peer = find_peer(p, url, &path);
    return peer == NULL ? ACTOR_NONE : known_actor_of(&p->known, peer->actor, strlen(peer->actor));
}

/* A request that does not get through is lost: the equipment does not ask twice. */
static void send_request(struct play *p, const struct way *way, struct ask *ask, const char *body,
                         size_t len)
{
    const char *path;
    if (way->manner == RAW_WHOLE) {
        struct speaker *s = ask != NULL && !ask->patient ? p->asker : p->speaker;
        if (http_speaker.send(s, way->url, body, len, (uint64_t)(uintptr_t)ask, NULL) != ERR_OK &&
            ask != NULL)
            ask_done(ask, NULL);
        return;
    }
    const struct statement_endpoint *peer = find_peer(p, way->url, &path);
    if (peer != NULL)
        (void)raw_send(p->raw, peer->address, peer->port, path, body, len, way->manner,
                       p->config->defects->use[DEFECT_SLOW_DRIP].value, NULL);
    if (ask != NULL) /* broken as it is, nothing will come back */
        ask_done(ask, NULL);
}

static void depart(struct play *p, const struct way *way, const char *body, size_t len)
{
    truth_left(&p->truth, &way->truth);
    if (is_call(way->who))
        play_answer(p, way->who, HTTP_OK, body, len, way->manner);
    else
        send_request(p, way, way->ask, body, len);
    if (way->twice)
        send_request(p, way, NULL, body, len);
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
    p->parcel_bytes -= c->len;
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
    struct parcel *c = NULL;
    if (len <= PARCEL_BYTES_MAX - p->parcel_bytes)
        c = malloc(sizeof *c + len);
    if (c == NULL)
        return NULL;
    p->parcel_bytes += len;
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

enum err_code play_write(struct play *p, const struct message_context *c)
{
    return message_write(&p->message, c, &p->body, NULL);
}

void play_ship_answer(struct play *p, struct caller who, const char *reply_url)
{
    const struct defect_set *set = p->config->defects;
    const char *payload = p->message.binding->payload, *command = p->message.command;
    struct way way = {.who = who,
                      .manner = manner_of(set, payload, command),
                      .truth =
                          truth_answer(&p->truth, payload, message_canonical_bytes(&p->message))};
    (void)snprintf(way.url, sizeof way.url, "%s", reply_url);
    way.twice =
        defect_touches(set, DEFECT_DUPLICATE, payload, command) && play_is_listed(p, way.url);
    ship(p, &way);
}

void play_ship(struct play *p, const char *url, struct ask *ask)
{
    const struct defect_set *set = p->config->defects;
    const char *payload = p->message.binding->payload, *command = p->message.command;
    struct way way = {.ask = ask,
                      .manner = manner_of(set, payload, command),
                      .twice = defect_touches(set, DEFECT_DUPLICATE, payload, command),
                      .truth =
                          truth_answer(&p->truth, payload, message_canonical_bytes(&p->message))};
    (void)snprintf(way.url, sizeof way.url, "%s", url);
    ship(p, &way);
}

void play_silence(struct play *p, struct caller who)
{
    if (!is_call(who))
        return;
    struct caller *slot = &p->silenced[p->n_silenced++ % SILENCED_MAX];
    if (is_call(*slot))
        play_answer(p, *slot, 0, NULL, 0, RAW_DROP);
    *slot = who;
}

bool play_swallowed(struct play *p, struct caller who, const struct known_payload *what,
                    const struct known_payload *command)
{
    const struct defect_set *set = p->config->defects;
    const char *payload = what->binding->payload;
    const char *of = command == NULL ? NULL : command->binding->payload;
    if (defect_touches(set, DEFECT_SILENT, payload, of)) {
        truth_lost(&p->truth, payload);
        play_silence(p, who);
        return true;
    }
    if (!defect_touches(set, DEFECT_LOSSY, payload, of))
        return false;
    /* by what is lost and what asked for it: where two commands have one answer and follow each
     * other, a common count could spare one of them for ever */
    size_t asked = command == NULL ? p->known.n : (size_t)(command - p->known.payload);
    uint32_t *count = &p->operations[(size_t)(what - p->known.payload) * (p->known.n + 1) + asked];
    if ((++*count + p->config->seed) % (uint64_t)set->use[DEFECT_LOSSY].value != 0)
        return false;
    truth_lost(&p->truth, payload);
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
