/* method - how a solution was shown to meet the requirements, for the documentation that the
 * specification asks for.
 *
 * Decisions, values with their sources, paths, quantities and what else shapes a claim: filled when
 * the plan is built, written into plan.xml, taken over into run.xml, so that the report alone
 * tells.
 * Ownership: strings and arrays live in the arena of the plan or result that holds the struct.
 * Spec:      4.20.2 (what a statement of satisfying the requirements must hold), 4.20.3, 4.21
 *            step 5.
 */
#ifndef HARNESS_METHOD_H
#define HARNESS_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of the decisions a) to k) of 4.20.3. */
struct method_decision {
    const char *letter; /* "a" to "k" */
    const char *about;  /* "CIS to AMI Head-End" */
    const char *chosen; /* "via MDMS" */
    const char *source; /* "code ACvIW", or what the profile gives for its own choice */
};

/* The kind of the value that says how much faster a whole day of the deployment passes: its text is
 * a number. */
#define METHOD_CLOCK_FACTOR "clock factor"

/* The kind of the value that tells of a requirement table other than the document's. */
#define METHOD_OWN_TABLE "own table"

/* A value that shaped the plan: the lab's for a letter of the document, an overlaid limit, a share
 * of a budget, the pace, a policy. */
struct method_value {
    const char
        *kind; /* "parameter", "overlay", "share", "campaign", "give-up", "policy", "pace"... */
    const char *where; /* row id, section, actor; "*" everywhere */
    const char *name;  /* "xMB", "latency", "k"... */
    const char *text;  /* the value with its unit */
    const char *source;
};

/* The communication path of a use case's rows. */
struct method_way {
    const char *use_case, *where; /* where: row id, section or "*" */
    const char *dataflow;         /* "1Ab + 1Ca + 1D", "" where the profile names actors only */
    const char *via;              /* actors in between, "A, B" */
};

/* How many endpoints of a kind the deployment has, and how many this run stood up. */
struct method_quantity {
    const char *actor, *device_class; /* class "" all */
    uint64_t deployment;              /* 0: the profile gives no number */
    uint64_t tested;                  /* devices of that kind in the plan, of the EUT or played */
    const char *source;
};

/* A use case that the closure of 4.20.2 asks for. */
struct method_prerequisite {
    const char *use_case;
    const char *needed_by; /* use cases that need it, "A, B"; "" the profile's own choice */
    bool in_scope;         /* the profile has it */
};

/* What keeps any claim of this plan from being a whole one, whatever the verdicts. */
struct method_limit {
    const char
        *kind; /* "selection", "overlay", "label", "prerequisite", "statement", "quantity"... */
    const char *text; /* one sentence */
};

struct method {
    const char *tool;                  /* version of gridassay that made the plan */
    const char *table, *table_edition; /* document and edition of the requirement table */
    const char *deployment;            /* code: "ACvIW+DCSIRsF"; "" none declared */
    const char *actors;                /* all actors of the profile's rows, "A, B" */
    bool certification;                /* made with its settings fixed */
    const struct method_decision *decision;
    size_t n_decision;
    const struct method_value *value;
    size_t n_value;
    const struct method_way *way;
    size_t n_way;
    const struct method_quantity *quantity;
    size_t n_quantity;
    const struct method_prerequisite *prerequisite;
    size_t n_prerequisite;
    const struct method_limit *limit;
    size_t n_limit;
};

#endif
