/* t_claim - a whole claim is one thing; whatever is taken from it leaves a part or none. */
#include <stdlib.h>
#include <unistd.h>

#include "harness/score/claim_join.h"
#include "tests/tap.h"

#define METER "2-Way Meter - Electr"
#define HEAD_END "AMI Head-End(j)"

/* All that a result needs for a whole claim; each test spoils one thing of it. */
struct sample {
    struct result r;
    struct result_row row[3];
    struct result_variant v[2];
    struct result_population population[2];
    struct method_quantity quantity[1];
    struct method_prerequisite needs[2];
    struct method_limit limit[1];
    struct method_way way[1];
    struct result_source source[2];
};

static void make(struct sample *s)
{
    memset(s, 0, sizeof *s);
    for (int i = 0; i < 2; i++) {
        s->v[i].leg = s->v[i].mode = s->v[i].device_class = s->v[i].note = s->v[i].earlier = "";
        s->v[i].from = s->v[i].to = s->v[i].interpretations = s->v[i].unit = s->v[i].role = "";
        s->v[i].span = "end to end";
        s->v[i].measured = "tap lo: from the command's first byte";
        s->v[i].verdict = VERDICT_PASS;
        s->v[i].endpoints = 100;
        s->v[i].share_ppm = 1000000;
        for (int k = 0; k < CRITERION_COUNT; k++) {
            s->v[i].criterion[k].kind = (enum criterion_kind)k;
            s->v[i].criterion[k].reason = k == 0 ? "7 late" : "";
        }
    }
    for (int i = 0; i < 3; i++)
        s->row[i] = (struct result_row){.id = i == 0   ? "4.10.4.1/read_cmd"
                                              : i == 1 ? "4.10.4.1/read_data"
                                                       : "4.10.4.5/bulk",
                                        .section = "4.10.4.1",
                                        .payload = "p",
                                        .type = "cmd",
                                        .use_case = "Meter Reading",
                                        .role = "to the equipment",
                                        .reason = i == 2 ? "none of its ends is an actor" : "",
                                        .operation = "",
                                        .lacks = "",
                                        .concerns = i < 2,
                                        .verdict = i < 2 ? VERDICT_PASS : VERDICT_NONE,
                                        .status = i < 2 ? NO_VERDICT_GIVEN : NOT_APPLICABLE,
                                        .variant = i < 2 ? &s->v[i] : NULL,
                                        .n_variant = i < 2 ? 1 : 0};
    s->population[0] = (struct result_population){METER, "", true, true, 600, 250};
    s->population[1] = (struct result_population){"MDMS", "", false, false, 1, 0};
    s->quantity[0] = (struct method_quantity){METER, "", 200, 600, "rollout plan"};
    s->needs[0] = (struct method_prerequisite){"Meter Reading", "PrePay", true};
    s->needs[1] = (struct method_prerequisite){"PrePay", "", true};
    s->limit[0] = (struct method_limit){"selection", "only some rows were driven (--row x)"};
    s->way[0] = (struct method_way){"Meter Reading", "*", "", HEAD_END};
    s->source[0] = (struct result_source){"profile", "p.xml", "aaaa"};
    s->source[1] = (struct result_source){"table", "t.xml", "bbbb"};
    s->r = (struct result){.plan_digest = "c0ffee",
                           .nonce = "00000001",
                           .profile_name = "demo",
                           .profile_label = "",
                           .claimable = true,
                           .vendor = "V",
                           .model = "M",
                           .hardware = "A",
                           .firmware = "1.0",
                           .firmware_digest = "f00d",
                           .eut_actors = METER,
                           .method = {.tool = "0.1.0+abc",
                                      .table = "T",
                                      .table_edition = "5.1",
                                      .deployment = "",
                                      .actors = METER ", MDMS",
                                      .way = s->way,
                                      .n_way = 1,
                                      .quantity = s->quantity,
                                      .n_quantity = 1,
                                      .prerequisite = s->needs,
                                      .n_prerequisite = 2,
                                      .limit = s->limit},
                           .source = s->source,
                           .n_source = 2,
                           .zone = "UTC",
                           .interface = "lo",
                           .filter = "",
                           .driven = true,
                           .complete = true,
                           .ended = "complete",
                           .uncertainty_from = "",
                           .rule = "sequential",
                           .connections = "",
                           .laboratory = "",
                           .laboratory_address = "",
                           .accreditation = "",
                           .authorised_by = "",
                           .customer = "",
                           .clock_traced = "",
                           .campaign = "0123456789abcdef",
                           .ledger_head = "beef",
                           .submission = 1,
                           .generation = 1,
                           .population = s->population,
                           .n_population = 2,
                           .row = s->row,
                           .n_row = 3};
}

