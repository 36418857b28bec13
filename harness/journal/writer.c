#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/outfile.h"
#include "harness/journal/codec.h"

#define BUFFER_BYTES (256u * 1024)

struct journal_writer {
    struct outfile out;
    uint32_t sequence;
    uint8_t scratch[LIMIT_JOURNAL_RECORD_BYTES];
};

static size_t record_bytes(const uint8_t *p)
{
    return JOURNAL_PREFIX_BYTES +
           ((size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24);
}

enum err_code journal_create(const char *path, struct journal_writer **out, struct err *e)
{
    *out = NULL;
    struct journal_writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to write it", path);
    enum err_code rc = outfile_create(path, BUFFER_BYTES, record_bytes, &w->out, e);
    if (rc != ERR_OK) {
        free(w);
        return rc;
    }
    *out = w;
    return ERR_OK;
}

enum err_code journal_write_at(struct journal_writer *w, struct journal_record *r, struct err *e)
{
    size_t len;
    uint8_t *room;
    r->sequence = w->sequence;
    enum err_code rc = journal_encode(r, w->scratch, sizeof w->scratch, &len, e);
    if (rc == ERR_OK)
        rc = outfile_record(&w->out, len, &room, e);
    if (rc != ERR_OK)
        return rc;
    memcpy(room, w->scratch, len);
    w->sequence++;
    return ERR_OK;
}

enum err_code journal_write(struct journal_writer *w, struct journal_record *r, struct err *e)
{
    clock_both_ns(&r->real_ns, &r->mono_ns);
    return journal_write_at(w, r, e);
}

enum err_code journal_flush(struct journal_writer *w, struct err *e)
{
    return outfile_flush(&w->out, e);
}

enum err_code journal_close(struct journal_writer *w, struct err *e)
{
    if (w == NULL)
        return ERR_OK;
    enum err_code rc = outfile_close(&w->out, e);
    free(w);
    return rc;
}
