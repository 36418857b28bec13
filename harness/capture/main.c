/* gridassay-capture: records one interface into a pcapng file. The only program of ours that needs
 * a privilege (CAP_NET_RAW), and the only one that links libpcap's live side. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/capture/live.h"
#include "harness/capture/session.h"
#include "harness/evidence/pcapng.h"

#define RING_MIB 64
#define RING_MAX_MIB 1024
#define SNAP_MIN_BYTES 64

struct options {
    struct live_options live;
    const char *write;
    uint32_t until; /* descriptor, 0 none */
    bool probe, help;
};

static const char usage[] =
    "usage: gridassay-capture --interface NAME --write FILE [--filter EXPR] [--buffer MiB]\n"
    "                         [--snap BYTES] [--until FD]\n"
    "       gridassay-capture --interface NAME --probe\n"
    "\n"
    "Records NAME into FILE (pcapng, nanoseconds) until STOP or the end of standard input, SIGINT "
    "or\n"
    "SIGTERM.\n"
    "\n"
    "  --interface NAME  one interface; \"any\" is refused\n"
    "  --write FILE      made anew\n"
    "  --filter EXPR     in pcap's language (pcap-filter(7)); our own marks always pass\n"
    "  --buffer MiB      size of the kernel ring, 1 to 1024 (64)\n"
    "  --snap BYTES      captured of each frame, 64 to 262144 (262144)\n"
    "  --until FD        when whoever started it is gone, go on until the other end of this pipe\n"
    "                    is closed, ten seconds at most\n"
    "  --probe           only try whether NAME can be captured; prints OK\n"
    "\n"
    "Standard input takes \"MARK n\" and \"STOP\". Standard output gives READY and whose\n"
    "stamps it has (recording is proved),\n"
    "MARKED n ts_ns, STATS received dropped ifdropped, STOPPED frames received dropped ifdropped.\n"
    "Exit 0 done, 2 usage, 3 capture not permitted or failed; what was captured before is kept.\n";

static enum err_code number(const char *name, const char *text, uint64_t min, uint64_t max,
                            uint32_t *out, struct err *e)
{
    uint64_t v;
    if (!num_u64(text, strlen(text), min, max, &v))
        return err_set(e, ERR_USAGE, "--%s %s: expected a number from %llu to %llu", name, text,
                       (unsigned long long)min, (unsigned long long)max);
    *out = (uint32_t)v;
    return ERR_OK;
}

