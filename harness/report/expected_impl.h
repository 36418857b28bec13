/* expected_impl - what the parts of the list of expected failures share. */
#ifndef HARNESS_EXPECTED_IMPL_H
#define HARNESS_EXPECTED_IMPL_H

#include "harness/report/expected.h"
#include "harness/report/words.h"

struct expected_entry {
    int line;
    const char *row, *use_case, *leg; /* NULL: any */
    int criterion;                    /* -1 any that spoils */
    enum outcome outcome;
    int cause;          /* -1 any */
    const char *reason; /* text of the list, blanks trimmed */
    const char *until;  /* "2026-12-31", NULL */
    const char *what;
    bool known, expired, passed; /* passed: a row of the result at hand, where it should fail */
    uint32_t fails, passes;      /* points of the row at hand that it covers */
};

struct expected {
    struct arena arena;
    const char *path;
    struct expected_entry *entry;
    size_t n;
};

/* expected_check for the rows of a result. */
enum err_code expected_check_result(struct expected *x, const struct result *r, struct err *e);
/* The most frequent cause of failure, the first of equals; -1: none. */
int expected_dominant(const struct result_variant *v);

#endif