static enum claim_kind kind_of(const struct result *r, char *text, size_t size)
{
    struct claim c;
    if (claim_make(r, &c, NULL) != ERR_OK)
        return CLAIM_KIND_COUNT;
    enum claim_kind kind = c.kind;
    (void)snprintf(text, size, "%s", c.wording);
    claim_release(&c);
    return kind;
}

static void whole(void)
{
    struct sample s;
    struct claim c;
    make(&s);
    ok(claim_make(&s.r, &c, NULL) == ERR_OK && c.kind == CLAIM_WHOLE, "all passed, nothing lacks");
    is_str(c.wording,
           "As actor " METER ", at tap lo with span end to end, for 200 endpoints (200 " METER
           "), V M, hardware A, firmware 1.0 (SHA-256 f00d...) satisfies the SG-Network "
           "requirements of profile \"demo\".",
           "the wording names actors, taps, spans, endpoints, equipment and profile");
    is_int(c.n_row, 2, "a row that is none of the equipment's has no part");
    is_int(c.row[0].endpoints, 100, "each row tells for how many endpoints it was shown");
    claim_release(&c);
    char text[2000];
    s.r.time_shift_ns = INT64_C(3600000000000);
    ok(kind_of(&s.r, text, sizeof text) == CLAIM_WHOLE && strstr(text, "shifted by 60 min") != NULL,
       "a declared time shift is a condition that the wording tells");
    make(&s);
    s.r.generation = 3;
    ok(kind_of(&s.r, text, sizeof text) == CLAIM_WHOLE &&
           strstr(text, "started over 2 times, signed") != NULL,
       "and so is starting over");
    make(&s);
    s.r.submission = 3;
    s.r.earlier_runs = 2;
    is_int(kind_of(&s.r, text, sizeof text), CLAIM_WHOLE,
           "a later submission that holds all before it is as good");
    make(&s);
    static const struct method_value own[] = {
        {METHOD_OWN_TABLE, "*", "own.xml", "9 rows", "command line"}};
    s.r.method.value = own;
    s.r.method.n_value = 1;
    s.r.method.table = "Requirements of the north";
    s.r.method.table_edition = "2026";
    ok(kind_of(&s.r, text, sizeof text) == CLAIM_WHOLE &&
           strstr(text, "the SG-Network requirements") == NULL &&
           strstr(text, "a table of the lab's own, not the SG-Network's") != NULL &&
           strstr(
               text,
               "own table is \"Requirements of the north\", edition 2026 (own.xml, SHA-256 bbbb") !=
               NULL,
       "requirements of another table are called so");
    make(&s);
    s.population[0].equipment = false;
    ok(kind_of(&s.r, text, sizeof text) == CLAIM_WHOLE &&
           strstr(text, "200 " METER ", played by the harness") != NULL,
       "a played population is called so");
}

/* ---- what spoils it ----------------------------------------------------------------------------
 */

