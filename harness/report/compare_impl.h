/* compare_impl - what the parts of the comparison share. */
#ifndef HARNESS_COMPARE_IMPL_H
#define HARNESS_COMPARE_IMPL_H

#include "harness/report/compare.h"

/* What the exchanges of one run say of one reading. */
struct compare_sample {
    uint64_t used, good, bad; /* used: outcomes; good and bad: units, the doubtful in neither */
    uint64_t by_cause[CAUSE_COUNT]; /* of the used ones */
    struct latencies latencies;
    /* The unit that is being filled, where that is a trial. */
    bool open, failed, unsure;
    uint32_t scenario, kase, trial;
    int64_t slowest_ns;
};

struct compare_side {
    const struct result *result;
    bool read;     /* its exchanges */
    size_t *first; /* index of each row's first reading among samples */
    struct compare_sample *sample;
    size_t n_sample;
};

/* Whether a reading's unit is the exchange, or a connection of its own, and not a whole trial. */
bool compare_by_exchange(const struct result_variant *v);

enum err_code compare_side_init(struct compare_side *s, const struct result *r, struct err *e);
void compare_side_release(struct compare_side *s);

/* A text of the comparison's arena; NULL without memory. */
const char *compare_say(struct compare *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* NULL and "" are alike. */
bool compare_same(const char *a, const char *b);
/* Whether a criterion asks the same in both runs. */
bool compare_asks_alike(const struct compare_reading *r, enum criterion_kind k);

/* Makes and adjusts the tests of all readings. */
enum err_code compare_run_tests(struct compare *c, struct err *e);

#endif
