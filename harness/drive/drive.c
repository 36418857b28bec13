#include "harness/drive/drive.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/drive/image.h"
#include "harness/drive/secret.h"

#define BEAT_S 0.1
#define STALL_NS (50 * NS_PER_MS)
#define SYN_REPEAT_NS (1200 * NS_PER_MS) /* a client waits 1 s before its second SYN */
#define SPARE_NS (2 * NS_PER_S)          /* a sent exchange lives longer than any give-up time */
#define CONTROL_NS (10 * NS_PER_S)       /* a stimulus must be confirmed within */
#define SCRATCH_BYTES (16u * 1024 * 1024)

static void on_sent(void *arg, uint64_t token, const struct speaker_outcome *o)
{
    struct drive *d = arg;
    if ((token & CALIBRATE_TOKEN) != 0)
        calibrate_sent(d, token, o);
    else if ((token & READ_BACK_TOKEN) != 0)
        read_back_sent(d, token, o);
    else if ((token & BACKGROUND_TOKEN) != 0)
        background_sent(d, token, o);
    else
        queue_sent(d, token, o);
    pace_go_on(d);
}

static void on_received(void *arg, struct speaker_request *rq, size_t listener, const char *path,
                        const void *body, size_t len)
{
    (void)path;
    inbound_received(arg, rq, listener, body, len);
}

static void stall(struct drive *d, int64_t from_ns, int64_t to_ns)
{
    struct journal_record r = {.type = JOURNAL_STALL};
    r.u.stall.from_ns = from_ns;
    r.u.stall.to_ns = to_ns;
    record(d, &r);
}

static void on_check(struct ev_loop *loop, ev_check *w, int events)
{
    (void)loop;
    (void)events;
    struct drive *d = w->data;
    d->turn_ns = clock_real_ns();
    d->turn_starts = 0;
}

/* Before the loop sleeps: what was queued goes out, and a turn that took long is told. */
static void on_prepare(struct ev_loop *loop, ev_prepare *w, int events)
{
    (void)loop;
    (void)events;
    struct drive *d = w->data;
    queue_transmit(d);
    int64_t now = clock_real_ns();
    if (d->turn_ns != 0 && now - d->turn_ns > STALL_NS)
        stall(d, d->turn_ns, now);
    d->turn_ns = 0;
}

/* A connection that a full queue of ours dropped is tried again a second later: no delay of the
 * equipment's. */
static void watch_queues(struct drive *d)
{
    uint64_t dropped = d->o.speaker->dropped(d->server);
    int64_t now = clock_real_ns();
    if (dropped > d->dropped)
        stall(d, now - (int64_t)(BEAT_S * (double)NS_PER_S), now + SYN_REPEAT_NS);
    d->dropped = dropped;
}

static void on_beat(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)events;
    struct drive *d = w->data;
    char line[80];
    int64_t now = clock_mono_ns(), late = now - d->beat_due_ns;
    if (d->beat_due_ns != 0 && late > STALL_NS) {
        int64_t real = clock_real_ns();
        stall(d, real - late, real);
    }
    d->beat_due_ns = now + (int64_t)(BEAT_S * (double)NS_PER_S);
    watch_queues(d);
    inquiries_expire(d, now);
    struct journal_record r = {.type = JOURNAL_CLOCK};
    record(d, &r);
    record_flush(d);
    beat_tick(d->beat);
    if (d->beat == NULL)
        d->o.say(d->o.arg, "BEAT", true);
    (void)snprintf(line, sizeof line, "PROGRESS %" PRIu64 " %" PRIu64 " %u", d->n_started,
                   d->n_done, d->n_open);
    d->o.say(d->o.arg, line, true);
    pace_go_on(d);
}

static void on_pace(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)events;
    pace_go_on(w->data);
}

static void on_signal(struct ev_loop *loop, ev_signal *w, int events)
{
    (void)loop;
    (void)events;
    pace_stop(w->data);
}

