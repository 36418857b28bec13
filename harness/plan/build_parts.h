/* build_parts - what the files that make a plan share. For build*.c and the files beside them only.
 *
 * The first fault sticks in rc: later steps do nothing.
 * Ownership: arena is the plan's own; everything made for the plan lives there.
 */
#ifndef HARNESS_BUILD_PARTS_H
#define HARNESS_BUILD_PARTS_H

#include "harness/plan/build.h"
#include "harness/profile/profile.h"
#include "harness/profile/statement.h"
#include "harness/script/script.h"
#include "harness/table/table.h"

#define BUILD_MAX_GROUPS 64 /* device groups: they travel as bits */
#define BUILD_MAX_LEGS 32   /* legs of one row that concern the equipment */

/* Legs that judge the same for this equipment and differ only in whom the harness plays. */
struct build_leg {
    const struct table_leg *leg; /* the first of them */
    uint64_t groups;             /* bits of the groups concerned */
    bool from_eut;
    const char *id, *from, *to; /* of all of them together */
    bool driven;                /* a case has it as target */
};

struct build_row {
    const struct table_row *source;
    const char *use_case; /* as the profile names it */
    bool selected;        /* by --suite and --row */
    struct build_leg *leg;
    size_t n_leg;
    int scenario; /* in build.scenario, -1 */
};

struct build_case { /* a plan_case while it is being made */
    const char *mode;
    uint32_t *group;
    size_t n_group;
    struct plan_target *target; /* variant: the leg's place in its row, until idle legs are gone */
    size_t n_target;
};

struct build_scenario {
    const struct scenario *script;
    const char *path, *file, *suite;
    char digest[65];
    struct build_case *kase;
    size_t n_case;
};

struct build {
    const struct plan_options *o;
    struct err *e;
    enum err_code rc;
    struct plan *plan;
    struct arena *arena;
    struct table *table;
    struct profile *profile;
    struct statement *statement;
    struct script *script;
    const char *home; /* data folder, ends in "/" */
    struct build_row *row;
    size_t n_row;
    struct plan_row *plan_row;     /* plan->row, while it is being made */
    struct plan_variant **variant; /* of each row, likewise */
    struct build_scenario *scenario;
    size_t n_scenario;
};

/* build_text.c: memory and words that stick. */
void *build_room(struct build *b, size_t bytes);
const char *build_copy(struct build *b, const char *text);
const char *build_text(struct build *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void build_fault(struct build *b, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "a, b" of n words. */
const char *build_join(struct build *b, const char *const *word, size_t n, const char *between);
/* The path below the data folder where it lies inside it, else as given. */
const char *build_relative(struct build *b, const char *path);

/* names.c: whether what the inputs name exists, and fits together. */
void build_check_statement(struct build *b);
void build_check_profile(struct build *b);
/* The use case of the document that is meant, by its name in the list or its chapter. */
const struct table_use_case *build_use_case(const struct table *t, const char *name);

/* select.c: --suite and --row. */
void build_select(struct build *b);

/* roles.c: rows in the profile's scope, each with the legs that concern the equipment. */
void build_rows(struct build *b);
/* Role and reason of each row; after the scenarios are known. */
void build_roles(struct build *b);
/* Bits of the device groups that a leg concerns on its from or its to side. */
uint64_t build_groups_of(const struct statement *s, const struct table_leg *leg, bool from);

/* scenarios.c: the scenario files of the rows, loaded and held against the table. */
void build_scenarios(struct build *b);

/* limits.c: the values of a leg after the profile's choices, overlays and share; -1 none. */
void build_latency(struct build *b, const struct table_row *row, const struct table_leg *leg,
                   const char *eut_actor, int64_t *strict_ns, int64_t *lax_ns);
enum build_field { OVERLAY_LATENCY = 0, OVERLAY_RATIO, OVERLAY_SIZE };
/* The value that the profile lays over a row's, -1 none. */
int64_t build_overlay(const struct build *b, const struct table_row *row, enum build_field field);
const struct profile_share *build_share(const struct build *b, const char *actor);
/* What the profile takes of the readings that a leg leans on; about is "latency", "period"... */
enum profile_take build_choice(const struct build *b, const struct table_leg *leg,
                               const char *about);
/* The equipment's actor in a leg. */
const char *build_eut_actor(const struct build *b, const struct build_leg *l);

/* pairs.c: the other half of a turnaround. */
void build_pair(struct build *b, const struct build_row *row, const struct build_leg *l,
                struct plan_variant *v);
/* The payload that proves that a command was consumed, NULL none. */
const char *build_reply(const struct build *b, const struct table_row *row);
/* Modes in which a command is sent at all: those of its answer. */
bool build_takes_mode(const struct build *b, const struct table_row *row,
                      const struct table_leg *leg, const char *mode);

/* variants.c: what is judged, with its rule. */
void build_variants(struct build *b);

/* criteria.c: which criteria of a variant are judged, and why the others are not. */
void build_criteria(struct build *b, const struct build_leg *l, struct plan_variant *v);

/* duty.c: what the equipment bears cuts the trials. After the variants. */
void build_duties(struct build *b);

/* register.c: the interpretations used, and the profile's own policies beside them. */
void build_register(struct build *b);

/* cases.c: which devices and mode are driven together; leaves out what no case drives. */
void build_cases(struct build *b);

/* endpoints.c: endpoints, device groups, capture filter. */
void build_endpoints(struct build *b);

#endif
