/* sightings - prints what the exchange reader sees in a capture, for tests to compare with others'
 * readings.
 *
 *   sightings CAPTURE ADDRESS:PORT...      the server sides; messages are printed one a line:
 *   kind stream first_frame first_ns last_frame last_ns status body_bytes health pair binding
 * and, with TIME=1, only the time that reading took.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/evidence/capfile.h"
#include "harness/exchange/sighting.h"

#define ENDPOINTS_MOST 64

struct printer {
    uint64_t tokens;
    bool quiet;
};

static const char *const health_names[SIGHT_HEALTH_COUNT] = {
    [SIGHT_OK] = "ok", [SIGHT_BAD] = "bad", [SIGHT_GAP] = "gap", [SIGHT_TRUNCATED] = "truncated"};
static const char *const event_names[CONNECTION_EVENT_COUNT] = {
    [CONNECTION_OPENED] = "opened",         [CONNECTION_REFUSED] = "refused",
    [CONNECTION_UNANSWERED] = "unanswered", [CONNECTION_RESET] = "reset",
    [CONNECTION_RESENT] = "resent",         [CONNECTION_CLOSED] = "closed"};

static uint64_t print_message(void *arg, const struct sighting *s)
{
    struct printer *p = arg;
    uint64_t token = s->answer ? 0 : ++p->tokens;
    if (!p->quiet)
        printf("%s %" PRIu32 " %" PRIu64 " %" PRId64 " %" PRIu64 " %" PRId64 " %d %" PRIu64
               " %s %" PRIu64 " %d%s%s%s\n",
               s->answer ? "answer" : "request", s->stream, s->first_frame, s->first_ns,
               s->last_frame, s->last_ns, s->status, s->body_bytes, health_names[s->health],
               s->answer ? s->pair : token, s->binding, s->encrypted ? " encrypted" : "",
               s->fault == NULL ? "" : " # ", s->fault == NULL ? "" : s->fault);
    return token;
}

static void print_event(void *arg, const struct connection_event *ev)
{
    const struct printer *p = arg;
    if (!p->quiet)
        printf("%s %" PRIu64 " frame %" PRIu64 " pair %" PRIu64 "\n", event_names[ev->kind],
               ev->flow - 1, ev->frame, ev->pair);
}

static void print_mark(void *arg, const struct mark *m, int64_t ts_ns, uint64_t frame)
{
    const struct printer *p = arg;
    if (!p->quiet)
        printf("mark %" PRIu64 " %" PRId64 " frame %" PRIu64 "\n", m->number, ts_ns, frame);
}

static bool parse_endpoint(char *text, struct plan_endpoint *ep)
{
    char *colon = strrchr(text, ':');
    uint64_t port;
    if (colon == NULL || !num_u64(colon + 1, strlen(colon + 1), 1, UINT16_MAX, &port))
        return false;
    *colon = '\0';
    *ep = (struct plan_endpoint){.actor = "server", .address = text, .port = (uint16_t)port};
    return true;
}

static enum err_code read_all(const char *path, struct exchange_reader *r, struct err *e)
{
    struct capfile *file;
    struct cap_item item;
    enum err_code rc = capfile_open(path, false, &file, e);
    if (rc != ERR_OK)
        return rc;
    while ((rc = capfile_next(file, &item, e)) == ERR_OK) {
        if (item.kind == CAP_FRAME)
            rc = exchange_reader_frame(r, &item.frame, e);
        if (rc != ERR_OK)
            break;
    }
    capfile_close(file);
    enum err_code last = exchange_reader_finish(r, e);
    return rc == ERR_CLOSED ? last : rc;
}

int main(int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct plan_endpoint endpoint[ENDPOINTS_MOST];
    struct binding binding = {
        .payload = "reading",
        .element = "Reading",
        .identity = -1,
        .echo = -1,
        .field = {{.name = "Meter ID", .path = "MeterID", .type = FIELD_EUI64, .required = true}},
        .n_field = 1};
    struct plan plan = {.endpoint = endpoint, .binding = &binding, .n_binding = 1};
    struct printer printer = {.quiet = getenv("TIME") != NULL};
    struct sighting_handlers handlers = {print_message, print_event, print_mark, &printer};
    struct exchange_reader *reader;
    if (argc < 3) {
        fprintf(stderr, "usage: sightings CAPTURE ADDRESS:PORT...\n");
        return 2;
    }
    for (int i = 2; i < argc && plan.n_endpoint < ENDPOINTS_MOST; i++) {
        if (!parse_endpoint(argv[i], &endpoint[plan.n_endpoint++])) {
            fprintf(stderr, "sightings: %s: expected ADDRESS:PORT\n", argv[i]);
            return 2;
        }
    }
    if (exchange_reader_new(&plan, &handlers, &reader, &e) != ERR_OK) {
        fprintf(stderr, "sightings: %s\n", e.text);
        return 3;
    }
    int64_t start_ns = clock_mono_ns();
    enum err_code rc = read_all(argv[1], reader, &e);
    int64_t took_ns = clock_mono_ns() - start_ns;
    const struct exchange_counts *n = exchange_reader_counts(reader);
    if (printer.quiet) {
        struct rusage use;
        (void)getrusage(RUSAGE_SELF, &use);
        printf("%" PRIu64 " frames, %" PRIu64 " answers, %.3f s, %.3f us an answer, %ld kB\n",
               n->frames, n->answers, (double)took_ns / 1e9,
               n->answers == 0 ? 0 : (double)took_ns / 1e3 / (double)n->answers, use.ru_maxrss);
    }
    fprintf(stderr,
            "frames %" PRIu64 " other %" PRIu64 " flows %" PRIu64 " gaps %" PRIu64
            " retransmitted %" PRIu64 " messages %" PRIu64 " unpaired %" PRIu64 " bad %" PRIu64
            " limited %" PRIu64 "\n",
            n->frames, n->other_frames, n->flows, n->gaps, n->retransmitted, n->messages,
            n->unpaired, n->bad, n->limited);
    exchange_reader_free(reader);
    if (rc != ERR_OK)
        fprintf(stderr, "sightings: %s\n", e.text);
    return rc == ERR_OK ? 0 : 3;
}
