/* HTTP messages out of bytes: every prefix of every good one, and what no sender may send. */
#include <stdlib.h>
#include <time.h>

#include "harness/base/limits.h"
#include "harness/probe/dissector.h"
#include "tests/tap.h"

struct good {
    const char *bytes, *body;
    int status; /* 0: a request */
    bool head_only, connect, closed;
};

static const struct good good[] = {
    {.bytes = "GET / HTTP/1.1\r\nHost: h\r\n\r\n", .body = ""},
    {.bytes = "\r\nGET / HTTP/1.0\r\n\r\n", .body = ""},
    {.bytes = "GET / HTTP/1.1\nHost: h\n\n", .body = ""},
    {.bytes = "HEAD /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n", .body = ""},
    {.bytes = "CONNECT a:1 HTTP/1.1\r\n\r\n", .body = ""},
    {.bytes = "POST /meter HTTP/1.1\r\ncontent-LENGTH:\t4 \r\nX:\r\n\r\nbody", .body = "body"},
    {.bytes = "POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4, 4\r\n\r\nbody",
     .body = "body"},
    {.bytes = "POST / HTTP/1.1\r\nTransfer-Encoding: "
              "chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
     .body = "abc0123456789"},
    {.bytes = "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1\r\nz\r\n00\r\nTrailer: "
              "t\r\n\r\n",
     .body = "z"},
    {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", .body = "hi", .status = 200},
    {.bytes = "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", .body = "hi", .status = 200},
    {.bytes = "HTTP/1.0 404 Not Found\r\n\r\nnone", .body = "none", .status = 404, .closed = true},
    {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nzz",
     .body = "zz",
     .status = 200,
     .closed = true},
    {.bytes = "HTTP/1.1 204 No Content\r\n\r\n", .body = "", .status = 204},
    {.bytes = "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", .body = "", .status = 304},
    {.bytes = "HTTP/1.1 100 Continue\r\n\r\n", .body = "", .status = 100},
    {.bytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", .body = "", .status = 101},
    {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
     .body = "",
     .status = 200,
     .head_only = true},
    {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
     .body = "",
     .status = 200,
     .connect = true},
    {.bytes = "HTTP/1.1 403 No\r\nContent-Length: 1\r\n\r\n!",
     .body = "!",
     .status = 403,
     .connect = true},
};

static const struct {
    const char *bytes;
    bool answer;
    enum dissect_rc want;
} wrong[] = {
    {"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", false,
     DISSECT_BAD},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n", true,
     DISSECT_BAD},
    {"POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nContent-Length: 4, 5\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nContent-Length: -4\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nContent-Length: 0x4\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nContent-Length:\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nContent-Length: 8388609\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nG\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n000000001\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n", false, DISSECT_BAD},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n folded\r\n\r\n", false,
     DISSECT_BAD},
    {"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", false, DISSECT_BAD},
    {"GET / HTTP/1.1\r\nA : b\r\n\r\n", false, DISSECT_BAD},
    {"GET / HTTP/1.1\r\nno colon\r\n\r\n", false, DISSECT_BAD},
    {"GET / HTTP/1.1\r\n: b\r\n\r\n", false, DISSECT_BAD},
    {"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", false, DISSECT_BAD},
    {"GET / HTTP/1.1 HTTP/1.1\r\n\r\n", false, DISSECT_BAD},
    {"HTTP/1.1 099 Low\r\n\r\n", true, DISSECT_BAD},
    {"HTTP/1.1 2000 OK\r\n\r\n", true, DISSECT_BAD},
    {"HTTP/1.1  200 OK\r\n\r\n", true, DISSECT_NOT_MINE},
    {"HTTP/2 200 OK\r\n\r\n", true, DISSECT_NOT_MINE},
    {"GET / HTTP/2.0\r\n\r\n", false, DISSECT_NOT_MINE},
    {"GET /\r\n\r\n", false, DISSECT_NOT_MINE},
    {"SSH-2.0-x\r\n", false, DISSECT_NOT_MINE},
    {"SSH-2.0-x\r\n", true, DISSECT_NOT_MINE},
    {"<html>", true, DISSECT_NOT_MINE},
};

/* From an exact-size heap block, so that a read beyond it is seen under sanitizers. */
static enum dissect_rc read_block(const struct good *g, const char *bytes, size_t len, bool closed,
                                  struct dissect_resume *resume, struct dissect_out *out,
                                  struct buf *body)
{
    uint8_t *block = malloc(len == 0 ? 1 : len);
    memcpy(block, bytes, len);
    struct dissect_in in = {.data = block,
                            .len = len,
                            .answer = g->status != 0,
                            .closed = closed,
                            .head_only_answer = g->head_only,
                            .connect_answer = g->connect,
                            .resume = resume};
    enum dissect_rc rc = http_dissector.pdu(&in, out);
    struct err e = ERR_INIT;
    buf_reset(body);
    if (rc == DISSECT_OK && out->chunked)
        rc = http_dissector.body_copy(&in, out, body, &e) == ERR_OK ? rc : DISSECT_BAD;
    else if (rc == DISSECT_OK)
        (void)buf_append(body, out->body, out->body_len, &e);
    free(block);
    return rc;
}

