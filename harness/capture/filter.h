/* filter - the capture filter: what the user asked for, and always our own marks. */
#ifndef HARNESS_FILTER_H
#define HARNESS_FILTER_H

#include <pcap/pcap.h>
#include <stdbool.h>

#include "harness/base/buf.h"
#include "harness/base/err.h"

/* Compiles and installs; text gets the whole expression. *in_kernel false: the kernel refused it
 * and libpcap filters in user space, where drops are likelier. ERR_USAGE: expression is wrong. */
enum err_code filter_install(pcap_t *p, const char *expression, bool loopback, struct buf *text,
                             unsigned *instructions, bool *in_kernel, struct err *e);

#endif
