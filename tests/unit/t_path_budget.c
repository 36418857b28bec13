/* Parts of a way added up against the whole: sums, products, readings, and what can't be added. The
 * document's own sub-totals contradict their parts. */
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/scope/path_budget.h"
#include "tests/tap.h"

static struct path_map *map;

#define WAYS "[(1Aa + 1B) or 1Ab] + 1Ca + 1D"

static const char *const from[] = {"CIS/Billing - Utility"}, *const to[] = {"2-Way Meter - Electr"};
static int64_t limit[] = {15 * NS_PER_S}, share[] = {980000000};

/* A row of 15 s and 98 % with one leg, and these child rows. */
static struct table table_of(struct table_row *row, struct table_leg *leg,
                             const struct table_part *part, size_t n)
{
    *leg = (struct table_leg){.id = "1",
                              .from = from,
                              .n_from = 1,
                              .to = to,
                              .n_to = 1,
                              .latency_max = {limit, 1},
                              .latency_per = 1,
                              .reliability_ppb = {share, 1}};
    *row = (struct table_row){.id = "own/1", .dataflow = WAYS, .leg = leg, .n_leg = 1, .line = 7};
    return (struct table){.row = row, .n_row = 1, .part = part, .n_part = n};
}

static struct table_part child(const char *flow, const char *latency, const char *reliability)
{
    const struct path_flow *f = path_map_flow(map, flow);
    return (struct table_part){.section = "own",
                               .payload = "p",
                               .row = "own/1",
                               .dataflow = flow,
                               .from = f == NULL ? "A" : f->end[0],
                               .to = f == NULL ? "B" : f->end[1],
                               .latency = latency,
                               .reliability = reliability,
                               .size = "25"};
}

static void own_table(void)
{
    struct err e = ERR_INIT;
    struct table_row row;
    struct table_leg leg;
    struct path_budgets b;
    struct table_part part[] = {child("1Aa", "< 2 sec", "> 99.9%"),
                                child("1B", "< 3 sec", "> 99.9%"),
                                child("1Ab", "< 4 sec", "> 99.9%"),
                                child("1Ca", "< 5 sec", "> 99%"), child("1D", "< 6 sec", "> 99%")};
    struct table t = table_of(&row, &leg, part, 5);
    ok(path_budgets(&t, map, &b, &e) == ERR_OK, "budgets are made: %s", e.text);
    is_int(b.n, 2, "the row has two paths");
    is_int(b.n_fault, 0, "and nothing else is wrong with it");
    is_str(b.budget[0].path, "1Aa + 1B + 1Ca + 1D", "the first");
    is_int(b.budget[0].sum.latency_most_ns, 16 * NS_PER_S, "takes 2 + 3 + 5 + 6 s");
    is_int(b.budget[0].latency, BUDGET_CONTRADICTS, "which is more than the row's 15 s");
    is_str(b.budget[0].text_latency, "the parts add up to < 16 s, more than the < 15 s",
           "and says so");
    is_int(b.budget[1].sum.latency_most_ns, 15 * NS_PER_S, "the second takes 4 + 5 + 6 s");
    is_int(b.budget[1].latency, BUDGET_FITS, "the row's own limit is within it: both are strict");
    is_int(b.budget[1].sum.reliability_most, UINT64_C(979119900000000000),
           "0.999 x 0.99 x 0.99, exactly");
    is_int(b.budget[1].reliability, BUDGET_CONTRADICTS, "is less than 98 %%");
    is_str(b.budget[1].text_reliability, "the parts multiply to > 97.91199 %, less than the > 98 %",
           "and says so");
    is_int(path_budgets_wrong(&b), 2, "both paths contradict the row");
    path_budgets_release(&b);

    part[3].reliability = "> 99.99%";
    part[2].latency = "< 3 sec, < 5 sec";
    (void)path_budgets(&t, map, &b, &e);
    is_int(b.budget[1].reliability, BUDGET_FITS, "a better part makes the product hold");
    is_int(b.budget[1].latency, BUDGET_BY_READING,
           "a part with two latencies contradicts by one reading, not by the other");
    is_str(b.budget[1].text_latency, "the parts add up to < 14 to 16 s, more than the < 15 s",
           "with both sums");
    is_int(path_budgets_wrong(&b), 1, "which is not counted as a contradiction");
    path_budgets_release(&b);
}

