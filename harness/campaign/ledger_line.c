#include "harness/campaign/ledger_line.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/base64.h"
#include "harness/base/num.h"
#include "harness/base/xml.h"

#define HEX 64

/* <KIND sha256=" */
static size_t head_text(enum ledger_kind k, char out[32])
{
    return (size_t)snprintf(out, 32, "<%s sha256=\"", ledger_kind_name(k));
}

static bool is_hex(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((p[i] < '0' || p[i] > '9') && (p[i] < 'a' || p[i] > 'f'))
            return false;
    return true;
}

bool ledger_line_head(const struct ledger_line *line, enum ledger_kind *kind, const char **digest)
{
    for (int k = 0; k < LEDGER_KIND_COUNT; k++) {
        char head[32];
        size_t n = head_text((enum ledger_kind)k, head);
        if (line->len > n + HEX + 1 && memcmp(line->text, head, n) == 0 &&
            is_hex(line->text + n, HEX) && line->text[n + HEX] == '"') {
            *kind = (enum ledger_kind)k;
            *digest = line->text + n;
            return true;
        }
    }
    return false;
}

bool ledger_line_whole(const struct ledger_line *line)
{
    enum ledger_kind kind;
    const char *stated;
    char hex[SHA256_HEX_BYTES];
    if (!ledger_line_head(line, &kind, &stated))
        return false;
    const char *rest = stated + HEX + 1;
    struct sha256 *sum = sha256_begin();
    bool good = sum != NULL && sha256_add(sum, "<", 1) &&
                sha256_add(sum, ledger_kind_name(kind), strlen(ledger_kind_name(kind))) &&
                sha256_add(sum, rest, line->len - (size_t)(rest - line->text));
    return sum != NULL && sha256_end(sum, hex) && good && memcmp(hex, stated, HEX) == 0;
}

/* Without the zero bytes that a file system leaves where nothing was written yet. */
static size_t written(const struct ledger_line *line)
{
    size_t n = line->len;
    while (n > 0 && line->text[n - 1] == '\0')
        n--;
    return n;
}

bool ledger_line_cut(const struct ledger_line *line)
{
    size_t n = written(line);
    if (n == 0)
        return line->len > 0;
    for (int k = 0; k < LEDGER_KIND_COUNT; k++) {
        char head[32];
        size_t h = head_text((enum ledger_kind)k, head);
        if (memcmp(line->text, head, n < h ? n : h) != 0)
            continue;
        if (n <= h || is_hex(line->text + h, n - h < HEX ? n - h : HEX))
            return true;
    }
    return false;
}

bool ledger_line_cut_begin(const struct ledger_line *line)
{
    static const char begin[] = "<begin ";
    size_t n = written(line);
    if (n < 2)
        return true; /* nothing tells it from one */
    return memcmp(line->text, begin, n < sizeof begin - 1 ? n : sizeof begin - 1) == 0;
}

/* The text right behind the head, NULL: not " NAME=\"". */
static const char *behind_head(const struct ledger_line *line, const char *name, size_t *left)
{
    enum ledger_kind kind;
    const char *digest;
    if (!ledger_line_head(line, &kind, &digest))
        return NULL;
    const char *p = digest + HEX + 1;
    size_t n = strlen(name);
    *left = line->len - (size_t)(p - line->text);
    if (*left < n || memcmp(p, name, n) != 0)
        return NULL;
    *left -= n;
    return p + n;
}

uint32_t ledger_line_number(const struct ledger_line *line)
{
    size_t left;
    uint64_t number;
    const char *p = behind_head(line, " n=\"", &left);
    const char *end = p == NULL ? NULL : memchr(p, '"', left);
    if (end == NULL || !num_u64(p, (size_t)(end - p), 1, UINT32_MAX, &number))
        return 0;
    return (uint32_t)number;
}

bool ledger_line_names(const struct ledger_line *line, const struct ledger_line *left)
{
    static const char name[] = " left=\"";
    enum ledger_kind kind;
    const char *digest;
    char hex[SHA256_HEX_BYTES];
    if (!ledger_line_head(line, &kind, &digest) || kind != LEDGER_CUT ||
        sha256_bytes(left->text, left->len, hex, NULL) != ERR_OK)
        return false;
    const char *p = memmem(line->text, line->len, name, sizeof name - 1);
    return p != NULL && (size_t)(line->text + line->len - p) >= sizeof name - 1 + HEX &&
           memcmp(p + sizeof name - 1, hex, HEX) == 0;
}

