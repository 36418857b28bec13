#include "harness/run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/where.h"

#define LINES_MAX_BYTES (1024u * 1024)

enum err_code child_start(struct child *c, const char *name, const char *const *argv, struct err *e)
{
    *c = (struct child){.name = name, .in = -1, .out = -1};
    buf_init(&c->lines, LINES_MAX_BYTES);
    char path[PATH_MAX];
    enum err_code rc = where_program(argv[0], path, sizeof path, e);
    if (rc != ERR_OK)
        return rc;
    if (access(path, X_OK) == -1)
        return err_sys(e, errno, "%s: cannot be started", path);
    int to[2] = {-1, -1}, from[2] = {-1, -1};
    if (pipe2(to, O_CLOEXEC) == -1 || pipe2(from, O_CLOEXEC) == -1) {
        rc = err_sys(e, errno, "no pipe for %s", name);
        goto fail;
    }
    pid_t parent = getpid();
    c->pid = fork();
    if (c->pid == -1) {
        c->pid = 0;
        rc = err_sys(e, errno, "no process for %s", name);
        goto fail;
    }
    if (c->pid == 0) {
        sigset_t none;
        (void)sigemptyset(&none);
        (void)sigprocmask(SIG_SETMASK, &none, NULL);
        (void)setpgid(0, 0);
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(EXIT_HARNESS);
        if (dup2(to[0], STDIN_FILENO) == -1 || dup2(from[1], STDOUT_FILENO) == -1)
            _exit(EXIT_HARNESS);
        (void)execv(path, (char *const *)argv);
        (void)fprintf(stderr, "gridassay: %s: %s\n", path, strerror(errno));
        _exit(EXIT_HARNESS);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    c->in = to[1];
    c->out = from[0];
    (void)fcntl(c->out, F_SETFL, O_NONBLOCK);
    return ERR_OK;
fail:
    for (int i = 0; i < 2; i++) {
        if (to[i] != -1)
            (void)close(to[i]);
        if (from[i] != -1)
            (void)close(from[i]);
    }
    return rc;
}

void child_tell(struct child *c, const char *line)
{
    if (c->in == -1)
        return;
    char text[512];
    int n = snprintf(text, sizeof text, "%s\n", line);
    if (n < 0 || (size_t)n >= sizeof text)
        return;
    ssize_t w;
    do
        w = write(c->in, text, (size_t)n);
    while (w == -1 && errno == EINTR);
    if (w == -1)
        child_close_input(c);
}

void child_close_input(struct child *c)
{
    if (c->in != -1)
        (void)close(c->in);
    c->in = -1;
}

bool child_fill(struct child *c)
{
    while (c->out != -1) {
        if (buf_reserve(&c->lines, 4096, NULL) != ERR_OK) {
            buf_reset(&c->lines); /* a megabyte without a newline is nothing that we wait for */
            continue;
        }
        ssize_t n = read(c->out, c->lines.data + c->lines.len, 4096);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1 && errno == EAGAIN)
            return true;
        if (n <= 0) {
            (void)close(c->out);
            c->out = -1;
            break;
        }
        c->lines.len += (size_t)n;
        c->lines.data[c->lines.len] = '\0';
    }
    return false;
}

const char *child_line(struct child *c)
{
    char *end = c->lines.len == 0 ? NULL : memchr(c->lines.data, '\n', c->lines.len);
    if (end == NULL)
        return NULL;
    size_t len = (size_t)(end - c->lines.data);
    size_t keep = len < sizeof c->line - 1 ? len : sizeof c->line - 1;
    for (size_t i = 0; i < keep; i++)
        c->line[i] = c->lines.data[i] == '\0' ? '?' : c->lines.data[i];
    c->line[keep] = '\0';
    buf_consume(&c->lines, len + 1);
    return c->line;
}

bool child_reap(struct child *c)
{
    if (c->pid == 0 || c->exited)
        return true;
    pid_t got = waitpid(c->pid, &c->status, WNOHANG);
    if (got == c->pid || (got == -1 && errno == ECHILD))
        c->exited = true;
    return c->exited;
}

int child_exit(const struct child *c)
{
    if (!c->exited)
        return -1;
    return WIFEXITED(c->status) ? WEXITSTATUS(c->status) : 128 + WTERMSIG(c->status);
}

int64_t child_cpu_ns(const struct child *c)
{
    clockid_t clock;
    struct timespec t;
    if (c->pid == 0 || c->exited || clock_getcpuclockid(c->pid, &clock) != 0 ||
        clock_gettime(clock, &t) == -1)
        return 0;
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

void child_signal(struct child *c, int sig)
{
    if (c->pid != 0 && !c->exited)
        (void)kill(c->pid, sig);
}

void child_release(struct child *c)
{
    child_close_input(c);
    if (c->pid != 0 && !child_reap(c)) {
        child_signal(c, SIGTERM);
        int64_t deadline = clock_mono_ns() + NS_PER_S;
        while (!child_reap(c) && clock_mono_ns() < deadline)
            (void)poll(NULL, 0, 5);
        if (!c->exited) {
            child_signal(c, SIGKILL);
            (void)waitpid(c->pid, &c->status, 0);
            c->exited = true;
        }
    }
    if (c->out != -1)
        (void)close(c->out);
    c->out = -1;
    c->pid = 0;
    buf_release(&c->lines);
}
