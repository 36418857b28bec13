/* Any bytes as a ledger, and any bytes inside an entry with the right digest: what holds is read to
 * its end, and appended to it holds still. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/campaign/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(const char *data, size_t size)
{
    struct ledger *l = NULL;
    struct err e = ERR_INIT;
    enum err_code rc = ledger_parse("a.ledger", data, size, NULL, &l, &e);
    if (rc != ERR_OK && rc != ERR_EVIDENCE && rc != ERR_DATA)
        abort();
    if (rc == ERR_OK && (l->n_entry == 0 || l->entry[0].kind != LEDGER_OPEN ||
                         strcmp(l->head, l->entry[l->n_entry - 1].digest) != 0))
        abort();
    ledger_free(l);
}

/* The bytes as what stands behind the digest, which is made to fit. */
static void inside(const char *kind, const char *data, size_t size)
{
    struct buf text, line;
    struct err e = ERR_INIT;
    char hex[SHA256_HEX_BYTES];
    buf_init(&text, size + 64);
    buf_init(&line, size + 256);
    if (buf_printf(&text, &e, "<%s", kind) == ERR_OK &&
        buf_append(&text, data, size, &e) == ERR_OK &&
        sha256_bytes(text.data, text.len, hex, &e) == ERR_OK &&
        buf_printf(&line, &e, "<%s sha256=\"%s\"", kind, hex) == ERR_OK &&
        buf_append(&line, data, size, &e) == ERR_OK && buf_puts(&line, "\n", &e) == ERR_OK)
        parse(line.data, line.len);
    buf_release(&text);
    buf_release(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = {"open", "begin", "end", "reset", "cut"};
    parse((const char *)data, size);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        inside(kinds[i], (const char *)data, size);
    return 0;
}
