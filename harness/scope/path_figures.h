/* path_figures - latencies and reliabilities of a budget: gathered, summed up, written. For
 * path_budget.c only. */
#ifndef HARNESS_PATH_FIGURES_H
#define HARNESS_PATH_FIGURES_H

#include "harness/scope/path_budget.h"

#define PER_PPB UINT64_C(1000000000)

void figures_none(struct budget_figures *f);
/* One more that the cells admit. */
void figures_add_latency(struct budget_figures *f, int64_t ns);
void figures_add_reliability(struct budget_figures *f, uint64_t r);
/* Of the readings of a row that are judged for one exchange alone. */
void figures_of_row(const struct table_row *row, struct budget_figures *f);
/* All parts together; a part without a figure leaves the sum without it. */
void figures_sum(const struct budget_part *part, size_t n, struct budget_figures *sum);

/* "10 to 30 s", "10 s"; "95 % to 98 %". */
const char *figures_seconds(int64_t least_ns, int64_t most_ns, char *out, size_t size);
const char *figures_percent(uint64_t least, uint64_t most, char *out, size_t size);

#endif
