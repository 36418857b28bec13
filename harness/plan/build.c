#include "harness/plan/build.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "harness/base/clock.h"
#include "harness/base/sha256.h"
#include "harness/base/where.h"
#include "harness/plan/build_parts.h"

#define PATHS_FILE "fixtures/requirements/communication-paths.xml"
#define TABLE_FILE "fixtures/requirements/sg-network-5.1.xml"
#define BINDINGS_FILE "lua/bindings/http.lua"

static void load(struct build *b, char *bindings, size_t size)
{
    char home[PATH_MAX];
    b->rc = where_data("", home, sizeof home, b->e);
    b->home = build_copy(b, home);
    if (b->rc == ERR_OK)
        b->rc = profile_load(b->o->profile, &b->profile, b->e);
    if (b->rc == ERR_OK)
        b->rc = statement_load(b->o->statement, &b->statement, b->e);
    if (b->rc == ERR_OK)
        b->rc = table_load(b->o->table, &b->table, b->e);
    if (b->rc == ERR_OK)
        b->rc = script_new(NULL, &b->script, b->e);
    if (b->rc == ERR_OK)
        b->rc = where_data(BINDINGS_FILE, bindings, size, b->e);
}

/* Bindings belong to the script, the plan outlives it. */
static void copy_bindings(struct build *b, const char *path)
{
    const struct binding *from = NULL;
    size_t n = 0;
    if (b->rc == ERR_OK)
        b->rc = bindings_load(b->script, path, &from, &n, b->e);
    struct binding *to = build_room(b, n * sizeof *to);
    for (size_t i = 0; i < n && b->rc == ERR_OK; i++) {
        to[i] = from[i];
        to[i].payload = build_copy(b, from[i].payload);
        to[i].element = build_copy(b, from[i].element);
        to[i].verb = build_copy(b, from[i].verb);
        to[i].noun = build_copy(b, from[i].noun);
        for (size_t k = 0; k < from[i].n_reply_to; k++)
            to[i].replies_to[k] = build_copy(b, from[i].replies_to[k]);
        to[i].reply_to = from[i].n_reply_to == 0 ? NULL : to[i].replies_to[0];
        for (size_t f = 0; f < from[i].n_field; f++) {
            to[i].field[f].name = build_copy(b, from[i].field[f].name);
            to[i].field[f].path = build_copy(b, from[i].field[f].path);
        }
    }
    b->plan->binding = to;
    b->plan->n_binding = b->rc == ERR_OK ? n : 0;
}

static void identity(struct build *b)
{
    struct plan *p = b->plan;
    const struct statement *s = b->statement;
    const struct profile *f = b->profile;
    const char *actors = "";
    p->vendor = build_copy(b, s->vendor);
    p->model = build_copy(b, s->model);
    p->hardware = build_copy(b, s->hardware);
    p->firmware = build_copy(b, s->firmware);
    p->firmware_digest = build_copy(b, s->firmware_digest);
    for (size_t i = 0; i < s->n_group; i++)
        if (strstr(actors, s->group[i].actor) == NULL)
            actors = build_text(b, "%s%s%s", actors, i == 0 ? "" : ", ", s->group[i].actor);
    p->eut_actors = actors;
    p->profile_name = build_copy(b, f->name);
    p->profile_label = build_copy(b, f->label);
    p->claimable = f->label[0] == '\0';
}

