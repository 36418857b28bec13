/* gridassay-drive - runs a plan's scenarios against the equipment. Started by gridassay run.
 *
 * Standard input: "DECIDED row variant used", "STOP". Standard output: "PROGRESS started done
 * open", "PROMPT text", "DONE", and "BEAT" where there is no beat file. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/base/num.h"
#include "harness/drive/drive.h"

/* Nothing waits for the reader of standard output, except with what must not be lost. */
static void say(void *arg, const char *line, bool may_drop)
{
    (void)arg;
    char out[1024];
    struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (may_drop && poll(&fd, 1, 0) != 1)
        return;
    int n = snprintf(out, sizeof out, "%.1000s\n", line);
    for (int at = 0; at < n;) {
        ssize_t w = write(STDOUT_FILENO, out + at, (size_t)(n - at));
        if (w == -1 && errno != EINTR)
            return;
        at += w > 0 ? (int)w : 0;
    }
}

static void complain(void *arg, const char *text)
{
    (void)arg;
    (void)fprintf(stderr, "gridassay-drive: %s\n", text);
}

/* Equipment that never answers holds a connection for every open trial. */
static void allow_connections(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

static int usage(FILE *to, int status)
{
    (void)fputs(
        "usage: gridassay-drive --plan plan.xml --journal FILE [--beat-file FILE] [--arm]\n"
        "                       [--calibrations N]\n"
        "Runs the plan's scenarios against the equipment and writes the journal.\n\n"
        "Standard input takes \"DECIDED row variant used\" (no more trials for that target) and\n"
        "\"STOP\". Standard output gives \"PROGRESS started done open\", \"PROMPT text\" for a\n"
        "person, \"BEAT\" every 100 ms without a beat file, and \"DONE\".\n"
        "Exit 0 done, 2 usage, a bad plan or a script at fault, 3 cannot do its work.\n",
        to);
    return status;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"plan", required_argument, NULL, 'p'},
                                            {"journal", required_argument, NULL, 'j'},
                                            {"beat-file", required_argument, NULL, 'b'},
                                            {"arm", no_argument, NULL, 'a'},
                                            {"calibrations", required_argument, NULL, 'n'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    struct drive_options o = {.speaker = &http_speaker, .say = say, .complain = complain};
    const char *path = NULL;
    uint64_t n;
    int c;
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 'p':
            path = optarg;
            break;
        case 'j':
            o.journal = optarg;
            break;
        case 'b':
            o.beat_file = optarg;
            break;
        case 'a':
            o.arm = true;
            break;
        case 'n':
            if (!num_u64(optarg, strlen(optarg), 1, UINT32_MAX, &n))
                return usage(stderr, EXIT_USAGE);
            o.calibrations = (uint32_t)n;
            break;
        case 'h':
            return usage(stdout, EXIT_ALL_PASS);
        default:
            return usage(stderr, EXIT_USAGE);
        }
    }
    if (path == NULL || o.journal == NULL || optind != argc)
        return usage(stderr, EXIT_USAGE);
    (void)signal(SIGPIPE, SIG_IGN);
    allow_connections();

    struct err e = ERR_INIT;
    struct plan *plan = NULL;
    struct drive *d = NULL;
    enum err_code rc = plan_read(path, &plan, &e);
    if (rc == ERR_OK) {
        o.plan = plan;
        rc = drive_new(&o, &d, &e);
    }
    if (rc == ERR_OK)
        rc = drive_run(d, &e);
    if (rc == ERR_OK)
        say(NULL, "DONE", false);
    else if (rc != ERR_SCRIPT || d == NULL) /* a running scenario's fault was told when it came */
        (void)fprintf(stderr, "gridassay-drive: %s\n", e.text);
    drive_free(d);
    plan_free(plan);
    return rc == ERR_OK ? EXIT_ALL_PASS : (int)err_exit(rc);
}
