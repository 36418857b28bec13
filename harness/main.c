/* gridassay - the front program: picks the command. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/err.h"
#include "harness/base/version.h"
#include "harness/cmd/cmd.h"

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
} commands[] = {
    {"run", cmd_run, "drive equipment, capture, score and report"},
    {"score", cmd_score, "judge a stored run or a foreign capture"},
    {"plan", cmd_plan, "what will run, how many trials, and why a row is in or out"},
    {"rows", cmd_rows, "browse the requirement table"},
    {"statement", cmd_statement, "the equipment's statement, printed, checked or new"},
    {"paths", cmd_paths, "communication paths in all ways of writing, and their budgets"},
    {"profiles", cmd_profiles, "deployment profiles, their decisions, and what is in play"},
    {"traffic", cmd_traffic, "what goes over an interface, hour by hour, and a trace of it"},
    {"coverage", cmd_coverage, "how each row is exercised, and what can be scored"},
    {"import", cmd_import, "a requirement table of your own out of a spreadsheet"},
    {"play", cmd_play, "be the reference equipment"},
    {"calibrate", cmd_calibrate, "what the harness itself needs on this machine"},
    {"report", cmd_report, "any report of a stored run"},
    {"compare", cmd_compare, "what got better or worse between two runs"},
    {"claim", cmd_claim, "what may be claimed on the word of one or several results"},
    {"campaign", cmd_campaign, "all runs that count for a claim; starting over"},
    {"verify", cmd_verify, "whether a bundle holds: digests, signature, and scoring again"},
};

static void usage(FILE *to)
{
    (void)fputs("usage: gridassay COMMAND [ARGUMENT]...\n"
                "Conformance tests for smart-grid equipment against the OpenSG SG-Network\n"
                "requirements.\n\n",
                to);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        (void)fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].what);
    (void)fputs(
        "\ngridassay COMMAND --help tells more; gridassay --version tells the version.\n\n"
        "Exit status: 0 all rows in scope passed, 1 a row failed, 2 usage or configuration,\n"
        "3 harness error, 4 something inconclusive, not exercised or not scorable and\n"
        "nothing worse, 5 evidence does not verify, 6 the scope contradicts itself, 77 nothing\n"
        "applicable.\n",
        to);
}

int main(int argc, char **argv)
{
    (void)setlocale(LC_ALL, "C");
    (void)signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("gridassay %s\n", version_text());
        return 0;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    (void)fprintf(stderr, "gridassay: unknown command \"%s\"; gridassay --help lists them\n",
                  argv[1]);
    return EXIT_USAGE;
}
