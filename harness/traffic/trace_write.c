#include <inttypes.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/traffic/trace.h"

static const char *const direction[TRAFFIC_DIRECTIONS] = {"down", "up"};

/* Quoted where RFC 4180 asks for it. */
static enum err_code field(struct buf *out, const char *text, struct err *e)
{
    enum err_code rc = ERR_OK;
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (!quoted)
        return buf_puts(out, text, e);
    rc = buf_puts(out, "\"", e);
    for (const char *p = text; *p != '\0' && rc == ERR_OK; p++)
        rc = buf_append(out, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1, e);
    return rc == ERR_OK ? buf_puts(out, "\"", e) : rc;
}

enum err_code trace_write_heading(struct buf *out, struct err *e)
{
    return buf_puts(out,
                    "number,time_s,direction,endpoint,actor,class,row,reading,payload,type,from,to,"
                    "bytes,answers\r\n",
                    e);
}

enum err_code trace_write_row(const struct trace *t, size_t i, struct buf *out, struct err *e)
{
    const struct trace_event *v = &t->event[i];
    const struct traffic_line *l = &t->traffic->line[v->line];
    const struct profile_mix_part *kind = trace_kind(t, v->endpoint);
    const char *text[] = {kind == NULL ? l->far : kind->actor,
                          kind == NULL ? l->device_class : kind->device_class,
                          l->row->id,
                          l->leg->id,
                          l->row->payload,
                          l->row->type,
                          l->from,
                          l->to};
    enum err_code rc =
        buf_printf(out, e, "%zu,%" PRId64 ".%09" PRId64 ",%s,%" PRIu32, i + 1, v->at_ns / NS_PER_S,
                   v->at_ns % NS_PER_S, direction[l->direction], v->endpoint + 1);
    for (size_t k = 0; k < sizeof text / sizeof text[0] && rc == ERR_OK; k++) {
        rc = buf_puts(out, ",", e);
        if (rc == ERR_OK)
            rc = field(out, text[k], e);
    }
    if (rc == ERR_OK)
        rc = buf_printf(out, e, ",%" PRId64 ",", l->size[TRAFFIC_SELECTED]);
    if (rc == ERR_OK && v->answers != TRACE_NOBODY)
        rc = buf_printf(out, e, "%" PRIu32, v->answers + 1);
    return rc == ERR_OK ? buf_puts(out, "\r\n", e) : rc;
}
