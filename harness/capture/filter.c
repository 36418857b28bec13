#include "harness/capture/filter.h"

#include <string.h>
#include <sys/socket.h>

#include "harness/evidence/frame.h"

/* libpcap's optimizer takes minutes for some thousand hosts; such a filter is too long for the
 * kernel anyway. */
#define OPTIMIZE_MAX_BYTES 4096

/* A filter of this length the kernel takes, as instructions; 0: none is installed. */
static unsigned kernel_filter_length(pcap_t *p)
{
    socklen_t n = 0;
    return getsockopt(pcap_fileno(p), SOL_SOCKET, SO_GET_FILTER, NULL, &n) == 0 ? (unsigned)n : 0;
}

static enum err_code compile(pcap_t *p, const char *expression, struct bpf_program *program,
                             struct err *e)
{
    int optimize = strlen(expression) <= OPTIMIZE_MAX_BYTES;
    if (pcap_compile(p, program, expression, optimize, PCAP_NETMASK_UNKNOWN) != 0)
        return err_set(e, ERR_USAGE, "filter \"%s\" does not compile: %s", expression,
                       pcap_geterr(p));
    return ERR_OK;
}

/* The marks come first: "vlan" in an expression moves what stands behind it. */
static enum err_code write_out(const char *expression, bool inbound, struct buf *text,
                               struct err *e)
{
    buf_reset(text);
    enum err_code rc = buf_puts(text, inbound ? "inbound" : "", e);
    if (rc == ERR_OK && expression != NULL)
        rc = buf_printf(text, e, "%s(ether proto 0x%04x or (%s))", inbound ? " and " : "",
                        MARK_ETHERTYPE, expression);
    return rc;
}

static enum err_code install(pcap_t *p, const char *text, unsigned *instructions, bool *in_kernel,
                             struct err *e)
{
    struct bpf_program program = {0};
    enum err_code rc = compile(p, text, &program, e);
    if (rc != ERR_OK)
        return rc;
    *instructions = program.bf_len;
    if (pcap_setfilter(p, &program) != 0)
        rc = err_set(e, ERR_SYS, "filter \"%s\" can't be installed: %s", text, pcap_geterr(p));
    *in_kernel = kernel_filter_length(p) == program.bf_len;
    pcap_freecode(&program);
    return rc;
}

enum err_code filter_install(pcap_t *p, const char *expression, bool loopback, struct buf *text,
                             unsigned *instructions, bool *in_kernel, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (expression != NULL) { /* alone first, so that a fault shows the user's own words */
        struct bpf_program program = {0};
        rc = compile(p, expression, &program, e);
        pcap_freecode(&program);
    }
    if (rc == ERR_OK)
        rc = write_out(expression, loopback, text, e);
    if (rc == ERR_OK)
        rc = install(p, text->data, instructions, in_kernel, e);
    if (rc != ERR_OK || *in_kernel || !loopback)
        return rc;
    /* In user space nothing matches "inbound"; there libpcap itself leaves the second copy out. */
    rc = write_out(expression, false, text, e);
    return rc == ERR_OK ? install(p, text->data, instructions, in_kernel, e) : rc;
}
