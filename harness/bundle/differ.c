#include "harness/bundle/differ.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/infile.h"
#include "harness/base/limits.h"
#include "harness/score/outcome.h"

#define SHOWN_BYTES 100
#define BEFORE_BYTES 30
#define SPILL_HEADER_BYTES 16

struct place {
    size_t line, start, end; /* of the line in the bytes */
};

/* An attribute's value on the line at p if that starts the element; NULL. */
static const char *on_line(const char *p, const char *element, const char *attribute, int *len)
{
    size_t n = strlen(element);
    while (*p == ' ')
        p++;
    const char *value = *p == '<' && strncmp(p + 1, element, n) == 0 && p[1 + n] == ' '
                            ? strstr(p, attribute)
                            : NULL;
    *len = 0;
    if (value == NULL || value >= p + strcspn(p, "\n"))
        return NULL;
    value += strlen(attribute);
    *len = (int)strcspn(value, "\"\n");
    return value;
}

/* The id of the row that is open on the line at start. */
static const char *row_of(const char *text, size_t start, int *len)
{
    for (size_t at = start + 1; at-- > 0;) {
        if (at > 0 && text[at - 1] != '\n')
            continue;
        const char *id = on_line(text + at, "row", " id=\"", len);
        const char *p = text + at + strspn(text + at, " ");
        if (id != NULL || (at < start && strncmp(p, "</row>", 6) == 0))
            return id;
    }
    return NULL;
}

/* The part of the line around the byte, without what a terminal would take for more than text. */
static void show(const char *text, struct place p, size_t at, char out[SHOWN_BYTES + 1])
{
    size_t from = at - p.start > BEFORE_BYTES ? at - BEFORE_BYTES : p.start, n = 0;
    for (; from + n < p.end && n < SHOWN_BYTES; n++) {
        unsigned char c = (unsigned char)text[from + n];
        out[n] = c < 0x20 || c == 0x7f ? '?' : (char)c;
    }
    out[n] = '\0';
}

enum err_code differ_bytes(const char *name, const char *bundled, size_t n, const char *again,
                           size_t m, struct err *e)
{
    size_t at = 0;
    struct place p = {.line = 1};
    while (at < n && at < m && bundled[at] == again[at])
        if (bundled[at++] == '\n') {
            p.line++;
            p.start = at;
        }
    if (at == n && at == m)
        return ERR_OK;
    char have[SHOWN_BYTES + 1], want[SHOWN_BYTES + 1];
    struct place q = p;
    for (p.end = at; p.end < n && bundled[p.end] != '\n';)
        p.end++;
    for (q.end = at; q.end < m && again[q.end] != '\n';)
        q.end++;
    show(bundled, p, at, have);
    show(again, q, at, want);
    int row_len = 0, kind_len = 0;
    const char *row = row_of(bundled, p.start, &row_len);
    const char *kind = on_line(bundled + p.start, "criterion", " kind=\"", &kind_len);
    return err_set(
        e, ERR_EVIDENCE,
        "%s:%zu:%s%.*s%s%.*s differs from what follows from the evidence: the bundle has "
        "\"%s\", scoring again gives \"%s\"",
        name, p.line, row == NULL ? "" : " row ", row_len, row == NULL ? "" : row,
        kind == NULL ? "" : ", criterion ", kind_len, kind == NULL ? "" : kind, have, want);
}

enum err_code differ_text(const char *name, const char *bundled, const char *again, struct err *e)
{
    struct buf a, b;
    buf_init(&a, LIMIT_XML_FILE_BYTES);
    buf_init(&b, LIMIT_XML_FILE_BYTES);
    enum err_code rc = buf_read_file(&a, bundled, e);
    if (rc == ERR_OK)
        rc = buf_read_file(&b, again, e);
    if (rc == ERR_OK)
        rc = differ_bytes(name, a.data == NULL ? "" : a.data, a.len, b.data == NULL ? "" : b.data,
                          b.len, e);
    buf_release(&a);
    buf_release(&b);
    return rc;
}

enum err_code differ_records(const char *name, const char *bundled, const char *again,
                             struct err *e)
{
    const size_t head = SPILL_HEADER_BYTES, record = sizeof(struct exchange_record);
    struct infile a = {.fd = -1}, b = {.fd = -1};
    enum err_code rc = infile_open(bundled, false, 1024 * 1024, &a, e);
    if (rc == ERR_OK)
        rc = infile_open(again, false, 1024 * 1024, &b, e);
    while (rc == ERR_OK) {
        bool more_a = infile_need(&a, 1, NULL) == ERR_OK,
             more_b = infile_need(&b, 1, NULL) == ERR_OK;
        size_t n = a.left < b.left ? a.left : b.left, same = 0;
        if (!more_a && !more_b)
            break;
        while (more_a && more_b && same < n && a.data[same] == b.data[same])
            same++;
        if (!more_a || !more_b || same < n) {
            uint64_t at = a.offset + same;
            rc = err_set(e, ERR_EVIDENCE,
                         "%s: byte %llu, record %llu, differs from what follows from the evidence",
                         name, (unsigned long long)at,
                         (unsigned long long)(at < head ? 0 : (at - head) / record + 1));
            break;
        }
        infile_skip(&a, n);
        infile_skip(&b, n);
    }
    infile_close(&a);
    infile_close(&b);
    return rc;
}