static void label(struct sample *s)
{
    s->r.claimable = false;
    s->r.profile_label = "overlaid";
}
static void no_ledger(struct sample *s)
{
    s->r.campaign = "";
}
static void foreign(struct sample *s)
{
    s->r.driven = s->r.claimable = false;
}
static void interrupted(struct sample *s)
{
    s->r.complete = false;
    s->r.ended = "interrupted: by a signal";
}
static void submission(struct sample *s)
{
    s->r.submission = 2;
}
static void selection(struct sample *s)
{
    s->r.method.n_limit = 1;
}
static void prerequisite(struct sample *s)
{
    s->needs[0].in_scope = false;
}
static void no_method(struct sample *s)
{
    s->r.method = (struct method){
        .tool = "", .table = "", .table_edition = "", .deployment = "", .actors = ""};
}
static void no_prerequisites(struct sample *s)
{
    s->r.method.n_prerequisite = 0;
}
static void few_endpoints(struct sample *s)
{
    s->population[0].reached = 199;
}
static void endpoints_only_declared(struct sample *s)
{
    s->population[0].reached = 0; /* the statement says 600 */
}
static void many_of_a_peer(struct sample *s)
{
    s->quantity[0] = (struct method_quantity){"MDMS", "", 2, 2, "plan"};
    s->population[1].devices = 2; /* no trial is about them: one was at the other end */
}
static void failed(struct sample *s)
{
    s->row[0].verdict = VERDICT_FAIL;
    s->v[0].criterion[0].verdict = VERDICT_FAIL;
}
static void inconclusive(struct sample *s)
{
    s->row[1].verdict = VERDICT_INCONCLUSIVE;
}
static void error(struct sample *s)
{
    s->row[1].verdict = VERDICT_ERROR;
}
static void failed_elsewhere(struct sample *s)
{
    s->row[2].verdict = VERDICT_FAIL;
}
static void not_exercised(struct sample *s)
{
    s->row[1].verdict = VERDICT_NONE;
    s->row[1].status = NOT_EXERCISED;
}
static void not_scorable(struct sample *s)
{
    s->row[1].verdict = VERDICT_NONE;
    s->row[1].status = NOT_SCORABLE;
}
static void not_judged(struct sample *s)
{
    s->row[1].verdict = VERDICT_NONE;
    s->row[1].status = INFORMATION;
}
static void not_run(struct sample *s)
{
    s->row[1].verdict = VERDICT_NONE;
    s->row[1].status = NOT_APPLICABLE; /* as rows without a reading are told */
    s->row[1].n_variant = 0;
    s->row[1].reason = s->row[1].lacks = "the statement gives no peer for the other end";
}
static void silently_out(struct sample *s)
{
    s->row[1].verdict = VERDICT_NONE;
    s->row[1].status = NOT_APPLICABLE;
}
static void in_part(struct sample *s)
{
    s->row[1].lacks = "the statement gives no peer \"CIS/Billing - REPi\"";
}
static void contradicted(struct sample *s)
{
    static const struct result_contradiction c = {"firmware", "", "it says firmware 2.0", 3, 7};
    s->r.contradiction = &c;
    s->r.n_contradiction = 1;
}
static void nothing_passed(struct sample *s)
{
    failed(s);
    s->row[1].verdict = VERDICT_FAIL;
}

static void spoilt(void)
{
    static const struct {
        void (*spoil)(struct sample *s);
        enum claim_kind kind;
        const char *says, *title;
    } way[] = {
        {label, CLAIM_NONE, "no claim can be made: overlaid", "a label"},
        {no_ledger, CLAIM_PARTIAL, "no campaign's ledger", "no ledger"},
        {foreign, CLAIM_NONE, "without a journal", "an imported capture"},
        {interrupted, CLAIM_PARTIAL, "by a signal", "an interrupted run"},
        {submission, CLAIM_PARTIAL, "submission 2", "a run after others, without them"},
        {selection, CLAIM_PARTIAL, "--row x", "what the plan says against it"},
        {prerequisite, CLAIM_PARTIAL, "cannot do without", "a prerequisite out of scope"},
        {no_method, CLAIM_PARTIAL, "does not say how", "a result without its method"},
        {no_prerequisites, CLAIM_PARTIAL, "which use cases", "a result without a closure"},
        {few_endpoints, CLAIM_PARTIAL, "exchanges reached 199", "an endpoint less"},
        {endpoints_only_declared, CLAIM_PARTIAL, "exchanges reached 0",
         "endpoints that the statement only declares"},
        {many_of_a_peer, CLAIM_PARTIAL, "exchanges reached 1", "peers that no trial is about"},
        {failed, CLAIM_PARTIAL, "1 failed", "a failed row"},
        {inconclusive, CLAIM_PARTIAL, "1 inconclusive", "an inconclusive row"},
        {error, CLAIM_PARTIAL, "1 error", "an error of the harness"},
        {failed_elsewhere, CLAIM_PARTIAL, "1 failed",
         "a fail of a row that is said to be nobody's"},
        {not_exercised, CLAIM_PARTIAL, "1 not exercised", "a row that saw no exchange"},
        {not_scorable, CLAIM_PARTIAL, "1 not scorable", "a row without its value"},
        {not_judged, CLAIM_PARTIAL, "1 not scorable", "a row that is only measured"},
        {not_run, CLAIM_PARTIAL, "1 not run", "a row whose peers the statement leaves out"},
        {silently_out, CLAIM_PARTIAL, "1 not scorable", "a row that nothing is judged of"},
        {in_part, CLAIM_PARTIAL, "1 passed in part", "a reading that was not driven"},
        {contradicted, CLAIM_PARTIAL, "it says firmware 2.0", "what the capture shows otherwise"},
        {nothing_passed, CLAIM_NONE, "2 failed", "nothing that passed"},
    };
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
        struct sample s;
        char text[3000] = "";
        make(&s);
        way[i].spoil(&s);
        is_int(kind_of(&s.r, text, sizeof text), way[i].kind, "%s leaves %s", way[i].title,
               way[i].kind == CLAIM_NONE ? "none" : "a part");
        ok(strstr(text, way[i].says) != NULL && strstr(text, "satisfies the SG") == NULL,
           "and the wording tells it: %s", way[i].says);
        if (strstr(text, way[i].says) == NULL)
            printf("# %s\n", text);
    }
    /* What a profile relaxes comes as a limit of the method, whatever its kind. */
    static const char *const kind[] = {"overlay",  "interpretation", "policy", "risks",   "profile",
                                       "quantity", "statement",      "path",   "anything"};
    for (size_t i = 0; i < sizeof kind / sizeof kind[0]; i++) {
        struct sample s;
        char text[3000];
        make(&s);
        s.limit[0] = (struct method_limit){kind[i], "so"};
        s.r.method.n_limit = 1;
        is_int(kind_of(&s.r, text, sizeof text), CLAIM_PARTIAL, "a limit of kind %s leaves a part",
               kind[i]);
    }
}

