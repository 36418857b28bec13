#include "harness/bundle/publish.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/infile.h"
#include "harness/base/outfile.h"
#include "harness/score/history.h"
#include "harness/score/spill.h"

#define BUFFER_BYTES (1024u * 1024)

const char *publish_path(const char *path)
{
    const char *slash = strrchr(path, '/');
    return path[0] == '/' || strstr(path, "..") != NULL ? (slash == NULL ? path : slash + 1) : path;
}

static uint64_t group_base(size_t i)
{
    return ((uint64_t)i + 1) << 32;
}

static enum err_code hide_equipment(struct plan *p, struct err *e)
{
    struct plan_endpoint *ep = arena_alloc(&p->arena, (p->n_endpoint + 1) * sizeof *ep);
    struct plan_device_group *g = arena_alloc(&p->arena, (p->n_group + 1) * sizeof *g);
    struct plan_stimulus *s = arena_alloc(&p->arena, (p->n_stimulus + 1) * sizeof *s);
    if (ep == NULL || g == NULL || s == NULL)
        return err_set(e, ERR_NOMEM, "no memory to reduce the plan");
    for (size_t i = 0; i < p->n_endpoint; i++) {
        ep[i] = p->endpoint[i];
        ep[i].address = "0.0.0.0";
        ep[i].port = 1; /* one is demanded */
        ep[i].path = "";
    }
    for (size_t i = 0; i < p->n_group; i++) {
        g[i] = p->group[i];
        g[i].first_id = group_base(i);
    }
    for (size_t i = 0; i < p->n_stimulus; i++) {
        s[i] = p->stimulus[i];
        s[i].url = "";
    }
    p->endpoint = ep;
    p->group = g;
    p->stimulus = s;
    p->tls_ca = p->tls_certificate = p->tls_key = NULL;
    p->filter = "";
    return ERR_OK;
}

enum err_code publish_plan(struct plan *p, struct err *e)
{
    struct plan_source *s = arena_alloc(&p->arena, (p->n_source + 1) * sizeof *s);
    struct plan_scenario *sc = arena_alloc(&p->arena, (p->n_scenario + 1) * sizeof *sc);
    struct plan_earlier *was = arena_alloc(&p->arena, (p->n_earlier + 1) * sizeof *was);
    if (s == NULL || sc == NULL || was == NULL)
        return err_set(e, ERR_NOMEM, "no memory to reduce the plan");
    for (size_t i = 0; i < p->n_source; i++) {
        s[i] = p->source[i];
        s[i].path = publish_path(s[i].path);
    }
    for (size_t i = 0; i < p->n_scenario; i++) {
        sc[i] = p->scenario[i];
        sc[i].file = publish_path(sc[i].file);
        sc[i].path = sc[i].file;
    }
    for (size_t i = 0; i < p->n_earlier; i++) {
        was[i] = p->earlier[i];
        was[i].path = "";
    }
    p->source = s;
    p->scenario = sc;
    p->earlier = was;
    p->n_image = 0;
    p->laboratory.customer = "";
    return hide_equipment(p, e);
}

enum err_code publish_result(struct result *r, struct err *e)
{
    struct result_row *rows = arena_alloc(&r->arena, (r->n_row + 1) * sizeof *rows);
    if (rows == NULL)
        return err_set(e, ERR_NOMEM, "no memory to reduce the result");
    for (size_t i = 0; i < r->n_row; i++) {
        rows[i] = r->row[i];
        struct result_variant *v = arena_alloc(&r->arena, (rows[i].n_variant + 1) * sizeof *v);
        if (v == NULL)
            return err_set(e, ERR_NOMEM, "no memory to reduce the result");
        for (size_t k = 0; k < rows[i].n_variant; k++) {
            v[k] = rows[i].variant[k];
            v[k].n_example = 0;
        }
        rows[i].variant = v;
    }
    r->row = rows;
    r->filter = r->customer = "";
    struct result_source *source = arena_alloc(&r->arena, (r->n_source + 1) * sizeof *source);
    if (source == NULL)
        return err_set(e, ERR_NOMEM, "no memory to reduce the result");
    for (size_t i = 0; i < r->n_source; i++) {
        source[i] = r->source[i];
        source[i].path = publish_path(source[i].path);
    }
    r->source = source;
    struct result_contradiction *c = arena_alloc(&r->arena, (r->n_contradiction + 1) * sizeof *c);
    if (c == NULL)
        return err_set(e, ERR_NOMEM, "no memory to reduce the result");
    for (size_t i = 0; i < r->n_contradiction; i++) { /* they name ids and addresses */
        c[i] = r->contradiction[i];
        c[i].what = "";
        c[i].text = "what it is about is not published";
    }
    r->contradiction = c;
    size_t said = strcspn(r->ended, ":"); /* behind it stands what a driver or system said */
    r->ended = arena_strndup(&r->arena, r->ended, said);
    return r->ended == NULL ? err_set(e, ERR_NOMEM, "no memory to reduce the result") : ERR_OK;
}

/* ---- records ------------------------------------------------------------------------------------
 */

static uint64_t hidden(const struct plan *p, uint64_t device)
{
    for (size_t i = 0; i < p->n_group; i++)
        if (device >= p->group[i].first_id && device - p->group[i].first_id < p->group[i].count)
            return group_base(i) + (device - p->group[i].first_id);
    return 0; /* none, or of no group: what its id hashes to */
}

static size_t record_bytes(const uint8_t *record)
{
    return memcmp(record, SPILL_MAGIC, sizeof SPILL_MAGIC - 1) == 0
               ? SPILL_HEADER_BYTES
               : sizeof(struct exchange_record);
}

static enum err_code copy_records(const struct plan *p, struct infile *in, struct outfile *out,
                                  struct err *e)
{
    uint8_t *room;
    enum err_code rc = infile_need(in, SPILL_HEADER_BYTES, e);
    if (rc == ERR_OK)
        rc = outfile_record(out, SPILL_HEADER_BYTES, &room, e);
    if (rc == ERR_OK) {
        memcpy(room, in->data, SPILL_HEADER_BYTES);
        infile_skip(in, SPILL_HEADER_BYTES);
    }
    while (rc == ERR_OK) {
        struct exchange_record rec;
        rc = infile_need(in, sizeof rec, e);
        if (rc == ERR_CLOSED && in->left == 0)
            return ERR_OK;
        if (rc == ERR_OK)
            rc = outfile_record(out, sizeof rec, &room, e);
        if (rc != ERR_OK)
            break;
        memcpy(&rec, in->data, sizeof rec);
        if (rec.row != RECORDS_CONTEXT)
            rec.device = hidden(p, rec.device);
        memcpy(room, &rec, sizeof rec);
        infile_skip(in, sizeof rec);
    }
    return rc == ERR_CLOSED ? err_set(e, ERR_DATA, "%s: is cut in a record", in->path) : rc;
}

enum err_code publish_records(const struct plan *p, const char *from, const char *to, struct err *e)
{
    struct infile in;
    struct outfile out;
    enum err_code rc = infile_open(from, false, BUFFER_BYTES, &in, e);
    if (rc != ERR_OK)
        return rc;
    rc = outfile_create(to, BUFFER_BYTES, record_bytes, &out, e);
    if (rc == ERR_OK) {
        rc = copy_records(p, &in, &out, e);
        enum err_code closed = outfile_close(&out, rc == ERR_OK ? e : NULL);
        rc = rc == ERR_OK ? closed : rc;
    }
    infile_close(&in);
    return rc;
}
