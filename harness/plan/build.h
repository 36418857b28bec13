/* build - makes the plan: which rows are in, why, how they are driven and by what rule judged.
 *
 * Used by the front program only (it loads Lua); the driver and the judge read plan.xml.
 * Errors: ERR_DATA, ERR_SCOPE, ERR_SCRIPT, ERR_USAGE (unknown suite or row named in options).
 */
#ifndef HARNESS_PLAN_BUILD_H
#define HARNESS_PLAN_BUILD_H

#include "harness/plan/plan.h"

struct plan_options {
    const char *table;        /* NULL: the specification's */
    const char *profile;      /* path; required */
    const char *statement;    /* path; required */
    const char *const *suite; /* names, sections or folders; none: all that the profile selects */
    size_t n_suite;
    const char *const *row; /* row ids; none: all */
    size_t n_row;
    const char *nonce;    /* NULL: drawn from the system's random source */
    const char *pap02;    /* "baseload", "highload": rows with that flag; NULL: all */
    const char *trace;    /* with highload: a file of payloads to send at its times; NULL none */
    uint32_t trials_most; /* of each row; 0: what the profile says */
    bool arm;             /* operations that switch power are allowed */
    bool certification;   /* ERR_SCOPE where a setting is not that of a certification */
};

enum err_code plan_build(const struct plan_options *o, struct plan **out, struct err *e);

#endif
