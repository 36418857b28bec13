/* cmd_traffic - gridassay traffic: volumetrics of an interface, and its trace. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/show.h"
#include "harness/cmd/traffic_out.h"
#include "harness/traffic/trace.h"

#define TRACE_PIECE (1u << 20)
#define TRACE_SLACK (1u << 16)

static const char usage_text[] =
    "usage: gridassay traffic --profile FILE [--interface NAME | --near ACTOR --far ACTOR]\n"
    "                         [--format table|csv|json|html]\n"
    "       gridassay traffic --profile FILE --compare OTHER [--format table|csv|json]\n"
    "       gridassay traffic --profile FILE --trace FILE|- [--seed N] [--endpoints N]\n"
    "                         [--days N] [--from HH:MM] [--length SECONDS]\n"
    "What goes over an interface in both directions, by the seven steps of the specification's\n"
    "4.21: how often, how many bytes, hour by hour, per aggregator and for the deployment.\n\n"
    "  --profile FILE    the deployment; its <traffic> says what is selected, with sources\n"
    "  --interface NAME  a data flow (1D) or a network interface (MeA), in place of the profile's\n"
    "  --near ACTOR      the side that aggregates, and\n"
    "  --far ACTOR       the endpoints, in place of the profile's interface\n"
    "  --table FILE      another requirement table instead of the specification's\n"
    "  --format FORMAT   table (default), csv, json or html, a page with a picture of the hours\n"
    "  --compare OTHER   what each erratum that OTHER's values name does to FILE's totals\n"
    "  --trace FILE      the discrete-event form instead: every payload with its time, as CSV,\n"
    "                    for gridassay run --mode highload --trace and for other simulators\n"
    "  --seed N          of the trace, 1; the same seed gives the same trace on every machine\n"
    "  --endpoints N     of the trace; else those of one aggregator, or of the deployment\n"
    "  --days N          of the trace, 1\n"
    "  --from HH:MM      the trace begins there, and\n"
    "  --length SECONDS  lasts so long: a slice of the whole, with the payloads it has there\n\n"
    "Exit status: 0, also when values are missing (they are listed), 2 usage or data, 3 harness\n"
    "error, 6 the declarations contradict each other.\n";

enum format { FORMAT_TABLE = 0, FORMAT_CSV, FORMAT_JSON, FORMAT_HTML, FORMAT_COUNT };

struct wish {
    const char *profile, *table, *compare, *trace, *name, *near, *far;
    enum format format;
    struct trace_options o;
    bool help;
};

static bool take_number(uint64_t most, uint64_t *out)
{
    return num_u64(optarg, strlen(optarg), 0, most, out);
}

static bool take_clock(const char *s, int64_t *out)
{
    uint64_t h, m;
    if (strlen(s) != 5 || s[2] != ':' || !num_u64(s, 2, 0, 23, &h) || !num_u64(s + 3, 2, 0, 59, &m))
        return false;
    *out = (int64_t)(h * 3600 + m * 60) * NS_PER_S;
    return true;
}

static enum err_code take_format(struct wish *w, struct err *e)
{
    static const char *const name[FORMAT_COUNT] = {"table", "csv", "json", "html"};
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(optarg, name[i]) == 0) {
            w->format = (enum format)i;
            return ERR_OK;
        }
    return err_set(e, ERR_USAGE, "--format %s: there are table, csv, json and html", optarg);
}

static enum err_code take_option(struct wish *w, int c, struct err *e)
{
    uint64_t n = 0;
    bool good = true;
    switch (c) {
    case 'p':
        w->profile = optarg;
        break;
    case 'T':
        w->table = optarg;
        break;
    case 'i':
        w->name = optarg;
        break;
    case 'n':
        w->near = optarg;
        break;
    case 'r':
        w->far = optarg;
        break;
    case 'c':
        w->compare = optarg;
        break;
    case 't':
        w->trace = optarg;
        break;
    case 'f':
        return take_format(w, e);
    case 's':
        good = take_number(UINT64_MAX, &w->o.seed);
        break;
    case 'e':
        good = take_number(UINT32_MAX, &n) && n > 0;
        w->o.endpoints = (uint32_t)n;
        break;
    case 'd':
        good = take_number(UINT32_MAX, &n) && n > 0;
        w->o.days = (uint32_t)n;
        break;
    case 'F':
        good = take_clock(optarg, &w->o.from_ns);
        break;
    case 'l':
        good = num_fixed(optarg, strlen(optarg), NS_PER_S, &w->o.length_ns) && w->o.length_ns > 0;
        break;
    default:
        break;
    }
    return good ? ERR_OK : err_set(e, ERR_USAGE, "\"%s\" is no value for that option", optarg);
}

static enum err_code parse(int argc, char **argv, struct wish *w, struct err *e)
{
    static const struct option options[] = {{"profile", required_argument, NULL, 'p'},
                                            {"table", required_argument, NULL, 'T'},
                                            {"interface", required_argument, NULL, 'i'},
                                            {"near", required_argument, NULL, 'n'},
                                            {"far", required_argument, NULL, 'r'},
                                            {"compare", required_argument, NULL, 'c'},
                                            {"trace", required_argument, NULL, 't'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"endpoints", required_argument, NULL, 'e'},
                                            {"days", required_argument, NULL, 'd'},
                                            {"from", required_argument, NULL, 'F'},
                                            {"length", required_argument, NULL, 'l'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    enum err_code rc = ERR_OK;
    bool drawn = false;
    opterr = 0;
    optind = 0;
    for (int c; rc == ERR_OK && (c = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (c == 'h') {
            w->help = true;
            return ERR_OK;
        }
        drawn = drawn || strchr("sedFl", c) != NULL;
        rc = c == ':'   ? err_set(e, ERR_USAGE, "%s needs a value", argv[optind - 1])
             : c == '?' ? err_set(e, ERR_USAGE, "unknown flag %s", argv[optind - 1])
                        : take_option(w, c, e);
    }
    if (rc != ERR_OK)
        return rc;
    if (optind < argc)
        return err_set(e, ERR_USAGE, "unexpected argument %s", argv[optind]);
    if (w->profile == NULL)
        return err_set(e, ERR_USAGE, "--profile is missing");
    if ((w->near == NULL) != (w->far == NULL) || (w->near != NULL && w->name != NULL))
        return err_set(e, ERR_USAGE, "an interface is --interface NAME, or --near and --far");
    if (w->compare != NULL &&
        (w->trace != NULL || w->name != NULL || w->near != NULL || w->format == FORMAT_HTML))
        return err_set(e, ERR_USAGE,
                       "--compare goes with --profile, --table and --format table, csv or json");
    if (w->trace == NULL ? drawn : w->format != FORMAT_TABLE)
        return err_set(e, ERR_USAGE,
                       w->trace == NULL
                           ? "--seed, --endpoints, --days, --from and --length are of --trace"
                           : "a trace is CSV: no --format");
    return ERR_OK;
}

/* ---- the trace ---------------------------------------------------------------------------------
 */

