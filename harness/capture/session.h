/* session - one recording from READY to STOPPED: evidence file, marks, statistics, line protocol.
 *
 * Commands on standard input, a line each: "MARK n", "STOP"; its end means STOP, as do SIGINT,
 * SIGTERM and SIGHUP. Lines on standard output: "READY stamps" when an own mark was captured and is
 * on disk (stamps: whose they are and how fine), "MARKED n ts_ns" when mark n was captured at ts_ns
 * and is on disk, "STATS received dropped ifdropped" with each statistics block (dropped when
 * nobody reads), "ERROR text" for a command that is none of the above, "STOPPED frames received
 * dropped ifdropped" when the file is complete.
 * Errors:    ERR_SYS; what was captured before stays in the file.
 */
#ifndef HARNESS_SESSION_H
#define HARNESS_SESSION_H

#include "harness/base/err.h"
#include "harness/capture/live.h"
#include "harness/evidence/pcapng.h"

/* Numbers of the session's own marks; commands use those between. */
#define MARK_FIRST UINT64_C(0)
#define MARK_LAST UINT64_MAX

/* file has its one interface declared. signal_fd: of a blocked SIGINT, SIGTERM, SIGHUP. until_fd:
 * -1, or the reading end of a pipe that others hold while they send: when whoever started the
 * session dies, it goes on until they are gone too, so that nothing that they still send is lost;
 * ten seconds at most. Takes file and closes it, also on an error. */
enum err_code session_run(struct live *l, struct pcapng *file, int signal_fd, int until_fd,
                          struct err *e);

#endif
