#include "harness/capture/live.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/capture/filter.h"

#define BLOCK_TIMEOUT_MS 10
#define FILTER_MAX_BYTES (16u * 1024) /* far beyond what the kernel takes */

struct live {
    pcap_t *pcap;
    struct live_facts facts;
    struct buf filter;
    int64_t tick_ns;
    uint64_t received, dropped, if_dropped; /* libpcap's counters have 32 bits and wrap */
    uint32_t last_received, last_dropped, last_if_dropped;
    uint64_t frames;
    int send_fd;       /* of its own: the kernel gives no socket what it sent itself */
    live_frame_fn *fn; /* during live_drain */
    void *fn_arg;
    enum err_code fn_code;
    struct err *fn_err;
};

/* "lo, eth0" of this machine. */
static void interface_names(char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    struct if_nameindex *all = if_nameindex();
    for (struct if_nameindex *i = all; i != NULL && i->if_name != NULL; i++) {
        int n = snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ", ", i->if_name);
        if (n < 0 || (size_t)n >= size - used)
            break;
        used += (size_t)n;
    }
    if (all != NULL)
        if_freenameindex(all);
}

static enum err_code check_name(const char *name, struct err *e)
{
    char names[300];
    interface_names(names, sizeof names);
    if (strcmp(name, "any") == 0)
        return err_set(
            e, ERR_USAGE,
            "live capture on \"any\" is refused, its frames have no link of their own: name "
            "one of %s",
            names);
    if (if_nametoindex(name) == 0)
        return err_set(e, ERR_USAGE, "there is no interface \"%s\"; there are: %s", name, names);
    return ERR_OK;
}

static enum err_code not_permitted(const char *name, struct err *e)
{
    char self[400];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n < 0 ? 0 : n] = '\0';
    return err_set(
        e, ERR_SYS,
        "live capture on %s is not permitted: run \"sudo setcap cap_net_raw+ep %s\" or as "
        "a member of the group that owns it",
        name, self);
}

static enum err_code activate(struct live *l, const struct live_options *o, struct err *e)
{
    char text[PCAP_ERRBUF_SIZE];
    l->pcap = pcap_create(o->interface, text);
    if (l->pcap == NULL)
        return err_set(e, ERR_SYS, "capture on %s can't be set up: %s", o->interface, text);
    if (pcap_set_snaplen(l->pcap, (int)o->snap_bytes) != 0 || pcap_set_promisc(l->pcap, 0) != 0 ||
        pcap_set_timeout(l->pcap, BLOCK_TIMEOUT_MS) != 0 ||
        pcap_set_immediate_mode(l->pcap, 0) != 0 ||
        pcap_set_buffer_size(l->pcap, (int)(o->ring_mib * 1024 * 1024)) != 0)
        return err_set(e, ERR_SYS, "capture on %s can't be set up: %s", o->interface,
                       pcap_geterr(l->pcap));
    /* Refused only where there are no nanoseconds; what was granted is asked below. */
    (void)pcap_set_tstamp_precision(l->pcap, PCAP_TSTAMP_PRECISION_NANO);
    int rc = pcap_activate(l->pcap);
    if (rc == PCAP_ERROR_PERM_DENIED)
        return not_permitted(o->interface, e);
    if (rc < 0) {
        const char *why = pcap_geterr(l->pcap);
        return err_set(e, ERR_SYS, "capture on %s can't begin: %s", o->interface,
                       why[0] != '\0' ? why : pcap_statustostr(rc));
    }
    if (pcap_datalink(l->pcap) != DLT_EN10MB)
        return err_set(e, ERR_USAGE, "%s has link type %s: marks need a link with Ethernet headers",
                       o->interface, pcap_datalink_val_to_name(pcap_datalink(l->pcap)));
    if (pcap_setnonblock(l->pcap, 1, text) != 0)
        return err_set(e, ERR_SYS, "capture on %s can't be polled: %s", o->interface, text);
    l->tick_ns = pcap_get_tstamp_precision(l->pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
    return ERR_OK;
}

static enum err_code interface_flags(struct live *l, const char *name, bool *loopback,
                                     struct err *e)
{
    struct ifreq r = {0};
    (void)snprintf(r.ifr_name, sizeof r.ifr_name, "%s", name);
    int fd = pcap_fileno(l->pcap);
    if (ioctl(fd, SIOCGIFFLAGS, &r) == -1)
        return err_sys(e, errno, "flags of %s can't be read", name);
    *loopback = (r.ifr_flags & IFF_LOOPBACK) != 0;
    if (ioctl(fd, SIOCGIFHWADDR, &r) == -1)
        return err_sys(e, errno, "address of %s can't be read", name);
    memcpy(l->facts.address, r.ifr_hwaddr.sa_data, 6);
    return ERR_OK;
}

static enum err_code open_sender(struct live *l, const char *name, struct err *e)
{
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(name)};
    l->send_fd =
        socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); /* protocol 0: it receives nothing */
    if (l->send_fd == -1 || bind(l->send_fd, (struct sockaddr *)&to, sizeof to) == -1)
        return err_sys(e, errno, "a socket for marks on %s can't be opened", name);
    return ERR_OK;
}