/* "DECIDED row variant used": on record before it is acted on. */
static void decided(struct drive *d, const char *line)
{
    uint64_t value[3];
    const char *p = line;
    for (int i = 0; i < 3; i++) {
        size_t n = strcspn(p, " ");
        if (!num_u64(p, n, 0, UINT32_MAX, &value[i]) || (i < 2 && p[n] != ' '))
            return;
        p += n + (i < 2);
    }
    if (value[0] >= d->plan->n_row || value[1] >= d->plan->row[value[0]].n_variant)
        return;
    struct journal_record r = {.type = JOURNAL_DECIDED};
    r.u.decided.row = (uint32_t)value[0];
    r.u.decided.variant = (uint32_t)value[1];
    r.u.decided.used = (uint32_t)value[2];
    record(d, &r);
    record_flush(d);
    pace_decided(d, (uint32_t)value[0], (uint32_t)value[1]);
}

static void on_input(struct ev_loop *loop, ev_io *w, int events)
{
    (void)events;
    struct drive *d = w->data;
    ssize_t n = read(w->fd, d->line + d->line_len, sizeof d->line - 1 - d->line_len);
    if (n == -1 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        ev_io_stop(loop, w);
        d->input_closed = true;
        pace_go_on(d);
        return;
    }
    d->line_len += (size_t)n;
    d->line[d->line_len] = '\0';
    char *start = d->line, *end;
    while ((end = strchr(start, '\n')) != NULL) {
        *end = '\0';
        if (strcmp(start, "STOP") == 0)
            pace_stop(d);
        else if (strncmp(start, "DECIDED ", 8) == 0)
            decided(d, start + 8);
        start = end + 1;
    }
    d->line_len = strlen(start);
    memmove(d->line, start, d->line_len + 1);
    if (d->line_len == sizeof d->line - 1) /* no line of ours is that long */
        d->line_len = 0;
}

static enum err_code name_endpoints(struct drive *d, struct err *e)
{
    const struct plan *p = d->plan;
    d->url = arena_alloc(&d->arena, (p->n_endpoint + 1) * sizeof *d->url);
    d->listener_of = arena_alloc(&d->arena, (p->n_endpoint + 1) * sizeof *d->listener_of);
    for (size_t i = 0; d->url != NULL && d->listener_of != NULL && i < p->n_endpoint; i++) {
        const struct plan_endpoint *ep = &p->endpoint[i];
        char text[600];
        bool v6 = strchr(ep->address, ':') != NULL;
        int n =
            snprintf(text, sizeof text, "http%s://%s%s%s:%u%s", ep->tls ? "s" : "", v6 ? "[" : "",
                     ep->address, v6 ? "]" : "", ep->port, ep->path == NULL ? "/" : ep->path);
        if (n < 0 || (size_t)n >= sizeof text)
            return err_set(e, ERR_DATA, "address of \"%s\" is too long", ep->actor);
        d->url[i] = arena_strdup(&d->arena, text);
        if (d->url[i] == NULL)
            return err_set(e, ERR_NOMEM, "no memory for %zu endpoints", p->n_endpoint);
        d->listener_of[i] = -1;
    }
    d->anonymous = arena_alloc(&d->arena, (p->n_binding + 1) * sizeof(struct expected *));
    for (size_t i = p->n_endpoint; i-- > 0;)
        if (p->endpoint[i].eut)
            d->eut_endpoint = (uint32_t)i;
    d->read_back_binding = plan_binding_by_payload(p, "read-back");
    return d->url != NULL && d->listener_of != NULL && d->anonymous != NULL
               ? ERR_OK
               : err_set(e, ERR_NOMEM, "no memory for %zu endpoints", p->n_endpoint);
}

