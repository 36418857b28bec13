/* flow - TCP connections put together again from segments seen at a tap.
 *
 * Each direction's bytes go on in order and once: the first copy of a byte counts. A hole is passed
 * over only when the receiver acknowledged what lies behind it, when too much waits behind it, or
 * when it stays open too long. Connections are numbered in order of their first segment, as tshark
 * counts tcp.stream; a new SYN on old ports is a new connection. Connections that ended are kept
 * for a while, so that their last segments are known for what they are; memory grows with open
 * connections only. Ownership: flow_table_free frees everything; segments are borrowed for the
 * call. Errors:    lack of memory is kept in the host's fault. Time:      capture stamps. Spec: RFC
 * 9293.
 */
#ifndef HARNESS_FLOW_H
#define HARNESS_FLOW_H

#include "harness/exchange/link.h"
#include "harness/exchange/stream.h"

struct flow_table;

/* endpoint_of gives the plan's endpoint at an address, -1; arg is the host's. */
typedef int endpoint_fn(void *arg, const uint8_t *addr, size_t addr_len, uint16_t port);

/* NULL when memory is out. */
struct flow_table *flow_table_new(struct stream_host *host, endpoint_fn *endpoint_of);
void flow_table_free(struct flow_table *t);

void flow_segment(struct flow_table *t, const struct segment *seg, const struct stamp *at);
/* An ICMP error quotes this segment. */
void flow_unreachable(struct flow_table *t, const struct segment *seg, const struct stamp *at);
/* The capture lost packets in [from, to]: holes from then won't be filled. */
void flow_loss(struct flow_table *t, int64_t from_ns, int64_t to_ns);
/* Looks after holes and idle connections; to be called now and then with the present. */
void flow_sweep(struct flow_table *t, const struct stamp *now);
/* The capture ended. */
void flow_finish(struct flow_table *t, const struct stamp *at);

#endif
