#include "harness/cmd/options.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/num.h"
#include "harness/report/report.h"

void options_init(struct options *o, const char *command, const char *help)
{
    *o = (struct options){.command = command, .help = help, .tap_form = TAP_NESTED};
    o->plan.suite = o->suite;
    o->plan.row = o->row;
    opterr = 0;
}

int options_usage(const struct options *o, const char *problem, const char *what)
{
    (void)fprintf(stderr, "gridassay %s: %s %s; gridassay %s --help lists the options\n",
                  o->command, problem, what, o->command);
    return EXIT_USAGE;
}

int options_certification(const struct options *o)
{
    const struct plan_options *p = &o->plan;
    const char *what = p->n_suite > 0                                        ? "--suite"
                       : p->n_row > 0                                        ? "--row"
                       : p->pap02 != NULL                                    ? "--mode"
                       : p->trials_most > 0                                  ? "--trials-most"
                       : o->expected != NULL                                 ? "--expected"
                       : o->ledger != NULL && strcmp(o->ledger, "none") == 0 ? "--ledger none"
                                                                             : NULL;
    return !p->certification || what == NULL
               ? -1
               : options_usage(o, "a certification takes the whole profile and counts: not with",
                               what);
}

static int take_name(const struct options *o, const char *option, const char **list, size_t *n)
{
    if (*n == OPTIONS_NAMES_MAX)
        return options_usage(o, "more than 64 times", option);
    list[(*n)++] = optarg;
    return -1;
}

int options_take(struct options *o, int option, char **argv)
{
    switch (option) {
    case OPTION_EUT:
        o->plan.statement = optarg;
        return -1;
    case OPTION_PROFILE:
        o->plan.profile = optarg;
        return -1;
    case OPTION_SUITE:
        return take_name(o, "--suite", o->suite, &o->plan.n_suite);
    case OPTION_ROW:
        return take_name(o, "--row", o->row, &o->plan.n_row);
    case OPTION_TABLE:
        o->plan.table = optarg;
        return -1;
    case OPTION_MODE:
        o->plan.pap02 = optarg;
        if (strcmp(optarg, "baseload") != 0 && strcmp(optarg, "highload") != 0)
            return options_usage(o, "--mode takes baseload or highload, not", optarg);
        return -1;
    case OPTION_TRACE:
        o->plan.trace = optarg;
        return -1;
    case OPTION_ARM:
        o->plan.arm = true;
        return -1;
    case OPTION_TRIALS_MOST: {
        int64_t n = 0;
        if (!num_i64(optarg, strlen(optarg), 1, RULE_MOST_TRIALS, &n))
            return options_usage(o, "--trials-most takes a number from 1 to 10000000, not", optarg);
        o->plan.trials_most = (uint32_t)n;
        return -1;
    }
    case OPTION_OUT:
        o->out = optarg;
        return -1;
    case OPTION_FORCE:
        o->force = true;
        return -1;
    case OPTION_TAP:
        o->tap_form = strcmp(optarg, "none") == 0 ? -1 : tap_form_by_name(optarg);
        if (o->tap_form == -1 && strcmp(optarg, "none") != 0)
            return options_usage(o, "--tap takes 13, 14, flat or none, not", optarg);
        return -1;
    case OPTION_EXPECTED:
        o->expected = optarg;
        return -1;
    case OPTION_LEDGER:
        o->ledger = optarg;
        return -1;
    case OPTION_CERTIFICATION:
        o->plan.certification = true;
        return -1;
    case OPTION_HELP:
        (void)fputs(o->help, stdout);
        return EXIT_ALL_PASS;
    case ':':
        return options_usage(o, "an argument is missing behind", argv[optind - 1]);
    default:
        return options_usage(o, "unknown option", argv[optind - 1]);
    }
}
