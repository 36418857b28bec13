/* Deployment profiles (4.20.3): every code of the document decoded and found again, what each
 * decision leaves in play, against the requirement table. */
#include <stdlib.h>

#include "harness/scope/deployment.h"
#include "harness/scope/deployment_rows.h"
#include "tests/mutate.h"
#include "tests/tap.h"

static struct deployment_book *book;
static struct table *table;

/* What the document's tables 5.4.1 to 5.4.3 say of each profile, typed from them: letter and value
 * of each column. */
static const struct {
    const char *code;
    const char *column[12]; /* letter, value, letter, value... */
} printed[] = {
    {"ACdW", {"b", "without", "c", "without", "d", "direct", "e", "via WAN"}},
    {"ACdIW",
     {"b", "without", "c", "without", "d", "direct", "e", "via InterExtranetGway via WAN"}},
    {"ACdIIW",
     {"b", "without", "c", "without", "d", "direct", "e",
      "via InterExtranetGway via Internet via WAN"}},
    {"ACvW", {"b", "without", "c", "without", "d", "via MDMS", "e", "via WAN"}},
    {"ACvIW",
     {"b", "without", "c", "without", "d", "via MDMS", "e", "via InterExtranetGway via WAN"}},
    {"ACvIIW",
     {"b", "without", "c", "without", "d", "via MDMS", "e",
      "via InterExtranetGway via Internet via WAN"}},
    {"AHEMCdIW",
     {"b", "without", "c", "with", "c", "InMtr", "d", "direct", "e",
      "via InterExtranetGway via WAN"}},
    {"AHEMCvIW",
     {"b", "without", "c", "with", "c", "InMtr", "d", "via MDMS", "e",
      "via InterExtranetGway via WAN"}},
    {"AHE3CdIW",
     {"b", "without", "c", "with", "c", "3rdPty", "d", "direct", "e",
      "via InterExtranetGway via WAN"}},
    {"AHE3CvIW",
     {"b", "without", "c", "with", "c", "3rdPty", "d", "via MDMS", "e",
      "via InterExtranetGway via WAN"}},
    {"AHEM3CdIW",
     {"b", "without", "c", "with", "c", "InMtr", "c", "3rdPty", "d", "direct", "e",
      "via InterExtranetGway via WAN"}},
    {"AHEM3CvIW",
     {"b", "without", "c", "with", "c", "InMtr", "c", "3rdPty", "d", "via MDMS", "e",
      "via InterExtranetGway via WAN"}},
    {"ARHEMCdIW",
     {"b", "with", "c", "with", "c", "InMtr", "d", "direct", "e", "via InterExtranetGway via WAN"}},
    {"ARHEMCvIW",
     {"b", "with", "c", "with", "c", "InMtr", "d", "via MDMS", "e",
      "via InterExtranetGway via WAN"}},
    {"ARHE3CdIW",
     {"b", "with", "c", "with", "c", "3rdPty", "d", "direct", "e",
      "via InterExtranetGway via WAN"}},
    {"ARHE3CvIW",
     {"b", "with", "c", "with", "c", "3rdPty", "d", "via MDMS", "e",
      "via InterExtranetGway via WAN"}},
    {"ARHEM3CdIW",
     {"b", "with", "c", "with", "c", "InMtr", "c", "3rdPty", "d", "direct", "e",
      "via InterExtranetGway via WAN"}},
    {"ARHEM3CvIW",
     {"b", "with", "c", "with", "c", "InMtr", "c", "3rdPty", "d", "via MDMS", "e",
      "via InterExtranetGway via WAN"}},
    {"DCSIRsF",
     {"h", "centralized", "i", "D-SCADA network", "i", "independent management", "i",
      "via WAN via RTU via subFANGway"}},
    {"DCSIW",
     {"h", "centralized", "i", "D-SCADA network", "i", "independent management", "i", "via WAN"}},
    {"DCSARsF",
     {"h", "centralized", "i", "D-SCADA network", "i", "AMI management", "i",
      "via WAN via RTU via subFANGway & via DAP"}},
    {"DDIsF",
     {"h", "decentralized", "i", "D-SCADA network", "i", "independent management", "i",
      "via WAN via DAC via subFANGway"}},
    {"DDARsF",
     {"h", "decentralized", "i", "D-SCADA network", "i", "AMI management", "i",
      "via WAN via RTU via DAC via subFANGway & DAP"}},
    {"DDAAD",
     {"h", "decentralized", "i", "AMI network", "i", "AMI management", "i",
      "via subFANGway & DAP"}},
};
enum { PRINTED = sizeof printed / sizeof printed[0], COLUMNS = 12 };