static void rules(struct build *b)
{
    static const enum rule_kind kinds[PROFILE_RULE_COUNT] = {
        [PROFILE_RULE_SEQUENTIAL] = RULE_SEQUENTIAL,
        [PROFILE_RULE_FIXED] = RULE_FIXED,
        [PROFILE_RULE_SHORT] = RULE_SHORT,
    };
    struct plan *p = b->plan;
    const struct profile *f = b->profile;
    const struct statement *s = b->statement;
    void *tzif = build_room(b, f->tzif_len);
    if (tzif == NULL)
        return;
    p->tzif = memcpy(tzif, f->tzif, f->tzif_len);
    p->tzif_len = f->tzif_len;
    p->zone = build_copy(b, f->zone);
    p->confidence_ppm = f->confidence_ppm;
    p->risks = (struct plan_risks){.kind = kinds[f->rule],
                                   .consumer_ppm = f->consumer_ppm,
                                   .producer_ppm = f->producer_ppm,
                                   .producer_own_ppm = f->producer_ppm,
                                   .discrimination_milli = f->discrimination_milli,
                                   .clustering_ppm = f->clustering_ppm,
                                   .spread = f->spread_producer};
    p->laboratory = (struct plan_laboratory){
        build_copy(b, f->lab.name),          build_copy(b, f->lab.address),
        build_copy(b, f->lab.accreditation), build_copy(b, f->lab.authorised_by),
        build_copy(b, f->lab.customer),      build_copy(b, f->lab.clock)};
    p->campaign = (struct plan_campaign){"", "", 0, 0};
    p->uncertainty_ns = f->uncertainty_ns;
    p->linger_ns = f->linger_ns;
    p->time_shift_ns = profile_time_shift_ns(f, clock_real_ns());
    p->window_strict = f->window_strict;
    p->time_factor = f->clock_factor;
    p->pap02 = b->o->pap02 == NULL ? "" : b->o->pap02;
    p->pace_per_s = f->pace_per_s;
    p->overlap_max = f->overlap_max;
    p->interface = build_copy(b, f->interface);
    p->connection_per_exchange = s->connection_per_exchange;
    p->reply_mode = s->reply_by_request ? "request" : "response";
    p->tls_ca = build_copy(b, s->tls_ca);
    p->tls_certificate = build_copy(b, s->tls_certificate);
    p->tls_key = build_copy(b, s->tls_key);
}

static void stimuli(struct build *b)
{
    const struct statement *s = b->statement;
    struct plan_stimulus *m = build_room(b, s->n_stimulus * sizeof *m);
    for (size_t i = 0; i < s->n_stimulus && b->rc == ERR_OK; i++) {
        const struct statement_stimulus *f = &s->stimulus[i];
        const struct statement_credential *c =
            f->credential == NULL ? NULL : statement_credential_by_name(s, f->credential);
        m[i] = (struct plan_stimulus){.name = build_copy(b, f->name),
                                      .method = build_copy(b, f->method),
                                      .url = build_copy(b, f->url),
                                      .secret_file = c == NULL ? NULL : build_copy(b, c->path),
                                      .secret_env = c == NULL ? NULL : build_copy(b, c->env)};
    }
    b->plan->stimulus = m;
    b->plan->n_stimulus = s->n_stimulus;
}

static void add_source(struct build *b, struct plan_source *to, const char *kind, const char *path)
{
    char digest[SHA256_HEX_BYTES];
    if (b->rc == ERR_OK)
        b->rc = sha256_file(path, digest, b->e);
    if (b->rc == ERR_OK)
        *to = (struct plan_source){kind, build_relative(b, path), build_copy(b, digest)};
}

