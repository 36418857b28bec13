/* trace - the discrete-event form of the traffic: every payload with its time, in order.
 *
 * One whole day, or several, of so many endpoints; a slice of it is just what the whole holds
 * there. Poisson, periodic or aligned per reading, inside its daily clock period; an answer follows
 * what it answers within its latency limit. The same seed gives the same trace on every machine,
 * and each reading draws from a stream of its own: one more leaves the others as they are.
 * Ownership: trace_free frees everything; the traffic is borrowed for as long.
 * Errors:    ERR_USAGE for options out of range and for more than TRACE_MOST payloads.
 * Time:      nanoseconds from midnight of the first day, local; each day has 86400 s.
 * Spec:      4.21, step 6 b.
 */
#ifndef HARNESS_TRACE_H
#define HARNESS_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/traffic/traffic.h"

#define TRACE_MOST 4000000
#define TRACE_NOBODY UINT32_MAX

struct trace_options {
    uint64_t seed;
    uint32_t endpoints;         /* 0: those of one aggregator, or of the deployment, else 1000 */
    uint32_t days;              /* 0: one */
    int64_t from_ns, length_ns; /* the slice; length 0: to the end */
};

struct trace_event {
    int64_t at_ns;
    uint32_t line, endpoint;
    uint32_t number;  /* of the draw: tells equal ones apart */
    uint32_t answers; /* index in the trace, TRACE_NOBODY: none, or before the slice */
};

struct trace {
    const struct traffic *traffic;
    struct trace_options o;
    struct trace_event *event;
    size_t n;
};

enum err_code trace_make(const struct traffic *t, const struct trace_options *o, struct trace **out,
                         struct err *e);
void trace_free(struct trace *t);

/* The part of the mix that an endpoint belongs to, NULL: all are of one kind. */
const struct profile_mix_part *trace_kind(const struct trace *t, uint32_t endpoint);

/* RFC 4180, with a heading. trace_write_row: of event i. */
enum err_code trace_write_heading(struct buf *out, struct err *e);
enum err_code trace_write_row(const struct trace *t, size_t i, struct buf *out, struct err *e);

#endif
