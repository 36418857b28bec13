/* gridassay-play: the reference equipment as a program. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/base/num.h"
#include "harness/base/where.h"
#include "harness/play/calibrate.h"
#include "harness/play/play.h"
#include "harness/script/script.h"

#define ZONES "/usr/share/zoneinfo"
#define ZONE_MAX_BYTES (256u * 1024)

static const char usage[] =
    "usage: gridassay-play STATEMENT.xml|ACTOR [options]    be the reference equipment\n"
    "       gridassay-play --calibrate ADDRESS:PORT         be the responder without delay\n"
    "\n"
    "Plays the actors of an equipment statement as the requirement table says: answers what it is\n"
    "asked, sends what it is provoked to at its control address, passes on what is for those "
    "behind\n"
    "it, gives back what it has consumed, takes images. With an ACTOR, only the devices of that\n"
    "actor, of the statement that ships for it (fixtures/equipment). Prints one line, READY\n"
    "address:port control address:port, when it listens; ends on SIGTERM or SIGINT.\n"
    "\n"
    "  --defect NAME[=VALUE][@PAYLOAD]  be wrong in that way, also several; --defect list tells "
    "them\n"
    "  --only PAYLOAD|ROW               confine every defect to that payload\n"
    "  --reply response|request         answer in the HTTP response, or later by a request of its "
    "own\n"
    "                                   to the command's ReplyAddress (else as the statement "
    "says)\n"
    "  --seed N                         other measured values, other losses\n"
    "  --zone NAME                      time zone of the rows' windows, as Europe/Berlin (UTC)\n"
    "  --profile FILE                   a deployment's zone, and the hours of its campaigns\n"
    "  --certificate FILE --key FILE    PEM, for a statement whose address wants TLS\n"
    "  --port-file FILE                 write what READY says there too\n"
    "  --truth FILE                     write when each order came and its answer left, how large\n"
    "                                   that was, and what was lost; to measure a harness "
    "against\n"
    "\n"
    "Exit: 0 ended by a signal, 2 usage or input file, 3 cannot do its work (port in use...).\n";

struct options {
    const char *who, *calibrate, *only, *port_file, *certificate, *key, *zone, *profile, *truth;
    int reply; /* 0 as the statement says, 'a' response, 'q' request */
    uint64_t seed;
    struct defect_set defects;
    bool list;
};

static int fail(const struct err *e)
{
    (void)fprintf(stderr, "gridassay-play: %s\n", e->text);
    return err_exit(e->code);
}

static enum err_code take_option(struct options *o, int c, const char *value, struct err *e)
{
    switch (c) {
    case 'd':
        o->list = o->list || strcmp(value, "list") == 0;
        return strcmp(value, "list") == 0 ? ERR_OK : defect_parse(value, &o->defects, e);
    case 'o':
        o->only = value;
        return ERR_OK;
    case 's':
        return num_u64(value, strlen(value), 0, UINT64_MAX, &o->seed)
                   ? ERR_OK
                   : err_set(e, ERR_USAGE, "--seed %s, expected a whole number", value);
    case 'r':
        o->reply = strcmp(value, "response") == 0 ? 'a' : strcmp(value, "request") == 0 ? 'q' : 0;
        return o->reply != 0
                   ? ERR_OK
                   : err_set(e, ERR_USAGE, "--reply %s, expected response or request", value);
    case 'f':
        o->port_file = value;
        return ERR_OK;
    case 'z':
        o->zone = value;
        return ERR_OK;
    case 'p':
        o->profile = value;
        return ERR_OK;
    case 'x':
        o->certificate = value;
        return ERR_OK;
    case 'k':
        o->key = value;
        return ERR_OK;
    case 't':
        o->truth = value;
        return ERR_OK;
    case 'b':
        o->calibrate = value;
        return ERR_OK;
    }
    return ERR_USAGE;
}