/* Every file that had a say. */
static void sources(struct build *b, const char *bindings)
{
    char table[PATH_MAX], paths[PATH_MAX], pattern[PATH_MAX];
    glob_t lua = {0};
    (void)snprintf(table, sizeof table, "%s%s", b->home, TABLE_FILE);
    (void)snprintf(paths, sizeof paths, "%s%s", b->home, PATHS_FILE);
    (void)snprintf(pattern, sizeof pattern, "%slua/*.lua", b->home);
    (void)glob(pattern, 0, NULL, &lua);
    (void)snprintf(pattern, sizeof pattern, "%slua/bindings/*/*.lua", b->home);
    (void)glob(pattern, GLOB_APPEND, NULL, &lua);
    (void)snprintf(pattern, sizeof pattern, "%slua/bindings/make.lua", b->home);
    (void)glob(pattern, GLOB_APPEND, NULL, &lua);
    size_t n_lua = lua.gl_pathc, n = 0;
    struct plan_source *s =
        build_room(b, (7 + n_lua + b->plan->n_image + b->plan->n_scenario) * sizeof *s);
    if (s != NULL) {
        add_source(b, &s[n++], "table", b->o->table == NULL ? table : b->o->table);
        add_source(b, &s[n++], "profile", b->o->profile);
        add_source(b, &s[n++], "statement", b->o->statement);
        add_source(b, &s[n++], "bindings", bindings);
        if (b->plan->trace.path != NULL)
            s[n++] = (struct plan_source){"trace", build_relative(b, b->plan->trace.path),
                                          b->plan->trace.digest};
        if (b->by_flows)
            add_source(b, &s[n++], "paths", paths);
        if (b->book != NULL)
            add_source(b, &s[n++], "deployment profiles", b->book->path);
        for (size_t i = 0; i < n_lua; i++)
            add_source(b, &s[n++], "library", lua.gl_pathv[i]);
        for (size_t i = 0; i < b->plan->n_image; i++)
            s[n++] = (struct plan_source){"image", build_relative(b, b->plan->image[i].path),
                                          b->plan->image[i].digest};
        for (size_t i = 0; i < b->plan->n_scenario; i++)
            s[n++] = (struct plan_source){"scenario", b->plan->scenario[i].file,
                                          b->plan->scenario[i].digest};
    }
    globfree(&lua);
    b->plan->source = s;
    b->plan->n_source = n;
}

static void nonce(struct build *b)
{
    uint32_t random = 0;
    if (b->o->nonce != NULL) {
        if (strlen(b->o->nonce) != 8 || strspn(b->o->nonce, "0123456789abcdef") != 8)
            build_fault(b, ERR_USAGE, "nonce \"%s\", expected 8 lower-case hex digits",
                        b->o->nonce);
        b->plan->nonce = build_copy(b, b->o->nonce);
        return;
    }
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        b->rc = err_sys(b->e, errno, "no random number for the plan's nonce");
    b->plan->nonce = build_text(b, "%08x", random);
}

static void make(struct build *b)
{
    char bindings[PATH_MAX] = "";
    void (*const step[])(struct build *) = {
        build_check_statement,
        build_answers,
        build_check_profile,
        build_deployment,
        build_deployment_ways,
        build_ways,
        identity,
        rules,
        build_optional,
        build_rows,
        build_select,
        build_scenarios,
        build_idle,
        build_cases,
        build_roles,
        build_unclaimed_limits,
        build_proofs,
        build_variants,
        build_rules,
        build_duties,
        build_images,
        build_emit,
        build_register,
        build_endpoints,
        stimuli,
        nonce,
        build_background,
        build_cover,
        build_prerequisites,
        build_quantities,
        build_claim_limits,
        build_between,
        build_method,
        build_certify,
    };
    load(b, bindings, sizeof bindings);
    copy_bindings(b, bindings);
    for (size_t i = 0; i < sizeof step / sizeof step[0] && b->rc == ERR_OK; i++)
        step[i](b);
    if (b->rc == ERR_OK)
        sources(b, bindings);
}

enum err_code plan_build(const struct plan_options *o, struct plan **out, struct err *e)
{
    *out = NULL;
    struct plan *p = calloc(1, sizeof *p);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the plan");
    struct build b = {.o = o, .e = e, .plan = p, .arena = &p->arena};
    make(&b);
    table_free(b.table);
    table_free(b.document);
    profile_free(b.profile);
    items_free(b.items);
    statement_free(b.statement);
    deployment_book_free(b.book);
    script_free(b.script);
    if (b.rc == ERR_OK)
        *out = p;
    else
        plan_free(p);
    return b.rc;
}
