/* options - what several commands take alike: the scope of a plan, where a result goes, TAP.
 *
 * A command puts OPTIONS_OF_SCOPE and OPTIONS_OF_RESULT into its table for getopt_long, numbers its
 * own options from OPTION_OWN on, and hands on to options_take whatever is not its own.
 * Ownership: borrows argv; a struct options stays where options_init found it.
 */
#ifndef HARNESS_OPTIONS_H
#define HARNESS_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "harness/plan/build.h"

#define OPTIONS_NAMES_MAX 64
#define OPTIONS_SHORT ":h"

enum {
    OPTION_HELP = 'h',
    OPTION_EUT = 256,
    OPTION_PROFILE,
    OPTION_SUITE,
    OPTION_ROW,
    OPTION_TABLE,
    OPTION_MODE,
    OPTION_TRACE,
    OPTION_ARM,
    OPTION_TRIALS_MOST,
    OPTION_OUT,
    OPTION_FORCE,
    OPTION_TAP,
    OPTION_EXPECTED,
    OPTION_LEDGER,
    OPTION_CERTIFICATION,
    OPTION_OWN,
};

/* clang-format off */
#define OPTIONS_OF_SCOPE \
    {"eut", required_argument, NULL, OPTION_EUT}, \
    {"profile", required_argument, NULL, OPTION_PROFILE}, \
    {"suite", required_argument, NULL, OPTION_SUITE}, \
    {"row", required_argument, NULL, OPTION_ROW}, \
    {"mode", required_argument, NULL, OPTION_MODE}, \
    {"trace", required_argument, NULL, OPTION_TRACE}, \
    {"table", required_argument, NULL, OPTION_TABLE}
#define OPTION_OF_BUDGET {"trials-most", required_argument, NULL, OPTION_TRIALS_MOST}
#define OPTION_TO_ARM {"arm", no_argument, NULL, OPTION_ARM}
#define OPTION_OF_CERTIFICATION {"certification", no_argument, NULL, OPTION_CERTIFICATION}
#define OPTION_OF_LEDGER {"ledger", required_argument, NULL, OPTION_LEDGER}
#define OPTIONS_OF_RESULT \
    {"out", required_argument, NULL, OPTION_OUT}, \
    {"force", no_argument, NULL, OPTION_FORCE}, \
    {"tap", required_argument, NULL, OPTION_TAP}, \
    {"expected", required_argument, NULL, OPTION_EXPECTED}
#define OPTIONS_END {"help", no_argument, NULL, OPTION_HELP}, {NULL, 0, NULL, 0}
/* clang-format on */

struct options {
    const char *command, *help;
    struct plan_options plan; /* its suite and row are the two lists here */
    const char *suite[OPTIONS_NAMES_MAX], *row[OPTIONS_NAMES_MAX];
    const char *out;
    const char *ledger; /* NULL: beside the run; "none" */
    bool force;
    int tap_form;         /* enum tap_form, -1 none */
    const char *expected; /* list of expected failures, NULL none */
};

void options_init(struct options *o, const char *command, const char *help);

/* One option as getopt_long gave it, with its optarg. -1: go on; else the exit status. */
int options_take(struct options *o, int option, char **argv);

/* -1: what else is asked goes with --certification, or that was not asked; else the exit status. */
int options_certification(const struct options *o);

/* Tells what is wrong with the call. Returns the exit status. */
int options_usage(const struct options *o, const char *problem, const char *what);

#endif
