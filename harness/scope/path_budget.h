/* path_budget - what the parts of a way take together, against the figures of the whole.
 *
 * For each path of a row's data flow: the latencies of its child rows added, their reliabilities
 * multiplied. All limits are strict ("<", ">"), so the sum is one, too: a parent contradicts its
 * children when its limit is below their sum, or its reliability above their product. Where a cell
 * holds several figures both ends are kept: a contradiction holds for every reading, otherwise it
 * is one by some reading. Sub-totals of a table's parts are held against the parts above them
 * alike.
 * Ownership: path_budgets_release frees what the list holds; it borrows the table and the map.
 * Errors:    ERR_NOMEM, ERR_LIMIT. What is wrong with a table is no fault but a finding.
 * Time:      nanoseconds; -1 none. Reliabilities in 1e-18, of products exactly rounded down.
 * Spec:      4.18 (parents and children), 4.5.4.2 (parts and sub-totals).
 */
#ifndef HARNESS_PATH_BUDGET_H
#define HARNESS_PATH_BUDGET_H

#include <stdint.h>

#include "harness/scope/path_map.h"
#include "harness/table/table.h"

#define BUDGET_WHOLE UINT64_C(1000000000000000000) /* reliability 1 */

enum budget_fit {
    BUDGET_FITS = 0,
    BUDGET_BY_READING, /* contradicts itself by one admissible reading, not by another */
    BUDGET_CONTRADICTS,
    BUDGET_OPEN, /* a figure is missing, on one side or the other */
    BUDGET_FIT_COUNT
};

struct budget_figures {                           /* the least and the most that the cells admit */
    int64_t latency_least_ns, latency_most_ns;    /* -1 none */
    uint64_t reliability_least, reliability_most; /* 0 none */
};

struct budget_part {
    const char *flow; /* of the path; NULL: a line above a sub-total */
    const char *from, *to;
    struct budget_figures has;
    const char *why; /* why it has no latency or reliability, NULL */
};

/* One path of a row, or one sub-total. */
struct path_budget {
    const struct table_row *row; /* NULL: a sub-total */
    const char *where;           /* the row's id, or "4.5.4.2 sub-total 1" */
    const char *path;            /* "1Ab + 1Ca + 1D", "" of a sub-total */
    const char *from, *to;       /* ends of the path, or of the parts; "" not known */
    struct budget_figures whole, sum;
    const struct budget_part *part;
    size_t n_part;
    enum budget_fit latency, reliability;
    const char *text_latency, *text_reliability; /* one sentence each */
};

/* What is wrong beside figures: pseudo code that can't be read, a flow that nobody knows, a child
 * row over several flows, a path that ends elsewhere than its row. */
struct budget_fault {
    const char *where, *text;
    int line; /* in the table's file, 0 none */
};

struct path_budgets {
    struct path_budget *budget;
    size_t n, cap;
    struct budget_fault *fault;
    size_t n_fault, cap_fault;
    struct arena arena; /* private */
};

/* Of all rows with a data flow, and of the sub-totals. */
enum err_code path_budgets(const struct table *t, const struct path_map *m,
                           struct path_budgets *out, struct err *e);
/* Of one row; dataflow: in place of its own. */
enum err_code path_budgets_of(const struct table *t, const struct path_map *m,
                              const struct table_row *row, const char *dataflow,
                              struct path_budgets *out, struct err *e);
void path_budgets_release(struct path_budgets *b);
/* Those that contradict themselves, by every reading. */
size_t path_budgets_wrong(const struct path_budgets *b);

/* Whether a reading of the row goes from one of these actors to the other, either way. */
bool path_joins(const struct table_row *row, const char *a, const char *b);

/* "fits", "by reading", "contradicts", "open". */
const char *budget_fit_name(enum budget_fit f);
/* a * b of reliabilities, rounded down to 1e-18. */
uint64_t budget_times(uint64_t a, uint64_t b);
/* "30", "0.5": of seconds, no digits that say nothing. */
const char *budget_seconds(int64_t ns, char *out, size_t size);
/* "95.0796 %" of a reliability, rounded down to as many digits as are not 0. */
const char *budget_percent(uint64_t reliability, char *out, size_t size);

#endif
