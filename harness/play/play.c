#include "harness/play/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"

#define SEND_TIMEOUT_NS (30 * NS_PER_S)
#define ASK_TIMEOUT_NS NS_PER_S /* a device that has not answered by then does not answer */
#define CONNECTIONS_MAX 256u    /* of a kind, towards others; what is more waits */
#define BODY_BYTES (2 * LIMIT_HTTP_BODY_BYTES)
#define MEMORY_ITEMS 131072u
#define MEMORY_BYTES (64u * 1024 * 1024)
#define MENTION_ITEMS 65536u
#define MENTION_BYTES (8u * 1024 * 1024)
#define TRAIL_ITEMS 32768u
#define TRAIL_BYTES (32u * 1024 * 1024)

static void on_sent(void *arg, uint64_t token, const struct speaker_outcome *o)
{
    (void)arg;
    if (token != 0)
        ask_done((struct ask *)(uintptr_t)token, o);
}

static void on_command(void *arg, struct speaker_request *rq, size_t listener, const char *path,
                       const void *body, size_t len)
{
    (void)listener;
    play_receive(arg, (struct caller){.rq = rq}, path, body, len);
}

static void on_stimulus(void *arg, struct speaker_request *rq, size_t listener, const char *path,
                        const void *body, size_t len)
{
    struct play *p = arg;
    (void)listener, (void)body, (void)len;
    (void)http_speaker.answer(p->control, rq, play_stimulus(p, path), NULL, 0, NULL);
}

static void on_raw(void *arg, struct raw_link *link, const char *path, const char *body, size_t len)
{
    play_receive(arg, (struct caller){.link = link}, path, body, len);
}

static enum err_code open_control(struct play *p, struct err *e)
{
    static const struct speaker_handlers handlers = {.sent = on_sent, .received = on_stimulus};
    const struct statement *s = p->config->statement;
    if (s->control_address == NULL)
        return ERR_OK;
    p->control_at = (struct speaker_listener){s->control_address, s->control_port};
    struct speaker_config config = {
        .listener = &p->control_at,
        .n_listener = 1,
        .body_max_bytes = LIMIT_HTTP_HEAD_BYTES,
        .timeout_ns = SEND_TIMEOUT_NS,
    };
    return http_speaker.open(p->loop, &config, &handlers, p, &p->control, e);
}

static enum err_code open_equipment(struct play *p, struct err *e)
{
    static const struct speaker_handlers handlers = {.sent = on_sent, .received = on_command};
    const struct play_config *c = p->config;
    const struct statement *s = c->statement;
    struct speaker_tls client = {s->tls_ca, s->tls_certificate, s->tls_key};
    struct speaker_tls server = {NULL, c->certificate, c->key};
    bool raw = defect_needs_raw(c->defects);
    p->at = (struct speaker_listener){s->eut.address, s->eut.port};
    if (s->eut.tls && (raw || c->certificate == NULL || c->key == NULL))
        return err_set(e, ERR_USAGE, "%s:%ld: TLS %s", s->path, s->eut.line,
                       raw ? "cannot be had with this defect: broken HTTP goes over bare sockets"
                           : "needs --certificate and --key");
    struct speaker_config config = {
        .listener = &p->at,
        .n_listener = raw ? 0 : 1,
        .connection_per_exchange = s->connection_per_exchange,
        .tls = s->tls_ca != NULL ? &client : NULL,
        .server_tls = s->eut.tls ? &server : NULL,
        .max_connections = CONNECTIONS_MAX,
        .body_max_bytes = LIMIT_HTTP_BODY_BYTES,
        .timeout_ns = SEND_TIMEOUT_NS,
    };
    enum err_code rc = http_speaker.open(p->loop, &config, &handlers, p, &p->speaker, e);
    config.n_listener = 0;
    config.server_tls = NULL;
    config.timeout_ns = ASK_TIMEOUT_NS;
    if (rc == ERR_OK)
        rc = http_speaker.open(p->loop, &config, &handlers, p, &p->asker, e);
    if (rc == ERR_OK && raw)
        rc = raw_new(p->loop, p->at.address, &p->at.port, on_raw, p, &p->raw, e);
    return rc;
}

static enum err_code open_memories(struct play *p, struct err *e)
{
    p->memory = ring_new(MEMORY_ITEMS, MEMORY_BYTES);
    p->mentions = ring_new(MENTION_ITEMS, MENTION_BYTES);
    p->trails = ring_new(TRAIL_ITEMS, TRAIL_BYTES);
    p->operations = calloc((p->known.n + 1) * (p->known.n + 1), sizeof *p->operations);
    return p->memory == NULL || p->mentions == NULL || p->trails == NULL || p->operations == NULL
               ? err_set(e, ERR_NOMEM, "no memory for the equipment")
               : ERR_OK;
}

enum err_code play_open(struct ev_loop *loop, const struct play_config *config, struct play **out,
                        struct err *e)
{
    struct play *p = calloc(1, sizeof *p);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the equipment");
    p->loop = loop;
    p->config = config;
    p->started_ns = clock_mono_ns();
    p->boot = (uint64_t)clock_real_ns() / 1000;
    message_init(&p->message);
    buf_init(&p->body, BODY_BYTES);
    enum err_code rc = known_init(&p->known, config->table, config->binding, config->n_binding, e);
    if (rc == ERR_OK)
        rc = subjects_init(&p->subjects, config->statement, config->actor, &p->known, e);
    if (rc == ERR_OK)
        rc = envelope_reader_new(&p->reader, e);
    if (rc == ERR_OK)
        rc = open_memories(p, e);
    if (rc == ERR_OK && config->truth != NULL)
        rc = truth_open(&p->truth, config->truth, e);
    if (rc == ERR_OK)
        rc = play_deliver_open(p, e);
    if (rc == ERR_OK)
        rc = open_equipment(p, e);
    if (rc == ERR_OK)
        rc = open_control(p, e);
    if (rc != ERR_OK) {
        (void)play_close(p, NULL);
        return rc;
    }
    *out = p;
    return ERR_OK;
}

enum err_code play_close(struct play *p, struct err *e)
{
    if (p == NULL)
        return ERR_OK;
    enum err_code rc = truth_close(&p->truth, e);
    timebase_close(p);
    schedule_end(p);
    images_close(p);
    play_deliver_close(p);
    http_speaker.close(p->control);
    http_speaker.close(p->asker);
    http_speaker.close(p->speaker);
    raw_free(p->raw);
    ask_close_all(p);
    if (p->reader != NULL)
        envelope_reader_free(p->reader);
    ring_free(p->memory);
    ring_free(p->mentions);
    ring_free(p->trails);
    subjects_release(&p->subjects);
    known_release(&p->known);
    message_release(&p->message);
    buf_release(&p->body);
    free(p->operations);
    free(p);
    return rc;
}

static void write_address(const char *address, uint16_t port, char *out, size_t size)
{
    bool v6 = strchr(address, ':') != NULL;
    (void)snprintf(out, size, "%s%s%s:%u", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

void play_where(const struct play *p, char *out, size_t size)
{
    char at[64], control[64];
    write_address(p->at.address, p->at.port, at, sizeof at);
    if (p->control == NULL) {
        (void)snprintf(out, size, "%s", at);
        return;
    }
    write_address(p->control_at.address, p->control_at.port, control, sizeof control);
    (void)snprintf(out, size, "%s control %s", at, control);
}