static void missing_parts(void)
{
    struct err e = ERR_INIT;
    struct table_row row;
    struct table_leg leg;
    struct path_budgets b;
    struct table_part part[] = {child("1Ab", "< 4 sec", "> 99.9%"),
                                child("1Ca", "< 7 day per 100,000 mtrs", "> 99.9%"),
                                child("1D", "< 6 sec", "> xx%")};
    struct table t = table_of(&row, &leg, part, 3);
    row.dataflow = "1Ab + 1Ca + 1D";
    (void)path_budgets(&t, map, &b, &e);
    is_int(b.budget[0].latency, BUDGET_OPEN, "a latency for many meters is not added");
    is_int(b.budget[0].reliability, BUDGET_OPEN, "a letter is not multiplied");
    ok(strstr(b.budget[0].text_latency, "1Ca") != NULL, "the part is named: %s",
       b.budget[0].text_latency);
    path_budgets_release(&b);
    t.n_part = 1;
    (void)path_budgets(&t, map, &b, &e);
    is_str(b.budget[0].text_latency, "cannot be added up: 1Ca: no child row",
           "nor is a path with a part that has no row");
    path_budgets_release(&b);
}

static bool says(const struct path_budgets *b, const char *text)
{
    for (size_t i = 0; i < b->n_fault; i++)
        if (strstr(b->fault[i].text, text) != NULL)
            return true;
    for (size_t i = 0; i < b->n_fault; i++)
        printf("# %s: %s\n", b->fault[i].where, b->fault[i].text);
    return false;
}

static void faults(void)
{
    struct err e = ERR_INIT;
    struct table_row row;
    struct table_leg leg;
    struct path_budgets b;
    struct table_part part[] = {child("1Ab", "< 4 sec", "> 99.9%"),
                                child("77X", "< 4 sec", "> 99.9%")};
    struct table t = table_of(&row, &leg, part, 2);
    row.dataflow = "[1Ab + 1Ca";
    ok(path_budgets(&t, map, &b, &e) == ERR_OK, "a table's bad pseudo code is no fault of ours");
    ok(says(&b, "column 11: the path ends") && b.fault[0].line == 7,
       "but a finding, with row, line and column");
    path_budgets_release(&b);
    row.dataflow = "1Ab + 9Zz";
    (void)path_budgets(&t, map, &b, &e);
    ok(says(&b, "\"9Zz\""), "so is a flow that nobody knows");
    path_budgets_release(&b);
    row.dataflow = "1Ab + 77X";
    (void)path_budgets(&t, map, &b, &e);
    ok(says(&b, "does not go on where 1Ab"), "a flow is known by its child row's ends");
    path_budgets_release(&b);
    row.dataflow = "1Ab + 1Ca";
    (void)path_budgets(&t, map, &b, &e);
    ok(says(&b, "leads from CIS/Billing - Utility to DAPjm, the row's payload does not"),
       "a path that ends elsewhere than its row");
    path_budgets_release(&b);
    row.dataflow = WAYS;
    part[0].to = "DAPjm";
    (void)path_budgets(&t, map, &b, &e);
    ok(says(&b, "has the data flow 1Ab, which joins"), "a child row over actors in between");
    path_budgets_release(&b);
    part[0].dataflow = "1Ab + 1Ca";
    (void)path_budgets(&t, map, &b, &e);
    ok(says(&b, "a child row is one data flow"), "or with several flows");
    path_budgets_release(&b);
}

static void own_sub_totals(void)
{
    struct err e = ERR_INIT;
    struct table *t = NULL;
    struct path_budgets b = {.budget = NULL};
    ok(table_load(NULL, &t, &e) == ERR_OK && path_budgets(t, map, &b, &e) == ERR_OK,
       "the document's own table is gone through: %s", e.text);
    is_int(b.n, 2, "its rows have no data flow, 4.5.4.2 has two sub-totals");
    for (size_t i = 0; i < b.n; i++) {
        const struct path_budget *x = &b.budget[i];
        is_int(x->n_part, 4, "%s stands below four parts", x->where);
        is_int(x->sum.latency_most_ns, 30 * NS_PER_S, "they take 30 s");
        is_int(x->whole.latency_most_ns, 22 * NS_PER_S, "it says 22 s");
        is_int(x->sum.reliability_most, UINT64_C(950820010000000000), "they come to 95.082001 %%");
        is_int(x->latency, BUDGET_CONTRADICTS, "its latency contradicts them");
        is_int(x->reliability, BUDGET_CONTRADICTS, "and so does its reliability");
    }
    is_int(path_budgets_wrong(&b), 2, "both are contradictions");
    path_budgets_release(&b);
    table_free(t);
}

int main(void)
{
    struct err e = ERR_INIT;
    char text[40];
    if (!ok(path_map_load(NULL, &map, &e) == ERR_OK, "the data is read: %s", e.text))
        return done_testing();
    is_int(budget_times(BUDGET_WHOLE, BUDGET_WHOLE - 1), BUDGET_WHOLE - 1,
           "products are exact to the last digit");
    is_str(budget_percent(UINT64_C(995000000000000000), text, sizeof text), "99.5 %",
           "shares are written short");
    is_str(budget_percent(BUDGET_WHOLE, text, sizeof text), "100 %", "also the whole");
    own_table();
    missing_parts();
    faults();
    own_sub_totals();
    path_map_free(map);
    return done_testing();
}
