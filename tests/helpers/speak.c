/* speak - the http speaker on the command line, for tests against servers and clients of other
 * hands.
 *
 *   speak serve [-l] [-b BYTES] [-c CERT -k KEY] [ADDRESS PORT]
 *       prints the port; answers every POST with its path, a line feed and its body (-l: 20 ms
 * later). A path of /drop drops the connection. speak send [-1] [-t MS] [-b BYTES] [-a CA] [-w
 * WIDTH] URL COUNT [BODY] a line an outcome: code status errno bytes; WIDTH at a time, else one
 * after the other.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/clock.h"
#include "harness/probe/speaker.h"

static struct speaker *speaker;
static struct ev_loop *loop;
static const char *url, *body = "<a/>";
static long wanted;
static bool late;

struct later {
    struct ev_timer timer;
    struct speaker_request *rq;
    struct buf answer;
};

static void send_next(void)
{
    struct err e = ERR_INIT;
    wanted--;
    if (http_speaker.send(speaker, url, body, strlen(body), 7, &e) != ERR_OK)
        printf("refused: %s\n", e.text);
}

static void on_sent(void *arg, uint64_t token, const struct speaker_outcome *o)
{
    (void)arg;
    printf("%d %d %d %zu%s\n", o->code, o->status, o->errno_value, o->len,
           token != 7 ? " wrong token" : "");
    if (wanted > 0)
        send_next();
    else if (http_speaker.pending(speaker) == 0)
        ev_break(loop, EVBREAK_ALL);
}

static void on_later(struct ev_loop *l, struct ev_timer *timer, int events)
{
    struct later *w = timer->data;
    (void)l, (void)events;
    (void)http_speaker.answer(speaker, w->rq, 200, w->answer.data, w->answer.len, NULL);
    buf_release(&w->answer);
    free(w);
}

static void on_received(void *arg, struct speaker_request *rq, size_t listener, const char *path,
                        const void *text, size_t len)
{
    struct buf answer;
    (void)arg, (void)listener;
    buf_init(&answer, len + strlen(path) + 1);
    if (strcmp(path, "/drop") == 0) {
        (void)http_speaker.answer(speaker, rq, 0, NULL, 0, NULL);
        return;
    }
    (void)buf_puts(&answer, path, NULL);
    (void)buf_puts(&answer, "\n", NULL);
    (void)buf_append(&answer, text, len, NULL);
    struct later *w = late ? calloc(1, sizeof *w) : NULL;
    if (w == NULL) {
        (void)http_speaker.answer(speaker, rq, 200, answer.data, answer.len, NULL);
        buf_release(&answer);
        return;
    }
    w->rq = rq;
    w->answer = answer;
    ev_timer_init(&w->timer, on_later, 0.02, 0.0);
    w->timer.data = w;
    ev_timer_start(loop, &w->timer);
}

static void on_signal(struct ev_loop *l, struct ev_signal *s, int events)
{
    (void)s, (void)events;
    ev_break(l, EVBREAK_ALL);
}

int main(int argc, char **argv)
{
    static const struct speaker_handlers handlers = {on_sent, on_received};
    struct speaker_listener at = {"127.0.0.1", 0};
    struct speaker_tls tls = {NULL, NULL, NULL};
    struct speaker_config c = {
        .listener = &at, .body_max_bytes = 1 << 20, .timeout_ns = 5 * NS_PER_S};
    struct err e = ERR_INIT;
    long width = 1;
    int o;
    bool serve = argc > 1 && strcmp(argv[1], "serve") == 0;
    while ((o = getopt(argc - 1, argv + 1, "1lt:b:a:c:k:w:")) != -1)
        switch (o) {
        case '1':
            c.connection_per_exchange = true;
            break;
        case 'l':
            late = true;
            break;
        case 't':
            c.timeout_ns = strtol(optarg, NULL, 10) * NS_PER_MS;
            break;
        case 'b':
            c.body_max_bytes = (uint32_t)strtol(optarg, NULL, 10);
            break;
        case 'a':
            tls.ca = optarg;
            c.tls = &tls;
            break;
        case 'c':
            tls.certificate = optarg;
            c.server_tls = &tls;
            break;
        case 'k':
            tls.key = optarg;
            break;
        case 'w':
            width = strtol(optarg, NULL, 10);
            break;
        default:
            return 2;
        }
    argv += optind + 1;
    argc -= optind + 1;
    if (argc < 0 || (!serve && argc < 2))
        return 2;
    if (serve && argc == 2) {
        at.address = argv[0];
        at.port = (uint16_t)strtol(argv[1], NULL, 10);
    }
    c.n_listener = serve ? 1 : 0;
    loop = ev_default_loop(0);
    if (http_speaker.open(loop, &c, &handlers, NULL, &speaker, &e) != ERR_OK) {
        printf("%s %s\n", err_name(e.code), e.text);
        return 3;
    }
    struct ev_signal term;
    ev_signal_init(&term, on_signal, SIGTERM);
    ev_signal_start(loop, &term);
    if (serve) {
        printf("%u\n", at.port);
        (void)fflush(stdout);
    } else {
        url = argv[0];
        wanted = strtol(argv[1], NULL, 10);
        body = argc > 2 ? argv[2] : body;
        for (long i = 0; i < width && wanted > 0; i++)
            send_next();
    }
    (void)ev_run(loop, 0);
    ev_signal_stop(loop, &term);
    http_speaker.close(speaker);
    ev_loop_destroy(loop);
    return 0;
}
