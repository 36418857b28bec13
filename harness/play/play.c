#include "harness/play/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"

#define SEND_TIMEOUT_NS (30 * NS_PER_S)
#define BODY_BYTES (2 * LIMIT_HTTP_BODY_BYTES)

/* Everything that a meter says; the bindings must know it. */
static const char *const sayings[] = {
    "on-demand_Mtr-read_resp-data",
    "on-demand_Mtr-read_cmd_err",
    "Mtr-read_data_resp-data",
    "Mtr-read_multi-interval-data_resp-data",
    "Audit_Application_Event",
    "Configuration_Event",
    "Fault_Error_Alarm_Event",
    "Power_Quality_Event",
    "Security_Event",
    "SW_opr_cmd_ack",
    "SW_opr_fail_cmd-err",
    "SW_state_cmd_resp-data",
    "SW_post-oper-info_resp-data",
    "valve_opr_cmd_ack",
    "valve_opr_fail_cmd-err",
    "valve_state_cmd_resp-data",
    "valve_post-oper-info_resp-data",
};

const struct binding *play_binding(const struct play *p, const char *payload)
{
    for (size_t i = 0; i < p->config->n_binding; i++)
        if (strcmp(p->config->binding[i].payload, payload) == 0)
            return &p->config->binding[i];
    return NULL;
}

static bool is_among(const char *const *list, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], word) == 0)
            return true;
    return false;
}

static bool is_any_or(const char *declared, const char *wanted)
{
    return declared[0] == '\0' || strcmp(declared, wanted) == 0;
}

const struct table_leg *play_leg(const struct play *p, const struct meter *m, const char *payload,
                                 const char *mode)
{
    const struct statement_group *g = m->group->declared;
    const struct table *t = p->config->table;
    for (size_t r = 0; r < t->n_row; r++)
        for (size_t i = 0; strcmp(t->row[r].payload, payload) == 0 && i < t->row[r].n_leg; i++) {
            const struct table_leg *leg = &t->row[r].leg[i];
            if (is_among(leg->from, leg->n_from, g->actor) && is_any_or(leg->mode, mode) &&
                is_any_or(leg->device_class, g->device_class))
                return leg;
        }
    return NULL;
}

static void on_sent(void *arg, uint64_t token, const struct speaker_outcome *o)
{
    (void)arg, (void)token, (void)o;
}

static void on_command(void *arg, struct speaker_request *rq, size_t listener, const char *path,
                       const void *body, size_t len)
{
    (void)listener;
    play_command(arg, (struct caller){.rq = rq}, path, body, len);
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
    play_command(arg, (struct caller){.link = link}, path, body, len);
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
        .body_max_bytes = LIMIT_HTTP_BODY_BYTES,
        .timeout_ns = SEND_TIMEOUT_NS,
    };
    enum err_code rc = http_speaker.open(p->loop, &config, &handlers, p, &p->speaker, e);
    if (rc == ERR_OK && raw)
        rc = raw_new(p->loop, p->at.address, &p->at.port, on_raw, p, &p->raw, e);
    return rc;
}

enum err_code play_open(struct ev_loop *loop, const struct play_config *config, struct play **out,
                        struct err *e)
{
    enum err_code rc;
    struct play *p = calloc(1, sizeof *p);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the equipment");
    p->loop = loop;
    p->config = config;
    buf_init(&p->body, BODY_BYTES);
    rc = fleet_init(config->statement, config->actor, config->seed, &p->fleet, e);
    for (size_t i = 0; rc == ERR_OK && i < sizeof sayings / sizeof sayings[0]; i++)
        if (play_binding(p, sayings[i]) == NULL)
            rc = err_set(e, ERR_DATA, "the bindings lack payload \"%s\"", sayings[i]);
    if (rc == ERR_OK)
        rc = envelope_reader_new(&p->reader, e);
    if (rc == ERR_OK && (p->operations = calloc(config->n_binding, sizeof *p->operations)) == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory for the equipment");
    if (rc == ERR_OK)
        rc = play_deliver_open(p, e);
    if (rc == ERR_OK)
        rc = open_equipment(p, e);
    if (rc == ERR_OK)
        rc = open_control(p, e);
    if (rc != ERR_OK) {
        play_close(p);
        return rc;
    }
    *out = p;
    return ERR_OK;
}

void play_close(struct play *p)
{
    if (p == NULL)
        return;
    play_deliver_close(p);
    http_speaker.close(p->control);
    http_speaker.close(p->speaker);
    raw_free(p->raw);
    if (p->reader != NULL)
        envelope_reader_free(p->reader);
    fleet_release(&p->fleet);
    buf_release(&p->body);
    free(p->operations);
    free(p);
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
