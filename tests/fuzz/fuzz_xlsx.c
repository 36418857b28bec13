/* Any bytes as a workbook: a whole zip, or (without its signature) a sheet, the shared strings and
 * the styles of one, parted by 0 bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/import/xlsx.h"

#define PARTS 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rels[] =
    "<R><Relationship Id='a' Type='/officeDocument' Target='xl/workbook.xml'/></R>";
static const char book[] = "<w><sheets><sheet name='s' r:id='b' xmlns:r='r'/></sheets></w>";
static const char book_rels[] = "<R><Relationship Id='b' Type='/worksheet' Target='s.xml'/>"
                                "<Relationship Id='c' Type='/sharedStrings' Target='/xl/t.xml'/>"
                                "<Relationship Id='d' Type='/styles' Target='../xl/u.xml'/></R>";

static uint32_t crc(const void *data, size_t len)
{
    uint32_t c = 0xffffffff;
    for (size_t i = 0; i < len; i++) {
        c ^= ((const uint8_t *)data)[i];
        for (int k = 0; k < 8; k++)
            c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
    }
    return ~c;
}

static void number(struct buf *b, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        char c = i < 8 ? (char)(value >> 8 * i) : 0;
        (void)buf_append(b, &c, 1, NULL);
    }
}

static void entry(struct buf *b, uint32_t sum, size_t len, const char *name)
{
    number(b, 0, 2); /* stored */
    number(b, 0, 4);
    number(b, sum, 4);
    number(b, len, 4);
    number(b, len, 4);
    number(b, strlen(name), 2);
    number(b, 0, 2);
}

/* A zip of stored parts. */
static void pack(struct buf *out, const char *const *name, const void *const *data,
                 const size_t *len)
{
    struct buf directory;
    buf_init(&directory, 1 << 16);
    for (size_t i = 0; i < PARTS; i++) {
        size_t at = out->len;
        uint32_t sum = crc(data[i], len[i]);
        (void)buf_append(out, "PK\3\4\24\0\0\0", 8, NULL);
        entry(out, sum, len[i], name[i]);
        (void)buf_puts(out, name[i], NULL);
        (void)buf_append(out, data[i], len[i], NULL);
        (void)buf_append(&directory, "PK\1\2\24\0\24\0\0\0", 10, NULL);
        entry(&directory, sum, len[i], name[i]);
        number(&directory, 0, 10);
        number(&directory, at, 4);
        (void)buf_puts(&directory, name[i], NULL);
    }
    size_t at = out->len;
    (void)buf_append(out, directory.data, directory.len, NULL);
    (void)buf_append(out, "PK\5\6\0\0\0\0", 8, NULL);
    number(out, PARTS, 2);
    number(out, PARTS, 2);
    number(out, directory.len, 4);
    number(out, at, 4);
    number(out, 0, 2);
    buf_release(&directory);
}

static size_t take(const uint8_t **data, size_t *left)
{
    const uint8_t *end = *left == 0 ? NULL : memchr(*data, 0, *left);
    size_t n = end == NULL ? *left : (size_t)(end - *data);
    *data += n + (end != NULL);
    *left -= n + (end != NULL);
    return n;
}

static void look(const char *path)
{
    struct xlsx *x = NULL;
    struct err e = ERR_INIT;
    if (xlsx_open(path, &x, &e) != ERR_OK) {
        if (e.text[0] == '\0')
            abort();
        return;
    }
    for (size_t i = 0; i < xlsx_n_sheet(x); i++) {
        struct sheet s;
        struct sheet_problems p;
        problems_init(&p);
        if (xlsx_read(x, i, &s, &p, &e) == ERR_OK) {
            for (size_t k = 0; k < s.n; k++)
                for (size_t c = 0; c < s.record[k].n; c++)
                    if (s.record[k].cell[c] == NULL ||
                        (k > 0 && s.record[k].row <= s.record[k - 1].row))
                        abort();
            sheet_release(&s);
        }
        problems_release(&p);
    }
    xlsx_close(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const name[PARTS] = {
        "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        "xl/s.xml",    "xl/t.xml",        "xl/u.xml"};
    char path[64];
    struct buf zip;
    buf_init(&zip, 1 << 24);
    if (size >= 2 && memcmp(data, "PK", 2) == 0) {
        (void)buf_append(&zip, data, size, NULL);
    } else {
        const uint8_t *p = data;
        const void *part[PARTS] = {rels, book, book_rels};
        size_t len[PARTS] = {sizeof rels - 1, sizeof book - 1, sizeof book_rels - 1}, left = size;
        for (size_t i = 3; i < PARTS; i++) {
            part[i] = p;
            len[i] = take(&p, &left);
        }
        pack(&zip, name, part, len);
    }
    int fd = memfd_create("book", 0);
    if (fd == -1 || write(fd, zip.data, zip.len) != (ssize_t)zip.len)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    look(path);
    (void)close(fd);
    buf_release(&zip);
    return 0;
}
