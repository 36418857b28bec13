/* show - how the commands tell a result: on the terminal and in the run's folder.
 *
 * Errors: ERR_SYS when standard output or a file takes no more, ERR_NOMEM.
 */
#ifndef HARNESS_SHOW_H
#define HARNESS_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/report/expected.h"
#include "harness/report/report.h"
#include "harness/run/supervise.h"

/* A reader who has had enough (EPIPE) is no error. */
enum err_code show_bytes(const struct buf *b, FILE *to, struct err *e);
/* Writes what t holds and empties it. */
enum err_code show_text(struct text *t, FILE *to, struct err *e);

/* A person reads there and has not asked for plain text (NO_COLOR). */
bool show_colour(FILE *to);
/* Columns of standard output: COLUMNS, or the terminal's; 0 unlimited. */
size_t show_width(void);

/* folder/run.xml, whatever run or score just made. */
enum err_code show_result(const char *folder, struct result **out, struct err *e);
/* The list of expected failures, if one was given: path NULL leaves *out NULL. */
enum err_code show_expected(const char *path, struct expected **out, struct err *e);
/* The exit status of a result: what its rows say, or a list of expected failures of them. */
int show_status(const struct result *r);

/* All reports and the manifest (end as there), then the summary: on standard output, or where TAP
 * has that on standard error when somebody watches it. expected NULL: no list was applied. */
enum err_code show_conclusion(const struct result *r, const char *folder, const struct run_end *end,
                              const struct expected *expected, bool tap_on, struct err *e);

#endif
