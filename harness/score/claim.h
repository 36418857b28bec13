/* claim - what may be claimed of the equipment on the word of a result: computed, nowhere else.
 *
 * Whole only when every row of the profile that concerns the equipment's actors has passed with all
 * its readings driven, nothing in the method limits it, and the evidence, the campaign and the
 * endpoints reached are those that it takes; else partial, with what is covered and what is not and
 * why. No claim at all where the run counts for none (label, no ledger, no journal of ours) or
 * nothing passed. A pure function of the result: no option of any command has a say.
 * Ownership: claim_release frees; texts of rows are borrowed from the result.
 * Errors:    ERR_NOMEM.
 * Spec:      4.20.1, 4.20.2.
 */
#ifndef HARNESS_CLAIM_H
#define HARNESS_CLAIM_H

#include "harness/base/arena.h"
#include "harness/base/take.h"
#include "harness/base/xmlw.h"
#include "harness/score/result.h"

enum claim_kind { CLAIM_NONE = 0, CLAIM_PARTIAL, CLAIM_WHOLE, CLAIM_KIND_COUNT };

/* What became of a row that a claim has to cover. */
enum claim_part {
    CLAIM_COVERED = 0, /* passed, with all of its readings */
    CLAIM_IN_PART,     /* passed as far as it was driven */
    CLAIM_FAILED,
    CLAIM_INCONCLUSIVE,
    CLAIM_ERROR,
    CLAIM_NOT_EXERCISED,
    CLAIM_NOT_SCORABLE,
    CLAIM_NOT_RUN,
    CLAIM_PART_COUNT
};

struct claim_row {
    const struct result_row *row;
    enum claim_part part;
    const char *why;    /* "" covered */
    uint64_t endpoints; /* the fewest devices that one of its readings was shown for */
};

struct claim {
    enum claim_kind kind;
    const char *wording; /* one or two sentences */
    const char *actors, *taps, *spans;
    const char *endpoints; /* "600 of 600 2-Way Meter - Electr (residential), ..." */
    uint64_t n_endpoints;  /* that the wording names */
    const struct claim_row *row;
    size_t n_row;
    uint32_t of[CLAIM_PART_COUNT];
    const struct method_limit *limit; /* why it is not whole, beside rows */
    size_t n_limit;
    const char *condition; /* what a whole claim holds under: "", or sentences */
    struct arena arena;    /* private */
};

enum err_code claim_make(const struct result *r, struct claim *out, struct err *e);
void claim_release(struct claim *c);

/* "none", "partial", "whole"; "covered", "in part", "failed"... */
const char *claim_kind_name(enum claim_kind k);
const char *claim_part_name(enum claim_part p);

/* Devices of a quantity that exchanges reached: what the claim counts. */
uint64_t claim_reached(const struct result *r, const struct method_quantity *q);

/* claim_io.c: its attributes and children in <claim>, which is open. */
void claim_write(struct xmlw *w, const struct claim *c);
/* Whether the element says what the result it stands in comes to; a fault where it does not. */
void claim_check(struct take *t, xmlNodePtr node, const struct result *r);

#endif