static void describe(struct live *l, const struct live_options *o)
{
    int version = -1;
    socklen_t n = sizeof version;
    if (getsockopt(pcap_fileno(l->pcap), SOL_PACKET, PACKET_VERSION, &version, &n) == -1)
        version = -1;
    l->facts.block_ring = version == TPACKET_V3;
    l->facts.stamps = l->tick_ns == 1 ? "by the host, nanoseconds" : "by the host, microseconds";
    (void)snprintf(l->facts.description, sizeof l->facts.description,
                   "stamps %s; ring of %u MiB, %s, %d ms blocks; filter of %u "
                   "instructions %s",
                   l->facts.stamps, (unsigned)o->ring_mib,
                   l->facts.block_ring ? "TPACKET_V3" : "not TPACKET_V3", BLOCK_TIMEOUT_MS,
                   l->facts.filter_length,
                   l->facts.filter_in_kernel ? "in the kernel" : "in user space");
}

enum err_code live_open(const struct live_options *o, struct live **out, struct err *e)
{
    *out = NULL;
    enum err_code rc = check_name(o->interface, e);
    if (rc != ERR_OK)
        return rc;
    if (o->filter != NULL && strlen(o->filter) > FILTER_MAX_BYTES)
        return err_set(e, ERR_USAGE,
                       "a filter of %zu bytes: expected at most %u, with addresses "
                       "aggregated to prefixes and ports to ranges",
                       strlen(o->filter), FILTER_MAX_BYTES);
    struct live *l = calloc(1, sizeof *l);
    if (l == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a capture");
    l->send_fd = -1;
    buf_init(&l->filter, FILTER_MAX_BYTES + 100);
    bool loopback = false;
    rc = activate(l, o, e);
    if (rc == ERR_OK)
        rc = interface_flags(l, o->interface, &loopback, e);
    if (rc == ERR_OK)
        rc = open_sender(l, o->interface, e);
    if (rc == ERR_OK)
        rc = filter_install(l->pcap, o->filter, loopback, &l->filter, &l->facts.filter_length,
                            &l->facts.filter_in_kernel, e);
    if (rc != ERR_OK) {
        live_close(l);
        return rc;
    }
    l->facts.filter = l->filter.data;
    l->facts.library = pcap_lib_version();
    l->facts.link_type = DLT_EN10MB;
    describe(l, o);
    *out = l;
    return ERR_OK;
}

const struct live_facts *live_facts(const struct live *l)
{
    return &l->facts;
}

int live_fd(const struct live *l)
{
    return pcap_get_selectable_fd(l->pcap);
}

static void on_packet(u_char *arg, const struct pcap_pkthdr *h, const u_char *data)
{
    struct live *l = (struct live *)(void *)arg;
    if (l->fn_code != ERR_OK)
        return;
    struct frame f = {
        .number = ++l->frames,
        .link_type = l->facts.link_type,
        .ts_ns = (int64_t)h->ts.tv_sec * NS_PER_S + (int64_t)h->ts.tv_usec * l->tick_ns,
        .captured_bytes = h->caplen,
        .wire_bytes = h->len,
        .data = data,
    };
    l->fn_code = l->fn(l->fn_arg, &f, l->fn_err);
    if (l->fn_code != ERR_OK)
        pcap_breakloop(l->pcap);
}

enum err_code live_drain(struct live *l, int max, live_frame_fn *fn, void *arg, bool *drained,
                         struct err *e)
{
    l->fn = fn;
    l->fn_arg = arg;
    l->fn_code = ERR_OK;
    l->fn_err = e;
    int n = pcap_dispatch(l->pcap, max, on_packet, (u_char *)l);
    l->fn_err = NULL;
    *drained = n >= 0 && n < max;
    if (l->fn_code != ERR_OK)
        return l->fn_code;
    if (n < 0 && n != PCAP_ERROR_BREAK)
        return err_set(e, ERR_SYS, "capture failed: %s", pcap_geterr(l->pcap));
    return ERR_OK;
}

enum err_code live_inject(struct live *l, const void *data, size_t len, struct err *e)
{
    if (send(l->send_fd, data, len, MSG_DONTWAIT) == -1)
        return err_sys(e, errno, "a mark can't be sent");
    return ERR_OK;
}

static void add_up(uint64_t *total, uint32_t *last, uint32_t now)
{
    *total += (uint32_t)(now - *last);
    *last = now;
}

enum err_code live_stats(struct live *l, struct capture_stats *s, struct err *e)
{
    struct pcap_stat now;
    if (pcap_stats(l->pcap, &now) != 0)
        return err_set(e, ERR_SYS, "capture counters can't be read: %s", pcap_geterr(l->pcap));
    add_up(&l->received, &l->last_received, now.ps_recv);
    add_up(&l->dropped, &l->last_dropped, now.ps_drop);
    add_up(&l->if_dropped, &l->last_if_dropped, now.ps_ifdrop);
    s->received = l->received;
    s->dropped = l->dropped;
    s->if_dropped = l->if_dropped;
    return ERR_OK;
}

void live_close(struct live *l)
{
    if (l == NULL)
        return;
    if (l->pcap != NULL)
        pcap_close(l->pcap);
    if (l->send_fd != -1)
        (void)close(l->send_fd);
    buf_release(&l->filter);
    free(l);
}

enum err_code live_drop_privileges(struct err *e)
{
    struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 || syscall(SYS_capset, &h, none) == -1)
        return err_sys(e, errno, "privileges can't be given up");
    return ERR_OK;
}
