#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/limits.h"
#include "harness/campaign/ledger_line.h"

struct reading {
    struct ledger *l;
    const char *trust;
    const char *data; /* what is not read yet */
    size_t left;
    struct ledger_line line;
    struct ledger_entry *entry; /* l's, growing */
    size_t cap;
    bool behind_cut; /* the line before is what a cut append left... */
    bool cut_begin;  /* ...of a run's beginning */
    struct err *e;
};

__attribute__((format(printf, 3, 4))) static enum err_code broken(const struct reading *r,
                                                                  size_t line, const char *fmt, ...)
{
    char text[450];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(r->e, ERR_EVIDENCE, "%s:%zu: %s", r->l->path, line, text);
}

/* The line at data; its end goes with it. False: there is none. */
static bool split(const char *data, size_t left, struct ledger_line *line, size_t *taken)
{
    if (left == 0)
        return false;
    const char *end = memchr(data, '\n', left);
    line->text = data;
    line->len = end == NULL ? left : (size_t)(end - data);
    *taken = line->len + (end != NULL);
    return true;
}

/* Where the entry of that number stands in what is left, 0 nowhere. */
static size_t stands_later(const struct reading *r, uint32_t number)
{
    const char *p = r->data;
    size_t left = r->left, taken;
    struct ledger_line line = {.number = r->line.number};
    while (split(p, left, &line, &taken)) {
        line.number++;
        if (ledger_line_number(&line) == number)
            return line.number;
        p += taken;
        left -= taken;
    }
    return 0;
}

/* Every entry stands in its place and is bound to the one before. */
static enum err_code in_place(const struct reading *r, const struct ledger_entry *x)
{
    uint32_t want = (uint32_t)r->l->n_entry + 1;
    if (x->number < want)
        return broken(r, x->line, "entry %u stands once more, entry %u was expected", x->number,
                      want);
    if (x->number > want) {
        size_t later = stands_later(r, want);
        if (later > 0)
            return broken(r, x->line,
                          "entry %u stands before entry %u (line %zu): the order was changed",
                          x->number, want, later);
        if (x->number == want + 1)
            return broken(r, x->line, "entry %u is missing before entry %u", want, x->number);
        return broken(r, x->line, "entries %u to %u are missing before entry %u", want,
                      x->number - 1, x->number);
    }
    if (strcmp(x->before, r->l->head) == 0)
        return ERR_OK;
    if (want == 1)
        return broken(r, x->line, "the first entry stands behind another, %.16s...", x->before);
    return broken(r, x->line,
                  "is bound to an entry %.16s..., the one before it is %.16s...: that one was "
                  "replaced, or this one made by hand",
                  x->before, r->l->head);
}

static enum err_code check_reset(const struct reading *r, struct ledger_entry *x)
{
    struct buf text;
    struct sign_by by;
    struct err why = ERR_INIT;
    buf_init(&text, LIMIT_LEDGER_LINE_BYTES);
    enum err_code rc = ledger_reset_text(r->l->id, x->before, x->reason, &text, r->e);
    if (rc == ERR_OK) {
        rc =
            sign_verify(text.data, text.len, x->signature, x->signature_bytes, r->trust, &by, &why);
        if (rc == ERR_DATA || rc == ERR_EVIDENCE)
            rc = broken(r, x->line, "the reset is not signed as it should be: %s", why.text);
        else if (rc != ERR_OK)
            rc = err_set(r->e, rc, "%s", why.text);
    }
    if (rc == ERR_OK && strcmp(by.subject, x->by.subject) != 0)
        rc = broken(r, x->line, "signer=\"%s\", the signature is of %s", x->by.subject, by.subject);
    if (rc == ERR_OK)
        x->by = by;
    buf_release(&text);
    return rc;
}

/* An end belongs to a run that began and has none yet. */
static enum err_code check_end(const struct reading *r, const struct ledger_entry *x)
{
    for (size_t i = r->l->n_entry; i-- > 0;) {
        const struct ledger_entry *y = &r->entry[i];
        if (y->kind != LEDGER_BEGIN && y->kind != LEDGER_END)
            continue;
        if (strcmp(y->nonce, x->nonce) != 0)
            continue;
        if (y->kind == LEDGER_END)
            return broken(r, x->line, "run %s ended already in line %zu", x->nonce, y->line);
        return ERR_OK;
    }
    return broken(r, x->line, "run %s ends, which never began here", x->nonce);
}

