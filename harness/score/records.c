#include "harness/score/records.h"

#include <string.h>

#include "harness/score/spill.h"

#define BUFFER_BYTES (1024u * 1024)

static enum err_code fault(const struct records *r, struct err *e, const char *what)
{
    return err_set(e, ERR_DATA, "%s: record %llu (byte %llu): %s", r->in.path,
                   (unsigned long long)r->n + 1, (unsigned long long)r->in.offset, what);
}

enum err_code records_open(const char *path, const struct result *result, struct records *r,
                           struct err *e)
{
    *r = (struct records){.result = result};
    enum err_code rc = infile_open(path, false, BUFFER_BYTES, &r->in, e);
    if (rc != ERR_OK)
        return rc;
    rc = infile_need(&r->in, SPILL_HEADER_BYTES, e);
    uint32_t bytes = 0;
    if (rc == ERR_OK)
        memcpy(&bytes, r->in.data + 8, sizeof bytes);
    if (rc == ERR_CLOSED || (rc == ERR_OK && (memcmp(r->in.data, SPILL_MAGIC, 8) != 0 ||
                                              bytes != sizeof(struct exchange_record))))
        rc = err_set(e, ERR_DATA,
                     "%s: no exchanges file of this version: expected %.7s, records "
                     "of %zu bytes",
                     path, SPILL_MAGIC, sizeof(struct exchange_record));
    if (rc == ERR_OK)
        infile_skip(&r->in, SPILL_HEADER_BYTES);
    else
        infile_close(&r->in);
    return rc;
}

enum err_code records_next(struct records *r, struct exchange_record *out, struct err *e)
{
    do {
        enum err_code rc = infile_need(&r->in, sizeof *out, e);
        if (rc == ERR_CLOSED && r->in.left > 0)
            return fault(r, e, "the file is cut inside it");
        if (rc != ERR_OK)
            return rc;
        memcpy(out, r->in.data, sizeof *out);
        if (out->row == RECORDS_CONTEXT)
            infile_skip(&r->in, sizeof *out);
    } while (out->row == RECORDS_CONTEXT);
    if (r->result != NULL &&
        (out->row >= r->result->n_row || out->variant >= r->result->row[out->row].n_variant))
        return fault(r, e, "names a row or reading that run.xml does not have");
    if (out->cause >= CAUSE_COUNT || out->used > 1 || out->latency_ns < -1)
        return fault(r, e, "a cause, use or latency that none is");
    infile_skip(&r->in, sizeof *out);
    r->n++;
    return ERR_OK;
}

void records_close(struct records *r)
{
    infile_close(&r->in);
}