static const char *family(size_t i)
{
    return printed[i].code[0] == 'A' ? "AMI" : "DA";
}

static bool decided(const struct deployment *d, const char *letter, const char *value)
{
    size_t option;
    int at = deployment_option_at(d->book, letter, value, &option);
    return at != -1 && (d->chosen[at] & UINT64_C(1) << option) != 0;
}

static size_t bits(uint64_t x)
{
    size_t n = 0;
    for (; x != 0; x &= x - 1)
        n++;
    return n;
}

/* A code's decisions are those of its line, no more; and they make the code again. */
static void code(size_t i)
{
    struct arena a = ARENA_INIT;
    struct deployment d, by_hand;
    struct err e = ERR_INIT;
    size_t want = 1, have = 0;
    deployment_start(&d, book, &a);
    bool same = deployment_take_code(&d, printed[i].code, "test", &e) == ERR_OK &&
                decided(&d, "a", family(i));
    for (size_t k = 0; k < COLUMNS && printed[i].column[k] != NULL; k += 2, want++)
        same = same && decided(&d, printed[i].column[k], printed[i].column[k + 1]);
    for (size_t k = 0; k < book->n_choice; k++)
        have += bits(d.chosen[k]);
    ok(same && want == have, "%s", printed[i].code);

    deployment_start(&by_hand, book, &a);
    same = deployment_take(&by_hand, "a", family(i), "test", "test", &e) == ERR_OK;
    for (size_t k = 0; k < COLUMNS && printed[i].column[k] != NULL; k += 2)
        same = same && deployment_take(&by_hand, printed[i].column[k], printed[i].column[k + 1],
                                       "test", "test", &e) == ERR_OK;
    same = same && deployment_settle(&by_hand, "test", &e) == ERR_OK;
    is_str(same ? by_hand.code : e.text, printed[i].code, "and back from its decisions");
    arena_release(&a);
}

static void combined(void)
{
    struct err e = ERR_INIT;
    size_t n = 0, same = 0;
    for (size_t i = 0; i < PRINTED; i++)
        for (size_t k = 0; k < PRINTED; k++) {
            struct arena a = ARENA_INIT;
            struct deployment d, again;
            char both[100];
            if (printed[i].code[0] != 'A' || printed[k].code[0] != 'D')
                continue;
            n++;
            (void)snprintf(both, sizeof both, "%s+%s", printed[i].code, printed[k].code);
            deployment_start(&d, book, &a);
            bool fine = deployment_take_code(&d, both, "test", &e) == ERR_OK &&
                        deployment_settle(&d, "test", &e) == ERR_OK && decided(&d, "a", "AMI") &&
                        decided(&d, "a", "DA");
            again = d;
            again.code = "";
            fine = fine && deployment_settle(&again, "test", &e) == ERR_OK &&
                   strcmp(again.code, both) == 0;
            same += fine;
            arena_release(&a);
        }
    is_int(n, 108, "18 profiles of AMI with 6 of DA are 108");
    is_int(same, n, "each of which decodes, and encodes again");
    is_int(book->n_code + n, 132, "132 profiles in all");
    is_int(book->counted, 948, "of the document's 948");
    is_int(deployment_product(book, "AMI"), 48,
           "the columns of AMI freely combined are 48, not 72");
    is_int(deployment_product(book, "DA"), 48, "those of DA are 48, not 12");
}