static enum err_code check(struct reading *r, struct ledger_entry *x)
{
    struct ledger *l = r->l;
    if ((l->n_entry == 0) != (x->kind == LEDGER_OPEN))
        return broken(r, x->line, "<%s>, expected %s", ledger_kind_name(x->kind),
                      l->n_entry == 0 ? "<open>, which says what the campaign is about"
                                      : "one of the entries that follow the first");
    switch (x->kind) {
    case LEDGER_OPEN:
        break;
    case LEDGER_BEGIN:
        if (x->submission != l->submissions + 1)
            return broken(r, x->line, "submission=\"%u\", %u was expected", x->submission,
                          l->submissions + 1);
        l->submissions++;
        break;
    case LEDGER_END:
        return check_end(r, x);
    case LEDGER_RESET:
        l->generation++;
        l->submissions = 0;
        l->current = l->n_entry;
        return check_reset(r, x);
    case LEDGER_CUT:
        if (!r->behind_cut)
            return broken(r, x->line, "names a cut line before it, which is not there");
        if (x->cut_begin != r->cut_begin)
            return broken(r, x->line, "begin=\"%s\", the cut line before it says otherwise",
                          x->cut_begin ? "yes" : "");
        l->submissions += x->cut_begin;
        break;
    case LEDGER_KIND_COUNT:
        break;
    }
    return ERR_OK;
}

static enum err_code keep(struct reading *r, const struct ledger_entry *x)
{
    if (r->l->n_entry == r->cap) {
        size_t cap = r->cap == 0 ? 64 : 2 * r->cap;
        struct ledger_entry *more = realloc(r->entry, cap * sizeof *more);
        if (more == NULL)
            return err_set(r->e, ERR_NOMEM, "no memory for %zu entries of %s", cap, r->l->path);
        r->entry = more;
        r->l->entry = more;
        r->cap = cap;
    }
    r->entry[r->l->n_entry++] = *x;
    memcpy(r->l->head, x->digest, SHA256_HEX_BYTES);
    return ERR_OK;
}

static enum err_code take_entry(struct reading *r)
{
    struct ledger_entry x;
    enum ledger_kind kind;
    const char *digest;
    if (!ledger_line_head(&r->line, &kind, &digest))
        return broken(r, r->line.number, "is no entry of a ledger: it was damaged or made by hand");
    if (!ledger_line_whole(&r->line))
        return broken(r, r->line.number,
                      "its bytes do not give its digest %.16s...: it was altered, or made by hand",
                      digest);
    enum err_code rc =
        ledger_line_read(&r->line, r->l->path, &r->l->arena, &r->l->identity, r->l->id, &x, r->e);
    if (rc == ERR_OK)
        rc = in_place(r, &x);
    if (rc == ERR_OK)
        rc = check(r, &x);
    return rc == ERR_OK ? keep(r, &x) : rc;
}

/* A last line without its end: an entry all the same, or what a cut append left. */
static enum err_code take_tail(struct reading *r)
{
    struct ledger *l = r->l;
    if (ledger_line_whole(&r->line)) {
        l->open_end = true;
        l->n_line++;
        return take_entry(r);
    }
    if (l->n_entry == 0 || !ledger_line_cut(&r->line))
        return broken(r, r->line.number,
                      "is no entry of a ledger, and none that was cut: it was "
                      "damaged or made by hand");
    l->tail_bytes = r->line.len;
    l->tail_begin = ledger_line_cut_begin(&r->line);
    l->submissions += l->tail_begin;
    return sha256_bytes(r->line.text, r->line.len, l->tail_digest, r->e);
}