/* ---- files -------------------------------------------------------------------------------------
 */

static const char *fault_of(const char *path, const char *from, const char *to)
{
    static char text[sizeof((struct err *)0)->text];
    struct err e = ERR_INIT;
    struct buf all;
    struct result *r = NULL;
    text[0] = '\0';
    buf_init(&all, 1u << 20);
    if (buf_read_file(&all, path, &e) != ERR_OK)
        return "no file";
    char *at = memmem(all.data, all.len, from, strlen(from));
    size_t before = at == NULL ? 0 : (size_t)(at - (char *)all.data);
    struct buf changed;
    buf_init(&changed, 1u << 20);
    if (at != NULL && buf_append(&changed, all.data, before, &e) == ERR_OK &&
        buf_append(&changed, to, strlen(to), &e) == ERR_OK &&
        buf_append(&changed, at + strlen(from), all.len - before - strlen(from), &e) == ERR_OK &&
        buf_write_file(path, changed.data, changed.len, &e) == ERR_OK)
        (void)snprintf(text, sizeof text, "%s",
                       result_read(path, &r, &e) == ERR_OK ? "read" : e.text);
    result_free(r);
    (void)buf_write_file(path, all.data, all.len, NULL);
    buf_release(&all);
    buf_release(&changed);
    return text;
}

static void files(void)
{
    struct sample s;
    struct err e = ERR_INIT;
    char path[] = "/tmp/t_claim.XXXXXX";
    int fd = mkstemp(path);
    make(&s);
    s.row[1].verdict = VERDICT_FAIL;
    ok(fd != -1 && result_write(&s.r, path, &e) == ERR_OK, "a partial claim is written (%s)",
       e.text);
    const char *t = fault_of(path, " says=\"partial\"", " says=\"whole\"");
    ok(strstr(t, "expected \"partial\"") != NULL, "nobody makes it whole in the file: %s", t);
    t = fault_of(path, "wording=\"Partial claim: as", "wording=\"As");
    ok(strstr(t, "does not follow") != NULL, "nor in its words");
    t = fault_of(path, "is=\"failed\"", "is=\"covered\"");
    ok(strstr(t, "does not follow") != NULL, "nor in its parts");
    t = fault_of(path, "lacks=\"\"", "");
    ok(strstr(t, "follow") != NULL, "nor by calling a row none of its concern: %s", t);
    t = fault_of(path, "reached=\"250\"", "reached=\"150\"");
    ok(strstr(t, "does not follow") != NULL, "and what was reached stands behind it");
    is_str(fault_of(path, "nonce=\"00000001\"", "nonce=\"00000002\""), "read",
           "another name is fine");
    if (fd != -1)
        (void)close(fd);
    (void)unlink(path);
}

/* ---- several results ---------------------------------------------------------------------------
 */

static struct claim_source source_of(const struct sample *s, const char *path)
{
    struct claim_source c = {.result = &s->r, .path = path};
    (void)snprintf(c.digest, sizeof c.digest, "%s%060d", s->r.nonce, 0);
    return c;
}

/* Meter, MDMS and head-end, with shares that add up to a whole. */
static void make_three(struct sample s[3])
{
    static const char *const actor[] = {METER, "MDMS", HEAD_END}, *const nonce[] = {"1", "2", "3"};
    static const int64_t share[] = {500000, 300000, 200000};
    for (int i = 0; i < 3; i++) {
        make(&s[i]);
        s[i].r.eut_actors = actor[i];
        s[i].r.nonce = nonce[i];
        s[i].r.model = actor[i];
        s[i].r.firmware_digest = nonce[i];
        s[i].v[0].share_ppm = s[i].v[1].share_ppm = share[i];
    }
}