static void each_good(const struct good *g)
{
    struct buf body;
    struct dissect_out out;
    size_t whole = strlen(g->bytes);
    char title[40];
    const char *line = g->bytes + strspn(g->bytes, "\r\n");
    (void)snprintf(title, sizeof title, "%.*s", (int)strcspn(line, "\r\n"), line);
    buf_init(&body, 100000);
    enum dissect_rc rc = read_block(g, g->bytes, whole, g->closed, NULL, &out, &body);
    ok(rc == DISSECT_OK && out.used == whole, "%s: is whole", title);
    is_str(body.data == NULL ? "" : body.data, g->body, "%s: has its body", title);
    is_int(out.status, g->status, "%s: has its status", title);

    /* the fed one remembers, the fresh ones read from the start: both must say the same */
    struct dissect_resume resume = {0};
    bool same = true, more = true;
    for (size_t n = 0; n <= whole; n++) {
        struct dissect_out fresh;
        enum dissect_rc fed_rc = read_block(g, g->bytes, n, false, &resume, &out, &body);
        rc = read_block(g, g->bytes, n, false, NULL, &fresh, &body);
        same = same && rc == fed_rc && out.used == fresh.used && out.need == fresh.need;
        if (n < whole)
            more =
                more && (rc == DISSECT_MORE ? fresh.need > n : rc == DISSECT_OK && fresh.used <= n);
        if (rc == DISSECT_OK)
            break;
    }
    ok(more, "%s: every prefix asks for more", title);
    ok(same, "%s: what is remembered changes nothing", title);
    buf_release(&body);
}

static void each_wrong(size_t i)
{
    struct buf body;
    struct dissect_out out;
    struct good g = {.status = wrong[i].answer};
    buf_init(&body, 100000);
    bool seen = false, crashed = false;
    for (size_t n = 0; n <= strlen(wrong[i].bytes); n++) {
        enum dissect_rc rc = read_block(&g, wrong[i].bytes, n, false, NULL, &out, &body);
        seen = rc == wrong[i].want && (rc != DISSECT_BAD || out.fault != NULL);
        crashed = crashed || rc == DISSECT_OK;
    }
    ok(seen && !crashed, "refused: %.*s (case %zu)", (int)strcspn(wrong[i].bytes, "\r\n"),
       wrong[i].bytes, i);
    buf_release(&body);
}

/* Endless heads and bodies end at a ceiling; a byte a call costs no more than its share. */
static void endless(void)
{
    size_t size = LIMIT_HTTP_BODY_BYTES + 100000;
    uint8_t *block = malloc(size);
    struct dissect_out out;
    memset(block, 'a', size);
    memcpy(block, "GET / HTTP/1.1\r\nA: ", 19);
    struct dissect_in in = {.data = block, .len = LIMIT_HTTP_HEAD_BYTES};
    is_int(http_dissector.pdu(&in, &out), DISSECT_MORE, "a head up to the ceiling may go on");
    in.len++;
    is_int(http_dissector.pdu(&in, &out), DISSECT_BAD, "beyond it the sender is at fault");

    struct dissect_resume resume = {0};
    in.resume = &resume;
    clock_t before = clock();
    for (in.len = 1; in.len <= LIMIT_HTTP_HEAD_BYTES; in.len++)
        if (http_dissector.pdu(&in, &out) != DISSECT_MORE)
            break;
    is_int(in.len, LIMIT_HTTP_HEAD_BYTES + 1, "a head may come byte by byte");
    memset(block + 16, '\n', LIMIT_HTTP_HEAD_BYTES);
    for (size_t i = 16; i + 5 < LIMIT_HTTP_HEAD_BYTES; i += 5)
        memcpy(block + i, "A: b\n", 5);
    resume = (struct dissect_resume){0};
    for (in.len = 1; in.len < LIMIT_HTTP_HEAD_BYTES - 10; in.len++)
        if (http_dissector.pdu(&in, &out) != DISSECT_MORE)
            break;
    is_int(in.len, LIMIT_HTTP_HEAD_BYTES - 10, "also one of many lines");

    static const char chunked[] = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    size_t head = sizeof chunked - 1, len = head;
    memcpy(block, chunked, head);
    while (len - head + 6 < 600000) {
        memcpy(block + len, "1\r\nx\r\n", 6);
        len += 6;
    }
    resume = (struct dissect_resume){0};
    for (in.len = 1; in.len <= len; in.len++)
        if (http_dissector.pdu(&in, &out) != DISSECT_MORE)
            break;
    is_int(in.len, len + 1, "and a body of many small chunks");
    double took_s = (double)(clock() - before) / CLOCKS_PER_SEC;
    ok(took_s < 10, "in a time that does not grow with the square (%.2f s)", took_s);

    while (len + 6 <= size) {
        memcpy(block + len, "1\r\nx\r\n", 6);
        len += 6;
    }
    in = (struct dissect_in){.data = block, .len = len};
    is_int(http_dissector.pdu(&in, &out), DISSECT_BAD, "an endless chunked body has a ceiling");
    memcpy(block, "HTTP/1.1 200 OK\r\n\r\n", 19);
    in = (struct dissect_in){.data = block, .len = size, .answer = true};
    is_int(http_dissector.pdu(&in, &out), DISSECT_BAD, "and one until the end of the connection");
    free(block);
}

static void starts(void)
{
    static const char get[] = "GET /a HTTP/1.1\r\n", status[] = "HTTP/1.1 200 OK\r\n",
                      text[] = "some words HTTP/1.1";
    ok(http_dissector.starts((const uint8_t *)get, sizeof get - 1, false),
       "a request line starts a request");
    ok(!http_dissector.starts((const uint8_t *)get, sizeof get - 1, true), "and no answer");
    ok(http_dissector.starts((const uint8_t *)status, sizeof status - 1, true),
       "a status line starts an answer");
    ok(!http_dissector.starts((const uint8_t *)get, 10, false), "half a line is not enough");
    ok(!http_dissector.starts((const uint8_t *)text, 10, false), "words of a body are not either");
}

int main(void)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        each_good(&good[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        each_wrong(i);
    endless();
    starts();
    return done_testing();
}
