/* coverage - how each row of the table is exercised: by which statements, how, and what is scored.
 *
 * Made of the plans for several statements under one profile; a line per row and use case. For
 * cmd_coverage.c and coverage*.c only.
 * Ownership: everything lives in the coverage's arena; coverage_release frees it.
 * Errors:    ERR_NOMEM, ERR_LIMIT.
 */
#ifndef HARNESS_COVERAGE_H
#define HARNESS_COVERAGE_H

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/plan/plan.h"

/* Kinds of exchange; a row is usually of several. */
enum coverage_kind {
    KIND_ANSWERED = 0, /* to: a command that the equipment answers */
    KIND_READ_BACK,    /* to: a message that the equipment gives back when asked for it */
    KIND_ANSWER,       /* to: ours, to a command of the equipment's */
    KIND_UNPROVED,     /* to: nothing shows that it was consumed */
    KIND_REPLY,        /* from: answers a command of ours */
    KIND_EVENT,        /* from: after a stimulus */
    KIND_OWN_TIME,     /* from: the equipment picks the time */
    KIND_FORWARDED,    /* through */
    KIND_POPULATION,   /* one trial reaches many */
    KIND_COVERAGE,     /* a share of originators in each period */
    KIND_COPIES,       /* several destinations, an exchange each */
    KIND_AFTER,        /* within so long of an event */
    KIND_IMAGE,        /* in blocks, with a digest */
    KIND_COUNT
};

enum coverage_criterion {
    SCORED_RELIABILITY = 0,
    SCORED_LATENCY,
    SCORED_SIZE,
    SCORED_WINDOW,
    SCORED_RATE,
    SCORED_CONFIDENTIALITY,
    SCORED_COUNT
};

struct coverage_row {
    const char *id, *use_case;
    const char *file; /* of the scenario, NULL none */
    bool unlisted;
    const char *by[PLAN_ROLE_COUNT]; /* statements, "dms, systems"; "" none */
    unsigned kinds;                  /* bits of enum coverage_kind */
    unsigned scored;               /* bits of enum coverage_criterion: by one statement at least */
    const char *why[SCORED_COUNT]; /* why it is not, NULL */
    const char *reason;            /* why nothing exercises it */
};

struct coverage {
    struct coverage_row *row;
    size_t n_row, cap_row;
    size_t n_statement;
    struct arena arena; /* private */
};

/* The rows of a plan made for the statement of that (short) name. */
enum err_code coverage_add(struct coverage *c, const struct plan *p, const char *name,
                           struct err *e);
/* Driven by a scenario against one of the statements. */
bool coverage_exercised(const struct coverage_row *r);
void coverage_release(struct coverage *c);

/* width 0: lines as long as they are. */
enum err_code coverage_table(const struct coverage *c, size_t width, struct buf *out,
                             struct err *e);
/* For the README: reasons are numbered and stand below. */
enum err_code coverage_markdown(const struct coverage *c, struct buf *out, struct err *e);

/* "reply", "event": what the column says. */
const char *coverage_kind_name(enum coverage_kind kind);

#endif