static enum err_code write_pieces(const struct trace *t, FILE *to, struct err *e)
{
    struct buf piece;
    buf_init(&piece, TRACE_PIECE + TRACE_SLACK);
    enum err_code rc = trace_write_heading(&piece, e);
    for (size_t i = 0; i < t->n && rc == ERR_OK; i++) {
        rc = trace_write_row(t, i, &piece, e);
        if (rc == ERR_OK && piece.len >= TRACE_PIECE) {
            rc = show_bytes(&piece, to, e);
            buf_reset(&piece);
        }
    }
    if (rc == ERR_OK)
        rc = show_bytes(&piece, to, e);
    buf_release(&piece);
    return rc;
}

static enum err_code write_trace(const struct traffic *t, const struct wish *w, struct err *e)
{
    struct trace *trace = NULL;
    bool out = strcmp(w->trace, "-") == 0;
    enum err_code rc = trace_make(t, &w->o, &trace, e);
    if (rc != ERR_OK)
        return rc;
    FILE *to = out ? stdout : fopen(w->trace, "wb");
    if (to == NULL)
        rc = err_set(e, ERR_DATA, "%s cannot be written", w->trace);
    else
        rc = write_pieces(trace, to, e);
    if (to != NULL && !out && fclose(to) != 0 && rc == ERR_OK)
        rc = err_set(e, ERR_DATA, "%s was not written whole", w->trace);
    if (rc == ERR_OK && !out)
        (void)printf("%zu payloads of %u endpoints in %s\n", trace->n, trace->o.endpoints,
                     w->trace);
    trace_free(trace);
    return rc;
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static enum err_code compare(const struct table *table, const struct profile *from,
                             const struct wish *w, struct text *out, struct err *e)
{
    static void (*const write[])(struct text *, const struct effects *) = {
        effects_text, effects_csv, effects_json};
    struct profile *to = NULL;
    struct effects *x = NULL;
    enum err_code rc = profile_load(w->compare, &to, e);
    if (rc == ERR_OK)
        rc = effects_make(table, from, to, &x, e);
    if (rc == ERR_OK)
        write[w->format](out, x);
    effects_free(x);
    profile_free(to);
    return rc;
}

static enum err_code compute(const struct table *table, const struct profile *profile,
                             const struct wish *w, struct text *out, struct err *e)
{
    static void (*const write[FORMAT_COUNT])(struct text *, const struct traffic *) = {
        traffic_text, traffic_csv, traffic_json, traffic_html};
    struct profile_interface at = {NULL, NULL, w->near, w->far, {true, "command line", "", 0}};
    struct traffic_options o = {.table = table, .profile = profile};
    struct traffic *t = NULL;
    if (w->near != NULL || w->name != NULL)
        o.interface = &at;
    at.dataflow = at.name = w->name; /* whichever it is */
    enum err_code rc = traffic_make(&o, &t, e);
    if (rc == ERR_OK && w->trace != NULL)
        rc = write_trace(t, w, e);
    else if (rc == ERR_OK)
        write[w->format](out, t);
    traffic_free(t);
    return rc;
}

int cmd_traffic(int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct wish w = {.o = {.seed = 1}};
    struct table *table = NULL;
    struct profile *profile = NULL;
    struct text out;
    text_init(&out);
    enum err_code rc = parse(argc, argv, &w, &e);
    if (rc == ERR_OK && w.help) {
        text_raw(&out, usage_text);
    } else if (rc == ERR_OK) {
        rc = table_load(w.table, &table, &e);
        if (rc == ERR_OK)
            rc = profile_load(w.profile, &profile, &e);
        if (rc == ERR_OK)
            rc = w.compare != NULL ? compare(table, profile, &w, &out, &e)
                                   : compute(table, profile, &w, &out, &e);
    }
    if (rc == ERR_OK)
        rc = show_text(&out, stdout, &e);
    if (rc == ERR_USAGE)
        (void)fprintf(stderr, "gridassay traffic: %s; gridassay traffic --help lists the options\n",
                      e.text);
    else if (rc != ERR_OK)
        (void)fprintf(stderr, "gridassay traffic: %s\n", e.text);
    profile_free(profile);
    table_free(table);
    text_release(&out);
    return rc == ERR_OK ? EXIT_ALL_PASS : err_exit(rc);
}