static void irregular(void)
{
    const char *want[] = {"DCSARsF", "DDIsF", "DDARsF", "DDAAD"};
    size_t n = 0;
    for (size_t i = 0; i < book->n_code; i++) {
        const struct deployment_code *c = &book->code[i];
        if (c->regular == NULL)
            continue;
        if (n < 4)
            is_str(c->name, want[n], "an irregular code is declared");
        ok(strcmp(c->regular, c->name) != 0 && c->why[0] != '\0',
           "with its letters and the reason");
        n++;
    }
    is_int(n, 4, "four codes are irregular");
}

/* ---- what the decisions leave in play -------------------------------------------------------- */

static bool in_table(const char *actor)
{
    for (size_t i = 0; i < table->n_row; i++)
        for (size_t k = 0; k < table->row[i].n_leg; k++) {
            const struct table_leg *l = &table->row[i].leg[k];
            for (size_t j = 0; j < l->n_from + l->n_to; j++)
                if (strcmp(j < l->n_from ? l->from[j] : l->to[j - l->n_from], actor) == 0)
                    return true;
        }
    return false;
}

static bool in_book(const char *actor)
{
    for (size_t i = 0; i < book->n_actor; i++)
        if (strcmp(book->actor[i].name, actor) == 0)
            return true;
    return false;
}

static void complete(void)
{
    size_t unknown = 0, strange = 0;
    for (size_t i = 0; i < table->n_row; i++)
        for (size_t k = 0; k < table->row[i].n_leg; k++) {
            const struct table_leg *l = &table->row[i].leg[k];
            for (size_t j = 0; j < l->n_from + l->n_to; j++)
                unknown += !in_book(j < l->n_from ? l->from[j] : l->to[j - l->n_from]);
        }
    for (size_t i = 0; i < book->n_actor; i++)
        strange += !in_table(book->actor[i].name);
    is_int(unknown, 0, "the book has every actor of the table");
    is_int(strange, 0, "and no other");
    is_int(book->n_use_case, table->n_use_case, "and as many use cases");
    for (size_t i = 0; i < table->n_use_case; i++)
        if (strcmp(book->use_case[i].name, table->use_case[i].name) != 0)
            ok(false, "%s", table->use_case[i].name);
    strange = 0;
    for (size_t i = 0; i < book->n_way; i++) {
        bool known = false;
        for (size_t k = 0; k < table->n_use_case; k++)
            known = known || strcmp(table->use_case[k].name, book->way[i].use_case) == 0;
        for (size_t k = 0; k < book->way[i].n_via; k++)
            known = known && in_table(book->way[i].via[k]);
        strange += !known;
    }
    is_int(strange, 0, "paths are of use cases and through actors of the table");
}

static struct arena memory;
static struct deployment made;

/* A deployment by code and "letter=value" selections ("+" behind: enrolled, "-": not). */
static struct deployment *make(const char *code_text, const char *const *select)
{
    struct err e = ERR_INIT;
    arena_release(&memory);
    memory = (struct arena)ARENA_INIT;
    deployment_start(&made, book, &memory);
    enum err_code rc = deployment_take_code(&made, code_text, "test", &e);
    for (; select != NULL && *select != NULL && rc == ERR_OK; select++) {
        char letter[2] = {(*select)[0], '\0'}, value[100];
        size_t len = strlen(*select + 2);
        char mark = (*select)[1 + len];
        (void)snprintf(value, sizeof value, "%s", *select + 2);
        if (mark == '+' || mark == '-')
            value[len - 1] = '\0';
        rc = deployment_take(&made, letter, value, "the test", "test", &e);
        if (rc == ERR_OK && (mark == '+' || mark == '-'))
            rc = deployment_enrol(&made, letter, value, mark == '+', "test", &e);
    }
    if (rc == ERR_OK)
        rc = deployment_settle(&made, "test", &e);
    if (rc != ERR_OK)
        ok(false, "%s", e.text);
    return &made;
}