static enum err_code parse(int argc, char **argv, struct options *o, struct err *e)
{
    static const struct option flags[] = {
        {"interface", required_argument, NULL, 'i'},
        {"write", required_argument, NULL, 'w'},
        {"filter", required_argument, NULL, 'f'},
        {"buffer", required_argument, NULL, 'b'},
        {"snap", required_argument, NULL, 's'},
        {"until", required_argument, NULL, 'u'},
        {"probe", no_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    *o = (struct options){.live = {.ring_mib = RING_MIB, .snap_bytes = LIMIT_FRAME_BYTES}};
    opterr = 0;
    enum err_code rc = ERR_OK;
    while (rc == ERR_OK) {
        int at = optind;
        int c = getopt_long(argc, argv, ":", flags, NULL);
        if (c == -1)
            break;
        if (c == 'i')
            o->live.interface = optarg;
        else if (c == 'w')
            o->write = optarg;
        else if (c == 'f')
            o->live.filter = optarg[0] == '\0' ? NULL : optarg;
        else if (c == 'b')
            rc = number("buffer", optarg, 1, RING_MAX_MIB, &o->live.ring_mib, e);
        else if (c == 's')
            rc = number("snap", optarg, SNAP_MIN_BYTES, LIMIT_FRAME_BYTES, &o->live.snap_bytes, e);
        else if (c == 'u')
            rc = number("until", optarg, 3, 1000000, &o->until, e);
        else if (c == 'p')
            o->probe = true;
        else if (c == 'h')
            o->help = true;
        else
            rc = err_set(e, ERR_USAGE, "%s: %s; see --help", argv[at],
                         c == ':' ? "needs a value" : "unknown option");
    }
    if (rc != ERR_OK || o->help)
        return rc;
    if (optind < argc)
        return err_set(e, ERR_USAGE, "%s: unexpected argument; see --help", argv[optind]);
    if (o->live.interface == NULL)
        return err_set(e, ERR_USAGE, "--interface NAME is missing; see --help");
    if (o->write == NULL && !o->probe)
        return err_set(e, ERR_USAGE, "--write FILE is missing; see --help");
    return ERR_OK;
}

/* "Linux 6.1.0-13-amd64" and "x86_64, 2 processors, clock source tsc" */
static void machine(char *os, size_t os_size, char *hardware, size_t hardware_size)
{
    struct utsname u;
    char clock[64] = "unknown";
    FILE *f = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
    if (f != NULL) {
        if (fgets(clock, sizeof clock, f) != NULL)
            clock[strcspn(clock, "\n")] = '\0';
        (void)fclose(f);
    }
    bool known = uname(&u) == 0;
    (void)snprintf(os, os_size, "%s %s", known ? u.sysname : "unknown", known ? u.release : "");
    (void)snprintf(hardware, hardware_size, "%s, %ld processors, clock source %s",
                   known ? u.machine : "unknown", sysconf(_SC_NPROCESSORS_ONLN), clock);
}

static enum err_code begin_file(const struct options *o, const struct live_facts *facts,
                                struct pcapng **file, struct err *e)
{
    char os[160], hardware[200], application[200];
    machine(os, sizeof os, hardware, sizeof hardware);
    (void)snprintf(application, sizeof application, "gridassay-capture, %s", facts->library);
    enum err_code rc = pcapng_create(o->write, application, hardware, file, e);
    if (rc != ERR_OK)
        return rc;
    const struct pcapng_interface i = {
        .name = o->live.interface,
        .description = facts->description,
        .filter = facts->filter,
        .os = os,
        .link_type = facts->link_type,
        .snap_bytes = o->live.snap_bytes,
    };
    return pcapng_interface(*file, &i, e);
}

/* SIGINT, SIGTERM and SIGHUP end a recording properly; before it they end the program at once. */
static enum err_code catch_signals(int *fd, struct err *e)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &stop, NULL) == 0)
        *fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
    return *fd == -1 ? err_sys(e, errno, "signals can't be received") : ERR_OK;
}

static void warn(const struct options *o, const struct live_facts *facts)
{
    if (!facts->filter_in_kernel)
        fprintf(stderr,
                "gridassay-capture: warning: the kernel refused the filter (%u instructions), "
                "it is applied in user space and drops are likelier: aggregate addresses to "
                "prefixes and ports to ranges\n",
                facts->filter_length);
    if (!facts->block_ring)
        fprintf(stderr,
                "gridassay-capture: warning: no TPACKET_V3 ring on %s: drops are likelier\n",
                o->live.interface);
}

static enum err_code run(const struct options *o, struct err *e)
{
    struct live *live = NULL;
    struct pcapng *file = NULL;
    int signal_fd = -1;
    enum err_code rc = live_open(&o->live, &live, e);
    if (rc != ERR_OK || o->probe) {
        if (rc == ERR_OK)
            puts("OK");
        goto out;
    }
    warn(o, live_facts(live));
    rc = catch_signals(&signal_fd, e);
    if (rc == ERR_OK)
        rc = begin_file(o, live_facts(live), &file, e);
    if (rc == ERR_OK)
        rc = live_drop_privileges(e);
    if (rc == ERR_OK) {
        struct pcapng *taken = file;
        file = NULL;
        rc = session_run(live, taken, signal_fd, o->until == 0 ? -1 : (int)o->until, e);
    }
out:
    if (file != NULL)
        (void)pcapng_close(file, NULL);
    if (signal_fd != -1)
        (void)close(signal_fd);
    live_close(live);
    return rc;
}

int main(int argc, char **argv)
{
    struct options o;
    struct err e = ERR_INIT;
    /* A closed pipe or a file-size limit is told by write() itself. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    enum err_code rc = parse(argc, argv, &o, &e);
    if (rc == ERR_OK && o.help) {
        fputs(usage, stdout);
        return EXIT_ALL_PASS;
    }
    if (rc == ERR_OK)
        rc = run(&o, &e);
    if (rc != ERR_OK)
        fprintf(stderr, "gridassay-capture: %s\n", e.text);
    return (int)err_exit(rc);
}