/* Words of the command line into o; *help set when they ask for it. */
static enum err_code take_options(int argc, char **argv, struct options *o, bool *help,
                                  struct err *e)
{
    static const struct option longs[] = {
        {"defect", required_argument, NULL, 'd'},
        {"only", required_argument, NULL, 'o'},
        {"seed", required_argument, NULL, 's'},
        {"reply", required_argument, NULL, 'r'},
        {"zone", required_argument, NULL, 'z'},
        {"profile", required_argument, NULL, 'p'},
        {"port-file", required_argument, NULL, 'f'},
        {"calibrate", required_argument, NULL, 'b'},
        {"truth", required_argument, NULL, 't'},
        {"certificate", required_argument, NULL, 'x'},
        {"key", required_argument, NULL, 'k'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    enum err_code rc = ERR_OK;
    int c;
    opterr = 0;
    while (rc == ERR_OK && (c = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
        if (c == 'h') {
            *help = true;
            return ERR_OK;
        }
        if (c == ':')
            return err_set(e, ERR_USAGE, "%s wants a value; see --help", argv[optind - 1]);
        if (c == '?')
            return err_set(
                e, ERR_USAGE,
                "no option %s, expected --defect, --only, --reply, --seed, --zone, --profile, "
                "--certificate, "
                "--key, --port-file, --truth, --calibrate or --help",
                argv[optind - 1]);
        rc = take_option(o, c, optarg, e);
    }
    if (rc != ERR_OK || o->list)
        return rc;
    if (optind < argc)
        o->who = argv[optind++];
    if (optind < argc)
        return err_set(e, ERR_USAGE, "one statement or actor, not also \"%s\"", argv[optind]);
    if ((o->who == NULL) == (o->calibrate == NULL))
        return err_set(e, ERR_USAGE, "expected a statement, an actor or --calibrate; see --help");
    return ERR_OK;
}

static void on_signal(struct ev_loop *loop, struct ev_signal *signal, int events)
{
    (void)signal, (void)events;
    ev_break(loop, EVBREAK_ALL);
}

/* Says that it listens, then lives until it is told to end. */
static enum err_code live(struct ev_loop *loop, const char *where, const char *port_file,
                          struct err *e)
{
    char line[160];
    struct ev_signal ends[2];
    const int numbers[2] = {SIGTERM, SIGINT};
    int n = snprintf(line, sizeof line, "READY %s\n", where);
    for (int i = 0; i < 2; i++) {
        ev_signal_init(&ends[i], on_signal, numbers[i]);
        ev_signal_start(loop, &ends[i]);
    }
    if (port_file != NULL) {
        enum err_code rc = buf_write_file(port_file, line + 6, (size_t)n - 6, e);
        if (rc != ERR_OK)
            return rc;
    }
    if (fputs(line, stdout) == EOF || fflush(stdout) == EOF)
        return err_sys(e, errno, "standard output cannot be written");
    (void)ev_run(loop, 0);
    for (int i = 0; i < 2; i++)
        ev_signal_stop(loop, &ends[i]);
    return ERR_OK;
}

static enum err_code run_calibrate(struct ev_loop *loop, const struct options *o, struct err *e)
{
    char address[64], where[96];
    struct calibrate *c = NULL;
    uint64_t port;
    const char *colon = strrchr(o->calibrate, ':');
    size_t n = colon == NULL ? 0 : (size_t)(colon - o->calibrate);
    bool v6 = n > 2 && o->calibrate[0] == '[' && colon[-1] == ']';
    if (colon == NULL || n >= sizeof address || n == 0 ||
        !num_u64(colon + 1, strlen(colon + 1), 0, UINT16_MAX, &port))
        return err_set(e, ERR_USAGE, "--calibrate %s, expected ADDRESS:PORT", o->calibrate);
    (void)snprintf(address, sizeof address, "%.*s", (int)(v6 ? n - 2 : n), o->calibrate + v6);
    uint16_t real = (uint16_t)port;
    enum err_code rc = calibrate_open(loop, address, &real, &c, e);
    if (rc == ERR_OK) {
        (void)snprintf(where, sizeof where, v6 ? "[%s]:%u" : "%s:%u", address, real);
        rc = live(loop, where, o->port_file, e);
    }
    calibrate_close(c);
    return rc;
}

/* --only and the payloads behind @ must be some that the bindings know; a row gives its payload. */
static enum err_code confine(struct options *o, const struct table *table, const struct binding *b,
                             size_t n_b, struct err *e)
{
    for (int d = 0; d < DEFECT_COUNT; d++) {
        struct defect_use *u = &o->defects.use[d];
        const char *want = u->only[0] != '\0' ? u->only : o->only;
        if (!u->on || want == NULL)
            continue;
        const struct table_row *row = table_row_by_id(table, want);
        const char *payload = row != NULL ? row->payload : want;
        size_t i = 0;
        while (i < n_b && strcmp(b[i].payload, payload) != 0)
            i++;
        if (i == n_b)
            return err_set(e, ERR_USAGE, "no payload or row \"%s\" for defect %s", want,
                           defect_name((enum defect)d));
        (void)snprintf(u->only, sizeof u->only, "%s", b[i].payload);
    }
    return ERR_OK;
}

static int is_statement(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > 4 && strcmp(entry->d_name + n - 4, ".xml") == 0;
}

static bool has_actor(const struct statement *s, const char *actor)
{
    for (size_t i = 0; i < s->n_group; i++)
        if (strcmp(s->group[i].actor, actor) == 0)
            return true;
    return false;
}

/* The first of the statements that ship which has devices of the actor. */
static enum err_code find_statement(const char *actor, struct statement **out, struct err *e)
{
    char folder[4096], path[4096 + 260];
    struct dirent **entry = NULL;
    enum err_code rc = where_data("fixtures/equipment", folder, sizeof folder, e);
    int n = rc == ERR_OK ? scandir(folder, &entry, is_statement, alphasort) : 0;
    for (int i = 0; i < n; i++) {
        if (rc == ERR_OK && *out == NULL) {
            (void)snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
            rc = statement_load(path, out, e);
            if (rc == ERR_OK && !has_actor(*out, actor)) {
                statement_free(*out);
                *out = NULL;
            }
        }
        free(entry[i]);
    }
    free(entry);
    if (rc == ERR_OK && *out == NULL)
        rc = err_set(e, ERR_USAGE, "no statement in %s declares devices of actor \"%s\"", folder,
                     actor);
    return rc;
}

static enum err_code load_zone(const char *name, struct zone **out, struct err *e)
{
    char path[512];
    struct buf data;
    buf_init(&data, ZONE_MAX_BYTES);
    (void)snprintf(path, sizeof path, ZONES "/%s", name);
    enum err_code rc =
        strstr(name, "..") != NULL || strlen(name) > 200
            ? err_set(e, ERR_USAGE, "--zone %.60s, expected the name of a zone", name)
            : buf_read_file(&data, path, e);
    if (rc == ERR_OK)
        rc = zone_new(data.data, data.len, out, e);
    if (rc != ERR_OK)
        (void)err_wrap(e, "time zone");
    buf_release(&data);
    return rc;
}

static enum err_code run_play(struct ev_loop *loop, struct options *o, struct err *e)
{
    char path[4096], where[160];
    struct statement *statement = NULL;
    struct table *table = NULL;
    struct script *script = NULL;
    struct zone *zone = NULL;
    struct profile *profile = NULL;
    struct play *play = NULL;
    struct play_config config = {.defects = &o->defects,
                                 .seed = o->seed,
                                 .certificate = o->certificate,
                                 .key = o->key,
                                 .truth = o->truth};
    size_t len = strlen(o->who);
    bool file = access(o->who, F_OK) == 0 || (len > 4 && strcmp(o->who + len - 4, ".xml") == 0);
    config.actor = file ? NULL : o->who;
    enum err_code rc =
        file ? statement_load(o->who, &statement, e) : find_statement(o->who, &statement, e);
    if (rc == ERR_OK && o->zone != NULL)
        rc = load_zone(o->zone, &zone, e);
    if (rc == ERR_OK && o->profile != NULL)
        rc = profile_load(o->profile, &profile, e);
    if (rc == ERR_OK)
        rc = table_load(NULL, &table, e);
    if (rc == ERR_OK)
        rc = script_new(NULL, &script, e);
    if (rc == ERR_OK)
        rc = where_data("lua/bindings/http.lua", path, sizeof path, e);
    if (rc == ERR_OK)
        rc = bindings_load(script, path, &config.binding, &config.n_binding, e);
    if (rc == ERR_OK)
        rc = confine(o, table, config.binding, config.n_binding, e);
    if (rc == ERR_OK) {
        config.statement = statement;
        config.table = table;
        config.zone = zone != NULL || profile == NULL ? zone : profile->clock;
        config.profile = profile;
        config.reply_by_request = o->reply != 0 ? o->reply == 'q' : statement->reply_by_request;
        rc = play_open(loop, &config, &play, e);
    }
    if (rc == ERR_OK) {
        play_where(play, where, sizeof where);
        rc = live(loop, where, o->port_file, e);
    }
    enum err_code closed = play_close(play, rc == ERR_OK ? e : NULL);
    rc = rc == ERR_OK ? closed : rc;
    zone_free(zone);
    profile_free(profile);
    script_free(script);
    table_free(table);
    statement_free(statement);
    return rc;
}

/* Many connections may be open at a time. */
static void raise_file_limit(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
        r.rlim_cur = r.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &r);
    }
}

int main(int argc, char **argv)
{
    struct options o = {.who = NULL};
    struct err e = ERR_INIT;
    bool help = false;
    if (take_options(argc, argv, &o, &help, &e) != ERR_OK)
        return fail(&e);
    if (help) {
        (void)fputs(usage, stdout);
        return EXIT_ALL_PASS;
    }
    if (o.list) {
        struct buf text;
        buf_init(&text, 8192);
        if (defect_describe(&text, &e) == ERR_OK)
            (void)fputs(text.data, stdout);
        buf_release(&text);
        return e.code == ERR_OK ? EXIT_ALL_PASS : fail(&e);
    }
    raise_file_limit();
    (void)signal(SIGPIPE, SIG_IGN);
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    if (loop == NULL) {
        (void)err_set(&e, ERR_SYS, "no event loop");
        return fail(&e);
    }
    enum err_code rc = o.calibrate != NULL ? run_calibrate(loop, &o, &e) : run_play(loop, &o, &e);
    ev_loop_destroy(loop);
    return rc == ERR_OK ? EXIT_ALL_PASS : fail(&e);
}