/* Rows with something left under some use case, and the legs left. */
static size_t count_rows(const struct deployment *d, size_t *legs, const struct table_row **out)
{
    struct err e = ERR_INIT;
    const struct table_row *row = NULL;
    size_t n = 0;
    *legs = 0;
    if (deployment_rows(d, table, &row, &e) != ERR_OK)
        return 0;
    for (size_t i = 0; i < table->n_row; i++) {
        bool any = false;
        for (size_t u = 0; u < row[i].n_use_case; u++) {
            const char *why = NULL;
            (void)deployment_row_out(d, &table->row[i], &row[i], row[i].use_case[u], &why, &e);
            any = any || (why != NULL && why[0] == '\0');
        }
        n += any;
        *legs += row[i].n_leg;
    }
    *out = row;
    return n;
}

/* The same by a plain reading of the table: rows of which a use case and, in one of its readings,
 * an actor on each side are not among those named. */
static size_t plain_rows(const char *const *actors_out, const char *const *uses_out)
{
    size_t n = 0;
    for (size_t i = 0; i < table->n_row; i++) {
        const struct table_row *r = &table->row[i];
        bool any = false;
        for (size_t u = 0; u < r->n_use_case; u++) {
            bool out = false;
            for (size_t k = 0; uses_out[k] != NULL; k++)
                out = out || strcmp(uses_out[k], r->use_case[u]) == 0;
            for (size_t k = 0; k < r->n_leg && !out; k++) {
                const struct table_leg *l = &r->leg[k];
                size_t from = 0, to = 0;
                if (l->use_case[0] != '\0' && strcmp(l->use_case, r->use_case[u]) != 0)
                    continue;
                for (size_t j = 0; j < l->n_from + l->n_to; j++) {
                    const char *actor = j < l->n_from ? l->from[j] : l->to[j - l->n_from];
                    bool gone = false;
                    for (size_t m = 0; actors_out[m] != NULL; m++)
                        gone = gone || strcmp(actors_out[m], actor) == 0;
                    from += !gone && j < l->n_from;
                    to += !gone && j >= l->n_from;
                }
                any = any || (from > 0 && to > 0);
            }
        }
        n += any;
    }
    return n;
}

#define DA_ACTORS                                                                                  \
    "Analytic DB", "DAC - Ops/Regnl", "DAC - sub", "DMS", "Distr. Cust. Generation",               \
        "Distr. Cust. Storage", "Distr. SCADA FEP", "FAN gateway - field", "FAN gateway - sub",    \
        "Feeder Cap Bank", "Feeder Circuit Breaker", "Feeder Recloser", "Feeder Regulator",        \
        "Feeder Sectionalizer", "Feeder Sensor", "Feeder Switch"
#define DA_USES                                                                                    \
    "Field DA Maint - Centralized Control", "Volt/VAR - Centralized Control",                      \
        "DSDR - Centralized Control", "FCIR - Distr DAC", "FCIR \342\200\223 DMS",                 \
        "FCIR - Regnl Distr DAC", "Dispatch Distr. Cust. Storage", "Islanded Distr. Cust. Storage"
#define REP_ACTORS                                                                                 \
    "CIS/Billing - REPi", "DSM - REPi", "LMS - REPi", "ODW - REPi", "Web Portal - REPi"
#define HAN_ACTORS "Cust. EMS", "IPD", "Load Cntl Device", "PCT", "PHEV", "Smart Appliance"

