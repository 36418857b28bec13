/* child - one of the supervisor's processes: started with pipes, spoken to by lines, ended by pid.
 *
 * A child lives in a process group of its own (Ctrl-C reaches the supervisor alone, which ends the
 * run in order) and gets SIGTERM when the supervisor dies, however it dies.
 * Ownership: child_release closes the pipes and reaps the process, ending it first if need be.
 * Errors:    ERR_SYS when the program can't be started.
 */
#ifndef HARNESS_CHILD_H
#define HARNESS_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/base/buf.h"
#include "harness/base/err.h"

struct child {
    const char *name; /* "capture", for messages; borrowed */
    pid_t pid;        /* 0: none */
    int in, out;      /* our ends of its standard input and output, -1 closed */
    struct buf lines; /* what it printed and was not read yet */
    char line[1024];  /* the line given last; a longer one is cut */
    bool exited;
    int status; /* wait status once exited */
};

/* argv[0] is a sibling program's name (base/where.h). Its standard error is ours. */
enum err_code child_start(struct child *c, const char *name, const char *const *argv,
                          struct err *e);
/* Sends a line (the newline is added). A child that has gone is no error here. */
void child_tell(struct child *c, const char *line);
void child_close_input(struct child *c);
/* Takes what its output holds now; never blocks. False at its end. */
bool child_fill(struct child *c);
/* The next whole line of what was taken, without newline, valid until the next call; NULL: none. */
const char *child_line(struct child *c);
/* Reaps if it has ended; true then. */
bool child_reap(struct child *c);
/* Exit status, or 128 + signal; -1 while running. */
int child_exit(const struct child *c);
/* The processor time that it has had; 0 once it has ended. */
int64_t child_cpu_ns(const struct child *c);
void child_signal(struct child *c, int sig);
/* SIGTERM, a second's patience, SIGKILL; closes all. */
void child_release(struct child *c);

#endif
