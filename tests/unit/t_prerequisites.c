/* t_prerequisites - which use cases need which, as 4.20.2 has it, and tables that are not right. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/where.h"
#include "harness/scope/prerequisites.h"
#include "tests/tap.h"

#define MAINT "Field DA Maint - Centralized Control"
#define CUSTOMER "Cust. Info / Msgn'ng"

static struct table *table;

/* What a use case needs, all the way: "A; B" in the table's order. */
static const char *closure(const char *name)
{
    static char text[1000];
    text[0] = '\0';
    for (size_t i = 0; i < table->n_use_case; i++)
        if (prerequisite_of(table, table->use_case[i].name, name))
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s",
                           text[0] == '\0' ? "" : "; ", table->use_case[i].name);
    return text;
}

static void as_the_document(void)
{
    static const struct {
        const char *use_case, *needs;
        bool third_party;
    } want[] = {
        {CUSTOMER, "Meter Reading", true},
        {MAINT, "", false},
        {"Volt/VAR - Centralized Control", MAINT, false},
        {"DSDR - Centralized Control", MAINT "; Volt/VAR - Centralized Control", false},
        {"FCIR - Distr DAC", MAINT, false},
        {"FCIR – DMS", MAINT, false},
        {"FCIR - Regnl Distr DAC", MAINT, false},
        {"Dispatch Distr. Cust. Storage", CUSTOMER "; " MAINT "; Meter Reading", false},
        {"Islanded Distr. Cust. Storage",
         CUSTOMER "; " MAINT "; Dispatch Distr. Cust. Storage; Meter Reading", false},
        {"DR-DLC", CUSTOMER "; Meter Reading", true},
        {"PrePay", CUSTOMER "; Meter Reading; Service Switch", true},
        {"PHEV", CUSTOMER "; DR-DLC; Meter Reading", true},
        {"Firmware / Program Update", "", false},
        {"Meter Reading", "", true},
        {"Meter Events", "Meter Reading", false},
        {"ORM", "Meter Reading; Meter Events", false},
        {"Premise Network Admin", "", true},
        {"Price", CUSTOMER "; DR-DLC; Meter Reading", true},
        {"Service Switch", "", false},
    };
    is_int(table->n_use_case, sizeof want / sizeof want[0], "the document lists 19 use cases");
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const struct table_use_case *u = prerequisite_use_case(table, want[i].use_case);
        is_str(closure(want[i].use_case), want[i].needs, "what %s needs, all the way",
               want[i].use_case);
        is_int(u != NULL && u->third_party, want[i].third_party,
               "whether %s wants third parties considered", want[i].use_case);
    }
    for (size_t i = 0; i < table->n_use_case; i++)
        if (strcmp(table->use_case[i].chapter, "Distribution Automation") == 0 &&
            strcmp(table->use_case[i].name, MAINT) != 0)
            ok(prerequisite_of(table, MAINT, table->use_case[i].name),
               "field maintenance is in play with %s", table->use_case[i].name);
    ok(prerequisite_third_party(table, "CIS/Billing - REPi"), "a REP's billing is a third party's");
    ok(!prerequisite_third_party(table, "CIS/Billing - Utility"), "the utility's is not");
}

/* The shipped table with one text in place of another, loaded; the fault's text. */
static const char *fault_of(const char *from, const char *to)
{
    static char text[sizeof((struct err *)0)->text + 1];
    char path[] = "/tmp/t_prerequisites.XXXXXX", own[4096], *data = NULL, *at = NULL;
    struct table *t = NULL;
    struct err e = ERR_INIT;
    size_t len = 0;
    text[0] = '\0';
    int fd = mkstemp(path);
    FILE *in = where_data("fixtures/requirements/sg-network-5.1.xml", own, sizeof own, &e) == ERR_OK
                   ? fopen(own, "r")
                   : NULL;
    FILE *out = fd == -1 ? NULL : fdopen(fd, "w");
    if (in != NULL && getdelim(&data, &len, 0, in) > 0)
        at = strstr(data, from);
    if (at == NULL || out == NULL) {
        printf("# the table has no %s\n", from);
        exit(1);
    }
    (void)fprintf(out, "%.*s%s%s", (int)(at - data), data, to, at + strlen(from));
    (void)fclose(out);
    (void)fclose(in);
    if (table_load(path, &t, &e) != ERR_OK)
        (void)snprintf(text, sizeof text, "%d %s", (int)err_exit(e.code), e.text + strlen(path));
    table_free(t);
    (void)unlink(path);
    free(data);
    return text;
}

static void not_right(void)
{
    const char *t = fault_of("<needs>Service Switch</needs>", "<needs>PrePay</needs>");
    ok(strstr(t, "2 :") == t && strstr(t, "\"PrePay\" needs \"PrePay\"") != NULL,
       "a use case that needs itself is told with its line");
    printf("# %s\n", t);
    t = fault_of("<needs>Meter Events</needs>", "<needs>ORM</needs>");
    ok(strstr(t, "\"ORM\" needs \"ORM\"") != NULL, "another one, too");
    t = fault_of("<needs>Dispatch Distr. Cust. Storage</needs>", "<needs>Price</needs>");
    is_str(t, "", "another order of need is fine where it goes in no circle");
    t = fault_of("chapter=\"Meter Reading Use Cases\" third-party=\"yes\"/>",
                 "chapter=\"Meter Reading Use Cases\"><needs>Price</needs></use-case>");
    ok(strstr(t, "2 :") == t && strstr(t, "go in no circle") != NULL,
       "a circle over four use cases is told with its line");
    printf("# %s\n", t);
    t = fault_of("<needs>Service Switch</needs>", "<needs>Service Swatch</needs>");
    ok(strstr(t, "needs \"Service Swatch\", expected the name of a use case") != NULL,
       "an unknown prerequisite is told");
    t = fault_of("<needs>Service Switch</needs>", "<needs>Cust. Info / Msgn'ng</needs>");
    ok(strstr(t, "twice") != NULL, "one that stands twice is told");
}

int main(void)
{
    struct err e = ERR_INIT;
    if (table_load(NULL, &table, &e) != ERR_OK) {
        printf("Bail out! %s\n", e.text);
        return 1;
    }
    as_the_document();
    not_right();
    table_free(table);
    return done_testing();
}