static void effects(void)
{
    const struct table_row *row;
    size_t legs, all;
    static const char *const ami[] = {
        DA_ACTORS,         REP_ACTORS,      HAN_ACTORS, "ESI - In Meter",
        "ESI - 3rd Party", "ESI - Utility", NULL};
    static const char *const ami_uses[] = {DA_USES, "PHEV", "Premise Network Admin", NULL};
    all = count_rows(make("ACvIW", NULL), &legs, &row);
    is_int(all, plain_rows(ami, ami_uses), "ACvIW: the rows of an AMI without REPs and HANs");
    ok(all > 50 && all < 100, "which are some");

    static const char *const electric[] = {"f=electr", NULL};
    static const char *const no_gas[] = {DA_ACTORS,
                                         REP_ACTORS,
                                         HAN_ACTORS,
                                         "ESI - In Meter",
                                         "ESI - 3rd Party",
                                         "ESI - Utility",
                                         "2-Way Meter - Gas",
                                         "2-Way Meter - Water",
                                         NULL};
    size_t fewer = count_rows(make("ACvIW", electric), &legs, &row);
    is_int(fewer, plain_rows(no_gas, ami_uses), "f: without the rows of gas and water meters");
    ok(fewer < all, "which are fewer");

    static const char *const no_rep[] = {DA_ACTORS, REP_ACTORS, "ESI - 3rd Party", "ESI - Utility",
                                         NULL};
    static const char *const da_uses[] = {DA_USES, NULL};
    size_t han = count_rows(make("AHEMCdIW", NULL), &legs, &row);
    is_int(han, plain_rows(no_rep, da_uses), "c: with HANs and the ESI in the meter");
    ok(han > all, "there are more");
    static const char *const no_da[] = {DA_ACTORS, "ESI - In Meter", "ESI - Utility", NULL};
    size_t rep = count_rows(make("ARHE3CdIW", NULL), &legs, &row);
    is_int(rep, plain_rows(no_da, da_uses), "b: with REPs");
    is_int(rep, han + 2 - 4, "two bulk rows of theirs more; and no ESI of the utility's to update");

    static const char *const no_ami[] = {"2-Way Meter - Electr",
                                         "2-Way Meter - Gas",
                                         "2-Way Meter - Water",
                                         "AMI Head-End(j)",
                                         "DAPjm",
                                         REP_ACTORS,
                                         HAN_ACTORS,
                                         "ESI - In Meter",
                                         "ESI - 3rd Party",
                                         "ESI - Utility",
                                         "CIS/Billing - Utility",
                                         "Common Web Portal",
                                         "Cust. Browser - Mobile",
                                         "Cust. Browser - Premise",
                                         "DSM - Utility",
                                         "LMS - Utility",
                                         "MDMS",
                                         "NMS",
                                         "ODW - Utility",
                                         "Web Portal - Utility",
                                         "DAC - Ops/Regnl",
                                         "DAC - sub",
                                         "FAN gateway - field",
                                         NULL};
    static const char *const no_ami_uses[] = {"Cust. Info / Msgn'ng",
                                              "FCIR - Distr DAC",
                                              "FCIR - Regnl Distr DAC",
                                              "Dispatch Distr. Cust. Storage",
                                              "Islanded Distr. Cust. Storage",
                                              "DR-DLC",
                                              "PrePay",
                                              "PHEV",
                                              "Meter Reading",
                                              "Meter Events",
                                              "ORM",
                                              "Premise Network Admin",
                                              "Price",
                                              "Service Switch",
                                              NULL};
    size_t central = count_rows(make("DCSIRsF", NULL), &legs, &row);
    is_int(central, plain_rows(no_ami, no_ami_uses), "a, h: distribution alone, centralized");
    static const char *const sensors[] = {"j=Feeder Sensor", NULL};
    size_t few = count_rows(make("DCSIRsF", sensors), &legs, &row);
    ok(few > 0 && few < central, "j: with feeder sensors alone there are fewer");
}

static void rows_of_none(void)
{
    struct err e = ERR_INIT;
    const struct table_row *row;
    size_t legs;
    const char *why = NULL;
    struct deployment *d = make("ACvIW", NULL);
    (void)count_rows(d, &legs, &row);
    for (size_t i = 0; i < table->n_row; i++) {
        if (strcmp(table->row[i].id, "4.4.1.4.2/FeederSensor_alarm") != 0 &&
            strcmp(table->row[i].payload, "Vol_load_shed_reqst") != 0)
            continue;
        (void)deployment_row_out(d, &table->row[i], &row[i], table->row[i].use_case[0], &why, &e);
        if (strcmp(table->row[i].payload, "Vol_load_shed_reqst") == 0)
            is_str(why,
                   "decision c (HANs: without; code ACvIW) leaves out IPD, Cust. EMS, PCT, PHEV, "
                   "Smart Appliance, Load Cntl Device",
                   "a row without ends tells the decision and the actors");
    }
}