/* One listener for each address and port of an actor that we play. */
static enum err_code open_speakers(struct drive *d, struct err *e)
{
    static const struct speaker_handlers handlers = {on_sent, on_received};
    const struct plan *p = d->plan;
    struct speaker_listener *listener = calloc(p->n_endpoint + 1, sizeof *listener);
    if (listener == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu endpoints", p->n_endpoint);
    size_t n = 0;
    bool tls = false;
    size_t served_tls = 0, served = 0; /* endpoints that the harness plays */
    int64_t longest = 0;
    for (size_t i = 0; i < p->n_endpoint; i++) {
        const struct plan_endpoint *ep = &p->endpoint[i];
        tls = tls || ep->tls;
        if (ep->eut || strcmp(ep->actor, "calibration responder") == 0)
            continue;
        served++;
        served_tls += ep->tls;
        size_t k = 0;
        while (k < n &&
               (listener[k].port != ep->port || strcmp(listener[k].address, ep->address) != 0))
            k++;
        if (k == n)
            listener[n++] = (struct speaker_listener){ep->address, ep->port};
        d->listener_of[i] = (int)k;
    }
    for (size_t i = 0; i < d->n_case; i++)
        longest = d->kase[i].give_up_ns > longest ? d->kase[i].give_up_ns : longest;
    if (served_tls != 0 && served_tls != served) {
        free(listener);
        return err_set(e, ERR_USAGE, "%zu of %zu played actors want TLS, expected all or none",
                       served_tls, served);
    }
    struct speaker_tls files = {p->tls_ca, p->tls_certificate, p->tls_key};
    struct speaker_tls shown = {NULL, p->tls_certificate, p->tls_key};
    struct speaker_config config = {.listener = listener,
                                    .n_listener = n,
                                    .connection_per_exchange = p->connection_per_exchange,
                                    .tls = tls ? &files : NULL,
                                    .server_tls = served_tls != 0 ? &shown : NULL,
                                    .body_max_bytes = LIMIT_HTTP_BODY_BYTES,
                                    .held_bytes = &d->held_bytes,
                                    .timeout_ns = longest + SPARE_NS};
    enum err_code rc = d->o.speaker->open(d->loop, &config, &handlers, d, &d->server, e);
    config.n_listener = 0;
    for (size_t i = 0; rc == ERR_OK && i < DRIVE_CLIENTS; i++)
        rc = d->o.speaker->open(d->loop, &config, &handlers, d, &d->client[i], e);
    char secret[SECRET_BYTES];
    if (rc == ERR_OK)
        rc = secret_of_stimuli(p, secret, e);
    if (rc == ERR_OK) {
        config = (struct speaker_config){.body_max_bytes = LIMIT_HTTP_BODY_BYTES,
                                         .held_bytes = &d->held_bytes,
                                         .timeout_ns = CONTROL_NS,
                                         .bearer = secret[0] == '\0' ? NULL : secret};
        rc = d->o.speaker->open(d->loop, &config, &handlers, d, &d->control, e);
    }
    explicit_bzero(secret, sizeof secret);
    free(listener);
    return rc;
}

static void watch(struct drive *d)
{
    ev_init(&d->pace, on_pace);
    d->pace.data = d;
    ev_init(&d->stop_timer, pace_stop_timer);
    d->stop_timer.data = d;
    ev_timer_init(&d->beat_timer, on_beat, 0., BEAT_S);
    d->beat_timer.data = d;
    ev_prepare_init(&d->prepare, on_prepare);
    d->prepare.data = d;
    ev_check_init(&d->check, on_check);
    d->check.data = d;
    ev_io_init(&d->input, on_input, STDIN_FILENO, EV_READ);
    d->input.data = d;
    ev_signal_init(&d->sig_int, on_signal, SIGINT);
    d->sig_int.data = d;
    ev_signal_init(&d->sig_term, on_signal, SIGTERM);
    d->sig_term.data = d;
    /* after the speakers' own, so that a turn's work is all seen */
    ev_set_priority(&d->prepare, EV_MINPRI);
    ev_timer_start(d->loop, &d->beat_timer);
    ev_prepare_start(d->loop, &d->prepare);
    ev_check_start(d->loop, &d->check);
    ev_io_start(d->loop, &d->input);
    ev_signal_start(d->loop, &d->sig_int);
    ev_signal_start(d->loop, &d->sig_term);
}

enum err_code drive_new(const struct drive_options *o, struct drive **out, struct err *e)
{
    *out = NULL;
    struct drive *d = calloc(1, sizeof *d);
    if (d == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a driver");
    d->plan = o->plan;
    d->o = *o;
    d->timebase.factor = 1;
    buf_init(&d->scratch, SCRATCH_BYTES);
    enum err_code rc = ERR_OK;
    if (d->plan->pace_per_s < 1 || d->plan->overlap_max < 1)
        rc = err_set(e, ERR_DATA,
                     "the plan has a pace of %lld trials a second and %u open at a time, "
                     "expected at least 1",
                     (long long)d->plan->pace_per_s, d->plan->overlap_max);
    if (rc == ERR_OK && (d->loop = ev_loop_new(EVFLAG_AUTO)) == NULL)
        rc = err_set(e, ERR_SYS, "no event loop can be made");
    if (rc == ERR_OK && d->plan->tzif_len > 0) {
        rc = zone_new(d->plan->tzif, d->plan->tzif_len, &d->zone, e);
        if (rc != ERR_OK)
            (void)err_wrap(e, "zone %s of the plan", d->plan->zone);
    }
    if (rc == ERR_OK)
        rc = devices_make(d, e);
    if (rc == ERR_OK)
        rc = name_endpoints(d, e);
    if (rc == ERR_OK)
        rc = script_new(NULL, &d->script, e);
    if (rc == ERR_OK)
        rc = image_files_load(d, e);
    if (rc == ERR_OK)
        rc = cases_make(d, e);
    if (rc == ERR_OK)
        rc = api_open(d, e);
    if (rc == ERR_OK)
        rc = envelope_reader_new(&d->reader, e);
    if (rc == ERR_OK && o->beat_file != NULL)
        rc = beat_open(o->beat_file, &d->beat, e);
    if (rc == ERR_OK)
        rc = open_speakers(d, e);
    if (rc == ERR_OK) /* last: its file says that the driver runs */
        rc = journal_create(o->journal, &d->journal, e);
    if (rc != ERR_OK) {
        drive_free(d);
        return rc;
    }
    watch(d);
    *out = d;
    return ERR_OK;
}

enum err_code drive_run(struct drive *d, struct err *e)
{
    const char *nonce = d->plan->nonce, *digest = d->plan->digest;
    struct journal_record r = {.type = JOURNAL_BEGIN};
    r.u.begin.nonce = (struct journal_text){nonce, (uint32_t)strlen(nonce)};
    r.u.begin.plan_digest = (struct journal_text){digest, (uint32_t)strlen(digest)};
    record(d, &r);
    record_flush(d);
    calibrate_begin(d);
    pace_go_on(d);
    if (d->fault.code == ERR_OK)
        ev_run(d->loop, 0);
    if (d->fault.code != ERR_OK) {
        *e = d->fault;
        return e->code;
    }
    r = (struct journal_record){.type = JOURNAL_END};
    r.u.end.reason = d->stopping ? 1 : 0;
    r.u.end.text = (struct journal_text){d->script_fault, (uint32_t)strlen(d->script_fault)};
    record(d, &r);
    enum err_code rc = d->fault.code;
    if (rc != ERR_OK)
        *e = d->fault;
    else
        rc = journal_close(d->journal, e);
    if (rc == ERR_OK)
        d->journal = NULL;
    if (rc == ERR_OK && d->script_fault[0] != '\0')
        rc = err_set(e, ERR_SCRIPT, "%s", d->script_fault);
    return rc;
}

void drive_free(struct drive *d)
{
    if (d == NULL)
        return;
    if (d->fault.code == ERR_OK) /* what closing tells has no trial to go to any more */
        (void)err_set(&d->fault, ERR_CLOSED, "the driver ends");
    d->n_outgoing = 0;
    background_end(d);
    for (size_t i = 0; i < DRIVE_CLIENTS; i++)
        if (d->client[i] != NULL)
            d->o.speaker->close(d->client[i]);
    if (d->server != NULL)
        d->o.speaker->close(d->server);
    if (d->control != NULL)
        d->o.speaker->close(d->control);
    trials_release(d);
    images_free(d);
    image_files_free(d);
    if (d->journal != NULL)
        (void)journal_close(d->journal, NULL);
    zone_free(d->zone);
    envelope_reader_free(d->reader);
    script_free(d->script);
    beat_release(d->beat);
    buf_release(&d->scratch);
    free(d->outgoing);
    arena_release(&d->arena);
    if (d->loop != NULL)
        ev_loop_destroy(d->loop);
    free(d);
}