/* What is no ledger at all, or a newer one, is told as such and not as a broken chain. */
static enum err_code look(const struct reading *r)
{
    static const char version[] = " version=\"";
    struct ledger_line first;
    size_t taken;
    if (!split(r->data, r->left, &first, &taken))
        return err_set(r->e, ERR_EVIDENCE,
                       "%s:1: is empty; a ledger is never without its first entry", r->l->path);
    if (memmem(r->data, r->left, " sha256=\"", 9) == NULL ||
        memmem(r->data, r->left, " before=\"", 9) == NULL)
        return err_set(r->e, ERR_DATA,
                       "%s:1: is no ledger; expected entries that begin with <open sha256=...",
                       r->l->path);
    const char *v = first.len > 6 && memcmp(first.text, "<open ", 6) == 0
                        ? memmem(first.text, first.len, version, sizeof version - 1)
                        : NULL;
    const char *end = v == NULL ? NULL : v + sizeof version - 1;
    size_t left = v == NULL ? 0 : (size_t)(first.text + first.len - end);
    const char *quote = left == 0 ? NULL : memchr(end, '"', left);
    size_t digits = quote == NULL ? 0 : (size_t)(quote - end);
    if (digits > 0 && strspn(end, "0123456789") == digits &&
        (digits != sizeof LEDGER_VERSION - 1 || memcmp(end, LEDGER_VERSION, digits) != 0))
        return err_set(r->e, ERR_DATA,
                       "%s:1: version \"%.*s\", this gridassay reads version \"%s\"", r->l->path,
                       digits > 20 ? 20 : (int)digits, end, LEDGER_VERSION);
    return ERR_OK;
}

static enum err_code read_lines(struct reading *r)
{
    size_t taken;
    enum err_code rc = look(r);
    while (rc == ERR_OK && split(r->data, r->left, &r->line, &taken)) {
        bool ended = taken > r->line.len;
        struct ledger_line next;
        size_t skip;
        r->data += taken;
        r->left -= taken;
        r->line.number++;
        if (r->line.len > LIMIT_LEDGER_LINE_BYTES)
            rc = broken(r, r->line.number, "is longer than the %u bytes of any entry",
                        LIMIT_LEDGER_LINE_BYTES);
        else if (!ended)
            rc = take_tail(r);
        else if (!r->behind_cut && ledger_line_cut(&r->line) && !ledger_line_whole(&r->line) &&
                 split(r->data, r->left, &next, &skip) && ledger_line_names(&next, &r->line)) {
            r->behind_cut = true;
            r->cut_begin = ledger_line_cut_begin(&r->line);
            r->l->n_line++;
            continue;
        } else {
            r->l->n_line++;
            rc = take_entry(r);
        }
        r->behind_cut = false;
    }
    return rc;
}

enum err_code ledger_parse(const char *path, const char *data, size_t len, const char *trust,
                           struct ledger **out, struct err *e)
{
    *out = NULL;
    struct ledger *l = calloc(1, sizeof *l);
    if (l == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the ledger %s", path);
    l->path = arena_strdup(&l->arena, path);
    l->generation = 1;
    memcpy(l->head, LEDGER_NO_DIGEST, sizeof LEDGER_NO_DIGEST);
    struct reading r = {.l = l, .trust = trust, .data = data, .left = len, .e = e};
    enum err_code rc = l->path == NULL ? err_set(e, ERR_NOMEM, "no memory for the ledger %s", path)
                                       : read_lines(&r);
    if (rc == ERR_OK)
        *out = l;
    else
        ledger_free(l);
    return rc;
}

enum err_code ledger_read(const char *path, const char *trust, struct ledger **out, struct err *e)
{
    struct buf b;
    struct stat st;
    *out = NULL;
    if (stat(path, &st) == -1)
        return err_set(e, ERR_DATA, "%s: cannot be opened: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_DATA, "%s: is no file, a ledger was expected", path);
    buf_init(&b, LIMIT_LEDGER_BYTES);
    enum err_code rc = buf_read_file(&b, path, e);
    if (rc == ERR_OK)
        rc = ledger_parse(path, b.data == NULL ? "" : b.data, b.len, trust, out, e);
    buf_release(&b);
    return rc;
}

void ledger_free(struct ledger *l)
{
    if (l == NULL)
        return;
    free((void *)l->entry);
    arena_release(&l->arena);
    free(l);
}

const struct ledger_entry *ledger_find(const struct ledger *l, enum ledger_kind kind,
                                       const char *nonce)
{
    for (size_t i = l->n_entry; i-- > 0;)
        if (l->entry[i].kind == kind && strcmp(l->entry[i].nonce, nonce) == 0)
            return &l->entry[i];
    return NULL;
}

uint32_t ledger_generation(const struct ledger *l, const struct ledger_entry *entry)
{
    uint32_t generation = 1;
    for (const struct ledger_entry *x = l->entry; x <= entry; x++)
        generation += x->kind == LEDGER_RESET;
    return generation;
}