/* ---- what it says --------------------------------------------------------------------------- */

/* The first fault sticks. */
struct reader {
    const struct ledger_line *line;
    const char *path;
    struct arena *arena;
    xmlNodePtr node;
    enum err_code rc;
    struct err *e;
};

__attribute__((format(printf, 2, 3))) static void fault(struct reader *r, const char *fmt, ...)
{
    if (r->rc != ERR_OK)
        return;
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    r->rc = err_set(r->e, ERR_EVIDENCE, "%s:%zu: %s", r->path, r->line->number, text);
}

static const char *text_or(struct reader *r, const char *name, const char *fallback)
{
    const char *value = r->rc == ERR_OK ? xml_attr(r->node, name) : NULL;
    if (value == NULL)
        return fallback;
    const char *copy = arena_strdup(r->arena, value);
    if (copy == NULL)
        r->rc = err_set(r->e, ERR_NOMEM, "no memory for the ledger %s", r->path);
    return copy == NULL ? fallback : copy;
}

static const char *text(struct reader *r, const char *name)
{
    const char *value = text_or(r, name, NULL);
    if (value == NULL)
        fault(r, "<%s> has no %s", (const char *)r->node->name, name);
    return value == NULL ? "" : value;
}

static const char *hex_or(struct reader *r, const char *name, size_t digits, const char *fallback)
{
    const char *value = text_or(r, name, fallback);
    if (value != fallback && (strlen(value) != digits || !is_hex(value, digits)))
        fault(r, "%s=\"%.80s\", expected %zu lower-case hex digits", name, value, digits);
    return value;
}

static const char *hex(struct reader *r, const char *name, size_t digits)
{
    const char *value = hex_or(r, name, digits, NULL);
    if (value == NULL)
        fault(r, "<%s> has no %s", (const char *)r->node->name, name);
    return value == NULL ? "" : value;
}

static uint32_t number(struct reader *r, const char *name, uint32_t min)
{
    const char *value = text(r, name);
    uint64_t out = min;
    if (r->rc == ERR_OK && !num_u64(value, strlen(value), min, UINT32_MAX, &out))
        fault(r, "%s=\"%.80s\", expected a whole number from %u", name, value, min);
    return (uint32_t)out;
}

static bool yes(struct reader *r, const char *name)
{
    return strcmp(text_or(r, name, ""), "yes") == 0;
}

static void take_identity(struct reader *r, struct ledger_identity *i, char id[LEDGER_ID_BYTES])
{
    char own[LEDGER_ID_BYTES] = "";
    *i = (struct ledger_identity){
        .vendor = text(r, "vendor"),
        .model = text(r, "model"),
        .hardware = text_or(r, "hardware", ""),
        .firmware = text_or(r, "firmware", ""),
        .firmware_digest = hex(r, "firmware-sha256", HEX),
        .profile = text(r, "profile"),
        .label = text_or(r, "label", ""),
    };
    const char *stated = hex(r, "campaign", LEDGER_ID_BYTES - 1);
    if (r->rc == ERR_OK)
        r->rc = ledger_id(i, own, r->e);
    if (r->rc == ERR_OK && strcmp(own, stated) != 0)
        fault(r, "campaign=\"%s\", equipment and profile give %s", stated, own);
    if (r->rc == ERR_OK)
        memcpy(id, own, LEDGER_ID_BYTES);
}

static void take_begin(struct reader *r, struct ledger_entry *x)
{
    x->nonce = hex(r, "run", 8);
    x->submission = number(r, "submission", 1);
    x->after = hex_or(r, "after", 8, "");
    x->plan_digest = hex(r, "plan", HEX);
    x->profile_digest = hex(r, "profile", HEX);
    x->table_digest = hex(r, "table", HEX);
    x->statement_digest = hex(r, "statement", HEX);
    x->folder = text(r, "folder");
}

