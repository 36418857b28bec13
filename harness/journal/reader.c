#include <stdlib.h>

#include "harness/base/cur.h"
#include "harness/base/infile.h"
#include "harness/base/limits.h"
#include "harness/journal/codec.h"
#include "harness/journal/crc32c.h"

#define BUFFER_BYTES (1024u * 1024)

struct journal_reader {
    struct infile in;
    uint32_t sequence; /* of the next record */
    size_t held;       /* bytes of the record that the caller has borrowed */
    bool ended;        /* END was read */
    bool cut;          /* broken because the file ends */
    struct err broken; /* once damaged, always damaged */
};

enum err_code journal_open(const char *path, bool follow, struct journal_reader **out,
                           struct err *e)
{
    *out = NULL;
    struct journal_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to read it", path);
    enum err_code rc = infile_open(path, follow, BUFFER_BYTES, &r->in, e);
    if (rc != ERR_OK) {
        free(r);
        return rc;
    }
    *out = r;
    return ERR_OK;
}

enum err_code journal_open_memory(const void *data, size_t len, struct journal_reader **out,
                                  struct err *e)
{
    *out = NULL;
    struct journal_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read a journal");
    enum err_code rc = infile_memory("memory", data, len, &r->in, e);
    if (rc != ERR_OK) {
        free(r);
        return rc;
    }
    *out = r;
    return ERR_OK;
}

/* A damaged or cut record; the text begins with where, ends with what was expected. */
static enum err_code broken(struct journal_reader *r, const char *found, const char *expected,
                            struct err *e)
{
    enum err_code rc;
    if (r->sequence == 0)
        rc = err_set(&r->broken, ERR_DATA, "%s: byte %llu: %s; expected %s", r->in.path,
                     (unsigned long long)r->in.offset, found, expected);
    else
        rc = err_set(&r->broken, ERR_DATA,
                     "%s: byte %llu: %s; expected %s (the last whole record is number %u)",
                     r->in.path, (unsigned long long)r->in.offset, found, expected,
                     (unsigned)(r->sequence - 1));
    if (e != NULL)
        *e = r->broken;
    return rc;
}

/* Fewer than n bytes are there: the end of the file, or just its present end. */
static enum err_code need(struct journal_reader *r, size_t n, struct err *e)
{
    enum err_code rc = infile_need(&r->in, n, e);
    if (rc != ERR_CLOSED)
        return rc;
    r->cut = r->in.left > 0 || r->sequence == 0;
    if (r->in.left > 0)
        return broken(r, "the journal is cut inside a record", "the rest of it", e);
    return r->sequence == 0 ? broken(r, "the journal is empty", "a BEGIN record", e) : ERR_CLOSED;
}

enum err_code journal_next(struct journal_reader *r, struct journal_record *rec, struct err *e)
{
    infile_skip(&r->in, r->held);
    r->held = 0;
    if (r->broken.code != ERR_OK) {
        if (e != NULL)
            *e = r->broken;
        return r->broken.code;
    }
    if (r->ended)
        return ERR_CLOSED;
    enum err_code rc = need(r, JOURNAL_PREFIX_BYTES, e);
    if (rc != ERR_OK)
        return rc;
    struct cur c = cur_make(r->in.data, JOURNAL_PREFIX_BYTES);
    const bool swapped = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    size_t len = cur_u32(&c, swapped);
    uint32_t crc = cur_u32(&c, swapped);
    if (len < JOURNAL_HEAD_BYTES || len > LIMIT_JOURNAL_RECORD_BYTES - JOURNAL_PREFIX_BYTES)
        return broken(r, "a record's length is out of range",
                      r->sequence == 0 ? "a journal with a BEGIN record" : "24 to 65528", e);
    rc = need(r, JOURNAL_PREFIX_BYTES + len, e);
    if (rc != ERR_OK)
        return rc;
    const uint8_t *data = r->in.data + JOURNAL_PREFIX_BYTES;
    if (crc32c(data, len) != crc)
        return broken(r, "a record does not match its checksum", "an undamaged record", e);
    const char *why;
    if (!journal_decode(data, len, rec, &why))
        return broken(r, why, "a record of version 1", e);
    if (rec->sequence != r->sequence)
        return broken(r, "a record is out of sequence", "the next number", e);
    if ((rec->type == JOURNAL_BEGIN) != (r->sequence == 0))
        return broken(r, r->sequence == 0 ? "the first record is not BEGIN" : "a second BEGIN",
                      "BEGIN first and once", e);
    r->sequence++;
    r->held = JOURNAL_PREFIX_BYTES + len;
    r->ended = rec->type == JOURNAL_END;
    return ERR_OK;
}

bool journal_is_cut(const struct journal_reader *r)
{
    return r->cut;
}

void journal_finish(struct journal_reader *r)
{
    infile_skip(&r->in, r->held); /* stays readable until the next journal_next */
    r->held = 0;
    infile_finish(&r->in);
}

void journal_reader_close(struct journal_reader *r)
{
    if (r == NULL)
        return;
    infile_close(&r->in);
    free(r);
}
