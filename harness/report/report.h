/* report - every report of a run: a pure function of its result.
 *
 * No date of making, no host, no tool version: a stored run gives the same bytes for ever. What
 * came from the equipment or a file is escaped for the format. Ownership: each appends to out; the
 * result is only read. Errors:    stick in out (text_done).
 */
#ifndef HARNESS_REPORT_H
#define HARNESS_REPORT_H

#include <stdbool.h>

#include "harness/report/tap.h"
#include "harness/report/text.h"
#include "harness/score/result.h"

/* JUnit XML as Jenkins and GitLab read it. failure: the equipment; its type says "fail", or why
 * nothing was proved ("inconclusive", "not-exercised", "not-scorable", "not-run"), so that a green
 * pipeline means exit status 0. error: the harness. classname and name are unique and stable. A
 * case's time runs from the first to the last exchange of its reading; trials overlap, so the sum
 * over cases says nothing. With a list of expected failures applied, one that fails as listed
 * is skipped, one that passes a failure of type "unexpected-pass". */
void report_junit(const struct result *r, struct text *out);

/* One self-contained page: no network, readable without script. */
void report_html(const struct result *r, struct text *out);

/* RFC 4180, a header line, then one line per row, reading and criterion. */
void report_csv(const struct result *r, struct text *out);

/* The closing words of a run for a terminal: what did not pass first, with the packets that prove
 * it. folder names the run's folder, "" when only the result is at hand. */
void report_summary(const struct result *r, const char *folder, bool colour, struct text *out);

/* Writes report.tap, junit.xml, report.html and report.csv into the run's folder. */
enum err_code report_write_all(const struct result *r, const char *folder, struct err *e);

#endif