/* Enrolled devices are the retail provider's; the others hear of the utility alone. */
static void enrolment(void)
{
    static const char *const some[] = {"f=electr-", "g=PCT+", "g=IPD-", NULL};
    const struct table_row *row;
    size_t legs;
    struct deployment *d = make("ARHEM3CvIW", some);
    (void)count_rows(d, &legs, &row);
    for (size_t i = 0; i < table->n_row; i++) {
        if (strcmp(row[i].payload, "Load_mgm_reqst") != 0)
            continue;
        is_int(row[i].n_leg, 2, "a request of utility and provider is two readings");
        const struct table_leg *u = &row[i].leg[0], *r = &row[i].leg[1];
        ok(u->n_from == 2 && strcmp(u->from[0], "LMS - Utility") == 0 && u->n_to == 3,
           "the utility's goes to the meter, the display and the thermostat");
        is_str(r->id, "1-enrolled", "the provider's has a name of its own");
        ok(r->n_from == 2 && strcmp(r->from[0], "LMS - REPi") == 0 && r->n_to == 1 &&
               strcmp(r->to[0], "PCT") == 0,
           "and goes to the thermostat that is enrolled");
    }
    d = make("ARHEM3CvIW", NULL);
    (void)count_rows(d, &legs, &row);
    for (size_t i = 0; i < table->n_row; i++)
        if (strcmp(row[i].payload, "Load_mgm_reqst") == 0)
            is_int(row[i].n_leg, 1, "where all are enrolled nothing is split");
}

static void faults(void)
{
    struct err e = ERR_INIT;
    struct arena a = ARENA_INIT;
    struct deployment d;
    static const char *const wrong[] = {
        "ACxW",        "",           "+",           "ACvIW+",
        "+DCSIW",      "ACvIW+ACdW", "DCSIW+ACvIW", "ACvIW+DCSIW+DDIsF",
        "ACvIW DCSIW", "acviw",      "DDSIsF"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        deployment_start(&d, book, &a);
        ok(deployment_take_code(&d, wrong[i], "f:1", &e) == ERR_DATA &&
               strncmp(e.text, "f:1: ", 5) == 0,
           "\"%s\" is no code", wrong[i]);
    }
    deployment_start(&d, book, &a);
    (void)deployment_take_code(&d, "ACvIW", "f:1", &e);
    ok(deployment_take(&d, "d", "direct", "s", "f:2", &e) == ERR_SCOPE &&
           strstr(e.text, "code ACvIW has settled that as \"via MDMS\"") != NULL,
       "what the code settles can't be chosen again");
    ok(deployment_take(&d, "f", "steam", "s", "f:2", &e) == ERR_DATA &&
           strstr(e.text, "expected electr, gas, water") != NULL,
       "an unknown option is told with the known ones");
    ok(deployment_take(&d, "x", "y", "s", "f:2", &e) == ERR_DATA, "an unknown decision, too");
    ok(deployment_enrol(&d, "d", "direct", true, "f:2", &e) == ERR_DATA,
       "what has no programs enrols nobody");
    (void)deployment_take(&d, "f", "electr", "s", "f:2", &e);
    ok(deployment_take(&d, "f", "Electr", "s", "f:2", &e) == ERR_DATA, "nothing is chosen twice");
    (void)deployment_enrol(&d, "f", "electr", true, "f:2", &e);
    ok(deployment_settle(&d, "f:3", &e) == ERR_SCOPE, "without REPs nobody is enrolled");
    deployment_start(&d, book, &a);
    (void)deployment_take_code(&d, "ACvIW", "f:1", &e);
    (void)deployment_take(&d, "g", "PCT", "s", "f:2", &e);
    ok(deployment_settle(&d, "f:3", &e) == ERR_SCOPE && strstr(e.text, "does not arise") != NULL,
       "without HANs there are no HAN devices");
    deployment_start(&d, book, &a);
    (void)deployment_take(&d, "a", "AMI", "s", "f:2", &e);
    ok(deployment_settle(&d, "f:3", &e) == ERR_DATA && strstr(e.text, "is not made") != NULL,
       "decisions that are not made are told");
    arena_release(&a);
}

