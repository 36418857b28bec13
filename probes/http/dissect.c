/* dissect - HTTP/1.0 and 1.1 messages out of bytes: requests and answers, with their body framing.
 *
 * Spec: RFC 9112 (2 to 7), RFC 9110 (6, 8.6, 15). Strict where two readers could see two messages
 * in the same bytes: several lengths, a length beside a coding, folded lines, blanks before the
 * colon.
 */
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/probe/dissector.h"

#define FIRST_LOOK_BYTES 48 /* enough to tell HTTP from another protocol */
#define METHOD_BYTES 24
#define BLANK_LINES 4 /* before a request, RFC 9112 2.2 */
#define CHUNK_LINE_BYTES 256

enum framing { FRAMING_NONE = 0, FRAMING_LENGTH, FRAMING_CHUNKED, FRAMING_TRAILER, FRAMING_CLOSE };

enum likeness { LIKE_NOT = 0, LIKE_SO_FAR, LIKE_WHOLE };

/* What the field lines of a head tell. */
struct fields {
    bool has_length, has_coding, chunked_last, close, keep_alive;
    uint64_t length;
};

static bool is_token_char(uint8_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool equals(const uint8_t *p, size_t len, const char *lower)
{
    if (strlen(lower) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        uint8_t c = p[i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != (uint8_t)lower[i])
            return false;
    }
    return true;
}

/* ---- first lines ---- */

/* "HTTP/1.d": as much of it as there is. */
static enum likeness like_version(const uint8_t *p, size_t len)
{
    static const char want[] = "HTTP/1.";
    size_t n = sizeof want - 1;
    if (memcmp(p, want, len < n ? len : n) != 0)
        return LIKE_NOT;
    if (len <= n)
        return LIKE_SO_FAR;
    return p[n] >= '0' && p[n] <= '9' ? LIKE_WHOLE : LIKE_NOT;
}

static enum likeness like_request(const uint8_t *p, size_t len)
{
    size_t at = 0;
    while (at < len && at < METHOD_BYTES && is_token_char(p[at]))
        at++;
    if (at == len)
        return at <= METHOD_BYTES ? LIKE_SO_FAR : LIKE_NOT;
    if (at == 0 || p[at] != ' ')
        return LIKE_NOT;
    size_t target = ++at;
    while (at < len && p[at] > ' ' && p[at] != 0x7F)
        at++;
    if (at == len)
        return LIKE_SO_FAR;
    if (at == target || p[at] != ' ')
        return LIKE_NOT;
    at++;
    return like_version(p + at, len - at);
}

static enum likeness like_answer(const uint8_t *p, size_t len)
{
    enum likeness like = like_version(p, len);
    if (like != LIKE_WHOLE)
        return like;
    for (size_t at = 8; at < 12; at++) {
        if (at == len)
            return LIKE_SO_FAR;
        if (at == 8 ? p[at] != ' ' : p[at] < '0' || p[at] > '9')
            return LIKE_NOT;
    }
    return LIKE_WHOLE;
}

static size_t blank_lines(const uint8_t *p, size_t len)
{
    size_t at = 0;
    for (int i = 0; i < BLANK_LINES && at < len; i++) {
        if (p[at] == '\n')
            at += 1;
        else if (p[at] == '\r' && at + 1 < len && p[at + 1] == '\n')
            at += 2;
        else
            break;
    }
    if (at + 1 == len && p[at] == '\r') /* half of another one */
        at++;
    return at;
}

static bool http_starts(const uint8_t *data, size_t len, bool answer)
{
    return (answer ? like_answer(data, len) : like_request(data, len)) == LIKE_WHOLE;
}

/* ---- heads ---- */

static void trim(const uint8_t **p, size_t *len)
{
    while (*len > 0 && (**p == ' ' || **p == '\t'))
        ++*p, --*len;
    while (*len > 0 && ((*p)[*len - 1] == ' ' || (*p)[*len - 1] == '\t'))
        --*len;
}

/* Takes the next member of a comma list. False at its end. */
static bool next_member(const uint8_t **p, size_t *left, const uint8_t **member, size_t *len)
{
    if (*left == 0)
        return false;
    const uint8_t *comma = memchr(*p, ',', *left);
    *member = *p;
    *len = comma == NULL ? *left : (size_t)(comma - *p);
    size_t step = comma == NULL ? *left : *len + 1;
    *p += step;
    *left -= step;
    trim(member, len);
    return true;
}

static const char *take_length(const uint8_t *value, size_t len, struct fields *f)
{
    const uint8_t *member;
    size_t n;
    uint64_t length;
    if (len == 0)
        return "Content-Length without a number";
    while (next_member(&value, &len, &member, &n)) {
        if (!num_u64((const char *)member, n, 0, INT64_MAX, &length))
            return "Content-Length is no number";
        if (f->has_length && length != f->length)
            return "several Content-Length that differ";
        f->has_length = true;
        f->length = length;
    }
    return NULL;
}

static const char *take_coding(const uint8_t *value, size_t len, struct fields *f)
{
    const uint8_t *member;
    size_t n;
    f->has_coding = true;
    while (next_member(&value, &len, &member, &n)) {
        if (n == 0)
            continue;
        if (f->chunked_last)
            return "a transfer coding behind chunked";
        f->chunked_last = equals(member, n, "chunked");
    }
    return NULL;
}

static void take_connection(const uint8_t *value, size_t len, struct fields *f)
{
    const uint8_t *member;
    size_t n;
    while (next_member(&value, &len, &member, &n)) {
        f->close = f->close || equals(member, n, "close");
        f->keep_alive = f->keep_alive || equals(member, n, "keep-alive");
    }
}

/* One field line without its end. Returns what is wrong with it, NULL. */
static const char *take_field(const uint8_t *line, size_t len, struct fields *f)
{
    if (line[0] == ' ' || line[0] == '\t')
        return "folded header line";
    if (memchr(line, '\r', len) != NULL || memchr(line, '\0', len) != NULL)
        return "control character in a header line";
    size_t name = 0;
    while (name < len && is_token_char(line[name]))
        name++;
    if (name == 0 || name == len || line[name] != ':')
        return "header line without name and colon";
    const uint8_t *value = line + name + 1;
    size_t value_len = len - name - 1;
    trim(&value, &value_len);
    if (name == 14 && equals(line, name, "content-length"))
        return take_length(value, value_len, f);
    if (name == 17 && equals(line, name, "transfer-encoding"))
        return take_coding(value, value_len, f);
    if (name == 10 && equals(line, name, "connection"))
        take_connection(value, value_len, f);
    return NULL;
}

/* The line at *at without its end; *at goes behind it. The caller knows that there is one. */
static size_t take_line(const uint8_t *data, size_t len, size_t *at)
{
    const uint8_t *line = data + *at;
    const uint8_t *end = memchr(line, '\n', len - *at);
    size_t n = (size_t)(end - line);
    *at += n + 1;
    return n > 0 && line[n - 1] == '\r' ? n - 1 : n;
}

static const char *frame_body(const struct dissect_in *in, const struct fields *f, bool old,
                              struct dissect_resume *r)
{
    if (f->has_coding && f->has_length)
        return "both Content-Length and Transfer-Encoding";
    if (f->has_coding && old)
        return "Transfer-Encoding in HTTP/1.0";
    if (f->has_coding && !f->chunked_last && !in->answer)
        return "a request whose last transfer coding is not chunked";
    if (f->has_length && f->length > LIMIT_HTTP_BODY_BYTES && !in->head_only_answer)
        return "body longer than the harness reads";
    bool success = r->status >= 200 && r->status < 300;
    if (in->answer && (in->head_only_answer || (in->connect_answer && success) || r->status < 200 ||
                       r->status == 204 || r->status == 304))
        r->framing = FRAMING_NONE;
    else if (f->has_coding)
        r->framing = f->chunked_last ? FRAMING_CHUNKED : FRAMING_CLOSE;
    else if (f->has_length)
        r->framing = FRAMING_LENGTH;
    else
        r->framing = in->answer ? FRAMING_CLOSE : FRAMING_NONE;
    r->body_len = r->framing == FRAMING_LENGTH ? f->length : 0;
    if (in->answer) {
        r->interim = r->status < 200 && r->status != 101;
        r->upgraded = r->status == 101 || (in->connect_answer && success);
    }
    return NULL;
}

static const uint8_t *second_blank(const uint8_t *line, size_t len)
{
    const uint8_t *first = memchr(line, ' ', len);
    return first == NULL ? NULL : memchr(first + 1, ' ', (size_t)(line + len - first) - 1);
}

/* The head is whole: data[0, head) with its empty line. */
static const char *read_head(const struct dissect_in *in, size_t head, struct dissect_resume *r)
{
    const uint8_t *p = in->data;
    size_t at = in->answer ? 0 : blank_lines(p, head);
    const uint8_t *line = p + at;
    size_t len = take_line(p, head, &at);
    bool old; /* HTTP/1.0 */
    if (in->answer) {
        if (like_answer(line, len) != LIKE_WHOLE || (len > 12 && line[12] != ' '))
            return "malformed status line";
        r->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
        if (r->status < 100)
            return "status below 100";
        old = line[7] == '0';
    } else {
        const uint8_t *version =
            like_request(line, len) != LIKE_WHOLE ? NULL : second_blank(line, len);
        if (version == NULL || version + 9 != line + len)
            return "malformed request line";
        old = line[len - 1] == '0';
        r->head_only = len > 5 && memcmp(line, "HEAD ", 5) == 0;
        r->upgraded = len > 8 && memcmp(line, "CONNECT ", 8) == 0;
    }
    struct fields f = {0};
    for (;;) {
        line = p + at;
        len = take_line(p, head, &at);
        if (len == 0)
            break;
        const char *fault = take_field(line, len, &f);
        if (fault != NULL)
            return fault;
    }
    r->keep_alive = old ? f.keep_alive : !f.close;
    r->head_bytes = r->at = head;
    return frame_body(in, &f, old, r);
}

/* Looks for the empty line. r->at is the start of a line. Returns the head's length, 0: not yet. */
static size_t find_head(const struct dissect_in *in, struct dissect_resume *r)
{
    size_t first = in->answer ? 0 : blank_lines(in->data, in->len);
    if (r->at < first)
        r->at = first;
    size_t at = r->at;
    const uint8_t *end;
    while (at < in->len && (end = memchr(in->data + at, '\n', in->len - at)) != NULL) {
        size_t n = (size_t)(end - (in->data + at));
        if (at > first && (n == 0 || (n == 1 && in->data[at] == '\r')))
            return at + n + 1;
        at += n + 1;
        r->at = at;
    }
    return 0;
}

/* ---- bodies ---- */

static enum dissect_rc bad(struct dissect_out *out, const char *fault)
{
    out->fault = fault;
    return DISSECT_BAD;
}

static enum dissect_rc more(struct dissect_out *out, size_t need)
{
    out->need = need;
    return DISSECT_MORE;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "SIZE[;extension]CRLF" at data + at. OK with its size and length, MORE, or BAD. */
static enum dissect_rc chunk_line(const uint8_t *data, size_t len, size_t at, uint64_t *size,
                                  size_t *line)
{
    size_t left = len - at;
    const uint8_t *p = data + at;
    const uint8_t *end = memchr(p, '\n', left < CHUNK_LINE_BYTES ? left : CHUNK_LINE_BYTES);
    if (end == NULL)
        return left < CHUNK_LINE_BYTES ? DISSECT_MORE : DISSECT_BAD;
    size_t n = (size_t)(end - p), i = 0;
    if (n == 0 || p[n - 1] != '\r')
        return DISSECT_BAD;
    *size = 0;
    for (; i < n && i <= 8 && hex_digit(p[i]) >= 0; i++)
        *size = *size << 4 | (uint64_t)hex_digit(p[i]);
    if (i == 0 || i > 8)
        return DISSECT_BAD;
    while (i < n - 1 && (p[i] == ' ' || p[i] == '\t'))
        i++;
    if (i != n - 1 && p[i] != ';')
        return DISSECT_BAD;
    *line = n + 1;
    return DISSECT_OK;
}

static enum dissect_rc read_chunks(const struct dissect_in *in, struct dissect_resume *r,
                                   struct dissect_out *out)
{
    while (r->framing == FRAMING_CHUNKED) {
        uint64_t size;
        size_t line;
        enum dissect_rc rc = chunk_line(in->data, in->len, r->at, &size, &line);
        if (rc == DISSECT_BAD)
            return bad(out, "malformed chunk size");
        if (rc == DISSECT_MORE)
            return more(out, in->len + 1);
        if (size == 0) {
            r->at += line;
            r->framing = FRAMING_TRAILER;
            break;
        }
        size_t end = r->at + line + (size_t)size + 2;
        if (end - r->head_bytes > LIMIT_HTTP_BODY_BYTES)
            return bad(out, "body longer than the harness reads");
        if (end > in->len)
            return more(out, end);
        if (in->data[end - 2] != '\r' || in->data[end - 1] != '\n')
            return bad(out, "chunk longer than its size");
        r->at = end;
        r->body_len += size;
    }
    const uint8_t *end;
    struct fields ignored = {0};
    while ((end = memchr(in->data + r->at, '\n', in->len - r->at)) != NULL) {
        const uint8_t *line = in->data + r->at;
        size_t n = (size_t)(end - line);
        r->at += n + 1;
        if (n > 0 && line[n - 1] == '\r')
            n--;
        if (n == 0) {
            out->used = r->at;
            return DISSECT_OK;
        }
        if (take_field(line, n, &ignored) != NULL)
            return bad(out, "malformed trailer");
    }
    if (in->len - r->head_bytes > LIMIT_HTTP_BODY_BYTES || in->len - r->at > LIMIT_HTTP_HEAD_BYTES)
        return bad(out, "trailer longer than the harness reads");
    return more(out, in->len + 1);
}

static enum dissect_rc read_body(const struct dissect_in *in, struct dissect_resume *r,
                                 struct dissect_out *out)
{
    size_t total = r->head_bytes + (size_t)r->body_len;
    switch ((enum framing)r->framing) {
    case FRAMING_NONE:
    case FRAMING_LENGTH:
        if (in->len < total) {
            out->exact = true;
            return more(out, total);
        }
        out->used = total;
        break;
    case FRAMING_CLOSE:
        if (in->len - r->head_bytes > LIMIT_HTTP_BODY_BYTES)
            return bad(out, "body longer than the harness reads");
        if (!in->closed)
            return more(out, in->len + 1);
        out->used = in->len;
        break;
    case FRAMING_CHUNKED:
    case FRAMING_TRAILER:
        out->chunked = true;
        enum dissect_rc rc = read_chunks(in, r, out);
        if (rc != DISSECT_OK)
            return rc;
        out->body_len = (size_t)r->body_len;
        return DISSECT_OK;
    }
    out->body = in->data + r->head_bytes;
    out->body_len = out->used - r->head_bytes;
    return DISSECT_OK;
}

static enum dissect_rc http_pdu(const struct dissect_in *in, struct dissect_out *out)
{
    struct dissect_resume whole = {0};
    struct dissect_resume *r = in->resume != NULL ? in->resume : &whole;
    memset(out, 0, sizeof *out);
    if (r->head_bytes == 0) {
        if (r->at <= FIRST_LOOK_BYTES) {
            size_t first = in->answer ? 0 : blank_lines(in->data, in->len);
            size_t look = in->len - first < FIRST_LOOK_BYTES ? in->len - first : FIRST_LOOK_BYTES;
            enum likeness like =
                in->answer ? like_answer(in->data, look) : like_request(in->data + first, look);
            if (like == LIKE_NOT)
                return DISSECT_NOT_MINE;
        }
        size_t head = find_head(in, r);
        if ((head == 0 ? in->len : head) > LIMIT_HTTP_HEAD_BYTES)
            return bad(out, "head longer than the harness reads");
        if (head == 0)
            return more(out, in->len + 1);
        const char *fault = read_head(in, head, r);
        if (fault != NULL)
            return bad(out, fault);
    }
    out->head_bytes = r->head_bytes;
    out->status = r->status;
    out->interim = r->interim;
    out->upgraded = r->upgraded;
    out->head_only = r->head_only;
    out->keep_alive = r->keep_alive;
    return read_body(in, r, out);
}

static enum err_code http_body_copy(const struct dissect_in *in, const struct dissect_out *found,
                                    struct buf *body, struct err *e)
{
    size_t at = found->head_bytes;
    for (;;) {
        uint64_t size;
        size_t line;
        if (at >= in->len || chunk_line(in->data, in->len, at, &size, &line) != DISSECT_OK ||
            size > in->len - at - line)
            return err_set(e, ERR_PROTO, "chunked body that was not found whole");
        if (size == 0)
            return ERR_OK;
        enum err_code rc = buf_append(body, in->data + at + line, (size_t)size, e);
        if (rc != ERR_OK)
            return rc;
        at += line + (size_t)size + 2;
    }
}

const struct dissector_ops http_dissector = {
    .name = "http",
    .pdu = http_pdu,
    .body_copy = http_body_copy,
    .starts = http_starts,
};