static void take_failed(struct reader *r, struct ledger_entry *x)
{
    xmlNodePtr end = r->node;
    size_t n = 0;
    for (xmlNodePtr f = xml_child(end, "failed"); f != NULL; f = xml_next(f, "failed"))
        n++;
    struct ledger_failed *failed = n == 0 ? NULL : arena_alloc(r->arena, n * sizeof *failed);
    if (n > 0 && failed == NULL)
        r->rc = err_set(r->e, ERR_NOMEM, "no memory for the ledger %s", r->path);
    n = 0;
    for (xmlNodePtr f = xml_child(end, "failed"); f != NULL && r->rc == ERR_OK;
         f = xml_next(f, "failed")) {
        r->node = f;
        failed[n].row = text(r, "row");
        failed[n++].use_case = text_or(r, "use-case", "");
    }
    r->node = end;
    x->failed = failed;
    x->n_failed = n;
}

static void take_end(struct reader *r, struct ledger_entry *x)
{
    x->nonce = hex(r, "run", 8);
    x->status = (int)number(r, "status", 0);
    if (x->status > 255)
        fault(r, "status=\"%d\", expected an exit status", x->status);
    x->verdict = text_or(r, "verdict", "");
    x->ended = text_or(r, "ended", "");
    x->rows = (struct ledger_counts){
        number(r, "pass", 0),    number(r, "fail", 0),          number(r, "inconclusive", 0),
        number(r, "error", 0),   number(r, "not-exercised", 0), number(r, "not-scorable", 0),
        number(r, "not-run", 0),
    };
    x->result_digest = hex_or(r, "result", HEX, "");
    x->exchanges_digest = hex_or(r, "exchanges", HEX, "");
    take_failed(r, x);
}

static void take_reset(struct reader *r, struct ledger_entry *x)
{
    x->reason = text(r, "reason");
    const char *signer = text(r, "signer"), *base64 = text(r, "signature");
    (void)snprintf(x->by.subject, sizeof x->by.subject, "%s", signer);
    if (r->rc != ERR_OK)
        return;
    uint8_t *room = arena_alloc(r->arena, base64_room(strlen(base64)));
    if (room == NULL)
        r->rc = err_set(r->e, ERR_NOMEM, "no memory for the ledger %s", r->path);
    else if (!base64_read(base64, room, &x->signature_bytes))
        fault(r, "its signature is no base64");
    x->signature = room;
}

static void take(struct reader *r, struct ledger_entry *x, struct ledger_identity *identity,
                 char id[LEDGER_ID_BYTES])
{
    x->number = number(r, "n", 1);
    x->digest = hex(r, "sha256", HEX);
    x->before = hex(r, "before", HEX);
    x->at = text(r, "at");
    switch (x->kind) {
    case LEDGER_OPEN:
        take_identity(r, identity, id);
        break;
    case LEDGER_BEGIN:
        take_begin(r, x);
        break;
    case LEDGER_END:
        take_end(r, x);
        break;
    case LEDGER_RESET:
        take_reset(r, x);
        break;
    case LEDGER_CUT:
        x->cut_digest = hex(r, "left", HEX);
        x->cut_begin = yes(r, "begin");
        break;
    case LEDGER_KIND_COUNT:
        break;
    }
}

enum err_code ledger_line_read(const struct ledger_line *line, const char *path, struct arena *a,
                               struct ledger_identity *identity, char id[LEDGER_ID_BYTES],
                               struct ledger_entry *out, struct err *e)
{
    const char *digest;
    xmlDocPtr doc;
    *out = (struct ledger_entry){.line = line->number};
    if (!ledger_line_head(line, &out->kind, &digest))
        return err_set(e, ERR_EVIDENCE, "%s:%zu: is no entry of a ledger", path, line->number);
    enum err_code rc = xml_parse(path, (long)line->number, line->text, line->len, &doc, e);
    if (rc != ERR_OK)
        return rc == ERR_DATA && e != NULL ? (e->code = ERR_EVIDENCE) : rc;
    struct reader r = {line, path, a, xmlDocGetRootElement(doc), ERR_OK, e};
    take(&r, out, identity, id);
    xmlFreeDoc(doc);
    return r.rc;
}