static void unnamed(void)
{
    struct err e = ERR_INIT;
    struct arena a = ARENA_INIT;
    struct deployment d;
    static const char *const way[][2] = {{"a", "DA"},
                                         {"h", "centralized"},
                                         {"i", "D-SCADA network"},
                                         {"i", "independent management"},
                                         {"i", "via WAN via fieldFANGway"}};
    deployment_start(&d, book, &a);
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++)
        (void)deployment_take(&d, way[i][0], way[i][1], "s", "f:2", &e);
    ok(deployment_settle(&d, "f:3", &e) == ERR_OK, "decisions of the text make a deployment");
    is_str(d.code, "", "that has no code where the document names none");
    ok(deployment_has_actor(&d, "FAN gateway - field", NULL) &&
           !deployment_has_actor(&d, "FAN gateway - sub", NULL),
       "and its own gateway");
    arena_release(&a);
}

/* Changes to the book that its reader has to see. */
static void book_faults(void)
{
    static const char *const change[][3] = {
        {"name=\"ACdIW\"", "name=\"ACdxW\"", "its options make ACdIW; expected <irregular>"},
        {"regular=\"DDSIsF\"", "regular=\"DDXIsF\"", "its options make DDSIsF, not DDXIsF"},
        {"name=\"ACdIW\"", "name=\"ACdW\"", "its options make ACdIW"},
        {"<counted ami=\"72\"", "<counted ami=\"71\"",
         "71 and 12, combined and alone, are not 948"},
        {"<if choice=\"han\">", "<if choice=\"han-devices\">", "no choice that stands above"},
        {"<is choice=\"esi\"><value>InMtr</value></is>", "<is choice=\"esi\"><value>X</value></is>",
         "\"X\" is no option of \"esi\""},
        {"<actor name=\"DMS\">", "<actor name=\"DAC - sub\">", "stands above already"},
        {"version=\"1\"", "version=\"2\"", "version"},
    };
    if (!ok(mutate_begin(), "a folder for changed books"))
        return;
    for (size_t i = 0; i < sizeof change / sizeof change[0]; i++) {
        struct err e = ERR_INIT;
        struct deployment_book *b = NULL;
        bool made_it =
            mutate("fixtures/requirements/deployment-profiles.xml", change[i][0], change[i][1]);
        ok(made_it && deployment_book_load(mutate_path, &b, &e) == ERR_DATA &&
               strstr(e.text, change[i][2]) != NULL && strstr(e.text, "changed.xml:") != NULL,
           "a book is refused: %s", e.text);
        deployment_book_free(b);
    }
    mutate_end();
}

int main(void)
{
    struct err e = ERR_INIT;
    if (!ok(deployment_book_load(NULL, &book, &e) == ERR_OK, "the book of decisions is read") ||
        !ok(table_load(NULL, &table, &e) == ERR_OK, "and the table")) {
        printf("# %s\n", e.text);
        return done_testing();
    }
    is_int(book->n_code, PRINTED, "24 profiles are named");
    for (size_t i = 0; i < PRINTED; i++)
        code(i);
    combined();
    irregular();
    complete();
    effects();
    rows_of_none();
    enrolment();
    faults();
    unnamed();
    book_faults();
    arena_release(&memory);
    deployment_book_free(book);
    table_free(table);
    return done_testing();
}