static enum err_code join(struct sample *s, size_t n, struct claim_joined *out,
                          struct claim_source *c, struct err *e)
{
    static const char *const path[] = {"a", "b", "c"};
    for (size_t i = 0; i < n; i++)
        c[i] = source_of(&s[i], path[i]);
    return claim_join(c, n, out, e);
}

static void joined(void)
{
    struct sample s[3];
    struct claim_source c[3];
    struct claim_joined j;
    struct err e = ERR_INIT;
    make_three(s);
    ok(join(s, 3, &j, c, &e) == ERR_OK && j.kind == CLAIM_WHOLE && j.system,
       "all actors, also those in between: no \"as actor\" is left");
    ok(strncmp(j.wording, "At tap lo", 9) == 0 && strstr(j.wording, "satisfy together") != NULL &&
           strstr(j.wording, "run 2 (result SHA-256 2000") != NULL,
       "and the wording binds each run by its digests");
    printf("# %s\n", j.wording);
    claim_join_release(&j, c, 3);
    ok(join(s, 2, &j, c, &e) == ERR_OK && j.kind == CLAIM_WHOLE && !j.system &&
           strstr(j.missing, HEAD_END) != NULL && strstr(j.wording, HEAD_END) != NULL,
       "an actor in between that no result is about keeps the claim to its actors");
    claim_join_release(&j, c, 2);
    ok(join(s, 1, &j, c, &e) == ERR_OK && !j.system && strncmp(j.wording, "As actor ", 9) == 0,
       "one alone says what it says");
    claim_join_release(&j, c, 1);

    s[0].r.method.certification = true;
    ok(join(s, 3, &j, c, &e) == ERR_OK && j.system &&
           strstr(j.wording, "Of run 1: Made with the settings of a certification") != NULL &&
           strstr(j.wording, "Of run 2") == NULL,
       "what one of them was made under is not said of all");
    claim_join_release(&j, c, 3);
    s[1].r.method.certification = s[2].r.method.certification = true;
    ok(join(s, 3, &j, c, &e) == ERR_OK && j.system && strstr(j.wording, "Of run") == NULL &&
           strstr(j.wording, "Made with the settings of a certification") != NULL,
       "unless all were");
    claim_join_release(&j, c, 3);

    failed(&s[1]);
    ok(join(s, 3, &j, c, &e) == ERR_OK && j.kind == CLAIM_PARTIAL && !j.system,
       "a part among them makes all a part");
    claim_join_release(&j, c, 3);

    make_three(s);
    s[1].v[0].share_ppm = 300001;
    ok(join(s, 3, &j, c, &e) == ERR_OK && !j.system && j.n_limit == 1 &&
           strstr(j.limit[0].text, "4.10.4.1/read_cmd") != NULL,
       "shares of a budget that add up to more than it are no chain");
    claim_join_release(&j, c, 3);

    make_three(s);
    for (int i = 0; i < 3; i++)
        c[i] = source_of(&s[i], "x");
    c[2].objection = "a run came after it";
    ok(claim_join(c, 3, &j, &e) == ERR_OK && j.kind == CLAIM_PARTIAL && !j.system,
       "what the ledger holds against one makes a part");
    claim_join_release(&j, c, 3);
}

static void contradicting(void)
{
    struct sample s[3];
    struct claim_source c[3];
    struct claim_joined j;
    struct err e = ERR_INIT;
    make_three(s);
    s[1].source[0].digest = "other";
    ok(join(s, 2, &j, c, &e) == ERR_SCOPE && strstr(e.text, "different profiles") != NULL,
       "results of different profiles: %s", e.text);
    make_three(s);
    s[1].source[1].digest = "other";
    ok(join(s, 2, &j, c, &e) == ERR_SCOPE && strstr(e.text, "different tables") != NULL,
       "of different tables");
    make_three(s);
    s[0].r.n_source = s[1].r.n_source = 0;
    is_int(join(s, 2, &j, c, &e), ERR_SCOPE, "of unknown ones");
    make_three(s);
    s[1].r.nonce = s[0].r.nonce;
    ok(join(s, 2, &j, c, &e) == ERR_SCOPE && strstr(e.text, "twice") != NULL, "one run twice");
    make_three(s);
    s[1].r.eut_actors = METER ", MDMS";
    ok(join(s, 2, &j, c, &e) == ERR_SCOPE && strstr(e.text, "firmware") != NULL,
       "the same actor with another firmware: %s", e.text);
}

int main(void)
{
    whole();
    spoilt();
    files();
    joined();
    contradicting();
    return done_testing();
}
