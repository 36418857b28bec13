/* Any bytes as a journal, and as a record behind its checksum: what decodes must encode to the
 * same. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/journal/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t out[LIMIT_JOURNAL_RECORD_BYTES];
    struct journal_reader *r = NULL;
    struct journal_record rec;
    struct err e = ERR_INIT;
    const char *why;
    size_t len;
    enum err_code rc = journal_open_memory(data, size, &r, &e);
    while (rc == ERR_OK && (rc = journal_next(r, &rec, &e)) == ERR_OK)
        continue;
    journal_reader_close(r);
    if (rc != ERR_CLOSED && rc != ERR_DATA)
        abort();
    if (size <= sizeof out - JOURNAL_PREFIX_BYTES && journal_decode(data, size, &rec, &why) &&
        (journal_encode(&rec, out, sizeof out, &len, &e) != ERR_OK ||
         len != size + JOURNAL_PREFIX_BYTES || memcmp(out + JOURNAL_PREFIX_BYTES, data, size) != 0))
        abort();
    return 0;
}
