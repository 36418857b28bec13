/* build_parts - what the files that make a plan share. For build*.c and the files beside them only.
 *
 * The first fault sticks in rc: later steps do nothing.
 * Ownership: arena is the plan's own; everything made for the plan lives there.
 */
#ifndef HARNESS_BUILD_PARTS_H
#define HARNESS_BUILD_PARTS_H

#include "harness/items/items.h"
#include "harness/plan/build.h"
#include "harness/profile/profile.h"
#include "harness/profile/statement.h"
#include "harness/scope/deployment.h"
#include "harness/script/script.h"
#include "harness/table/table.h"

#define BUILD_MAX_GROUPS 256 /* device groups, of the equipment and played */
#define BUILD_MAX_LEGS 64    /* readings of one row that concern the equipment */
#define BUILD_MAX_MODES 8    /* of one scenario */
#define BUILD_MAX_PEERS 64   /* that take turns opposite a subject */
#define BUILD_MAX_ENDS 64    /* actors of one leg that play a part in one trial */

/* One passage of a row's payload in one kind of trial: who sends it to whom, and where that stands
 * towards the equipment. Made by course.c for a subject and a peer. */
struct build_passage {
    const struct table_leg *leg;
    enum plan_role role;
    enum plan_cause cause;
    const char *origin;    /* who sends it */
    const char *eut_actor; /* actor of the equipment that is concerned */
    const char *to;        /* the destination, NULL all of the leg */
    bool apart;            /* it is split off for that destination */
    bool observed;         /* it comes by itself: nothing provokes it */
    int endpoint;          /* as in plan_target */
};

/* Passages that judge the same and differ only in whom the harness plays: a variant of the row. */
struct build_leg {
    struct build_passage at;    /* the first of them */
    const char *subject;        /* actor that its trials are about, of the first of them */
    uint64_t legs;              /* bits of the row's legs */
    const char *id, *from, *to; /* of all of them together */
    const char **driven;        /* actors that are an end in one of its trials */
    size_t n_driven;
    bool population;
    uint32_t reach;   /* devices of one trial, 0: the one subject */
    uint64_t devices; /* of all cases together */
};

struct build_row {
    const struct table_row *source;
    const struct table_use_case *use; /* NULL: the row serves none of the list */
    const char *use_case;             /* its name, "" none */
    const char *left_out; /* by a decision of the deployment or a "may", which it tells; NULL */
    bool selected;        /* by --suite and --row */
    bool of_mode;         /* it has the flag of --mode */
    const char *idle;     /* why no case may have it as target, NULL */
    bool unprovoked;      /* a passage was left out: nothing makes it happen */
    struct build_leg *leg;
    size_t n_leg;
    int scenario; /* in build.scenario, -1 */
};

struct build_case { /* a plan_case while it is being made */
    const char *mode, *use_case;
    uint32_t *group;
    size_t n_group;
    struct plan_target *target;
    size_t n_target;
    struct plan_support *support;
    size_t n_support;
    uint32_t *peer;
    size_t n_peer;
    bool population, whole_day;
    uint32_t reach; /* devices of one trial of a population */
};

struct build_scenario {
    const struct scenario *script;
    const struct table_row **row; /* of each of its payloads */
    bool *leads;                  /* of each: it says whom the trials are about */
    const char *path, *file, *suite;
    char digest[65];
    struct build_case *kase;
    size_t n_case, cap_case;
};

/* A kind of trial: a scenario run for a use case in a mode, about devices of one group, opposite
 * one of our actors. */
struct build_trial {
    const struct build_scenario *scenario;
    const char *use_case, *mode;
    size_t subject;          /* device group */
    const char *peer;        /* actor of ours, NULL: the equipment's, or several */
    const char *const *turn; /* those that take turns, peer among them */
    size_t n_turn;
    size_t wave; /* rows with passages of several roles take as many cases */
    bool population;
    bool whole_day;  /* what the equipment sends at times of its own */
    bool observed;   /* and by itself */
    bool leads_only; /* rows that lead are judged, no others */
};

struct build {
    const struct plan_options *o;
    struct err *e;
    enum err_code rc;
    struct plan *plan;
    struct arena *arena;
    struct table *table;
    struct table *document; /* the specification's, where table is the lab's own; NULL not needed */
    struct profile *profile;
    struct statement *statement;
    struct deployment_book *book;  /* NULL: the profile declares no deployment */
    struct deployment *deployment; /* NULL likewise */
    const struct table_row
        *whole;           /* the table's rows, where table->row is what the deployment left */
    const bool *optional; /* by row of the table: all its readings were optional; NULL: none was */
    struct items *items;  /* what the statement answers */
    struct script *script;
    const char *home;         /* data folder, ends in "/" */
    struct profile_path *way; /* the profile's, with the actors of those given as data flows */
    size_t n_way;
    bool by_flows; /* one of them was given so */
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
const char *build_vtext(struct build *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
void build_fault(struct build *b, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "a, b" of n words. */
const char *build_join(struct build *b, const char *const *word, size_t n, const char *between);
/* The path below the data folder where it lies inside it, else as given. */
const char *build_relative(struct build *b, const char *path);

/* names.c: whether what the inputs name exists, and fits together. */
void build_check_statement(struct build *b);
void build_check_profile(struct build *b);
/* Use cases of the document that a name means: its own in the list, or its chapter's. From the one
 * at *from on; NULL: no further one. */
const struct table_use_case *build_use_case(const struct table *t, const char *name, size_t *from);

/* deployment.c: which actors, use cases and readings the profile's deployment leaves in play. After
 * the names are checked: the table, the statement and the ways are then those of the deployment. */
void build_deployment(struct build *b);
/* deployment_ways.c: the paths that it has where the profile declares none; the actors of a path
 * that are on it. */
void build_deployment_ways(struct build *b);
void build_deployment_via(struct build *b, struct profile_path *w);

/* ways.c: the profile's communication paths. Before all that asks for them. */
void build_ways(struct build *b);
/* Whether a data flow of 4.19 ends at the actor: also those that no row names. */
bool build_on_paths(struct build *b, const char *actor);

/* select.c: --suite and --row. */
void build_select(struct build *b);

/* ends.c: actors and device groups, the equipment's first, then the played ones. */
size_t build_n_group(const struct build *b);
const char *build_group_actor(const struct build *b, size_t group);
const char *build_group_class(const struct build *b, size_t group);
uint32_t build_group_count(const struct build *b, size_t group);
bool build_is_eut(const struct build *b, const char *actor);
/* Plan endpoint of the actor's first peer, -1 none. */
int build_peer(const struct build *b, const char *actor);
bool build_names(const char *const *actor, size_t n, const char *wanted);
/* The first of them that is the equipment's, or that the harness plays; NULL none. */
const char *build_first_eut(const struct build *b, const char *const *actor, size_t n);
const char *build_first_peer(const struct build *b, const char *const *actor, size_t n);
/* The equipment's actor on the declared way of the row's use case, NULL none. */
const char *build_via(const struct build *b, const struct table_row *row, const char *use_case);
/* "A, B" and the actors not yet among them. */
const char *build_add_actors(struct build *b, const char *have, const char *const *actor, size_t n);

/* roles.c: rows in the profile's scope; later their roles and reasons. */
/* optional.c: leaves out what the table asks for with "may"; the reason, NULL for other rows. */
void build_optional(struct build *b);
const char *build_why_optional(const struct build *b, const struct table_row *row);
void build_rows(struct build *b);
/* After the scenarios: why a row must stay idle. */
void build_idle(struct build *b);
/* How the row stands towards the equipment, whoever a trial is about. */
enum plan_role build_standing(struct build *b, const struct build_row *r);
/* After the cases: role and reason of each row. */
void build_roles(struct build *b);
/* Whether a leg of the row holds for a use case of it. */
bool build_leg_serves(const struct table_leg *leg, const char *use_case);

/* unclaimed.c: what the vendor's answers take out of the plan, or say against a whole claim. */
/* Makes b->items; a fault where an answer "no" is to nothing. */
void build_answers(struct build *b);
/* The item by which the vendor does not claim a passage of that row, NULL: claimed. Of a leg, or of
 * what goes through the equipment (leg NULL). */
const struct item *build_unclaimed(const struct build *b, const char *actor,
                                   const struct table_row *row, const char *use_case,
                                   const struct table_leg *leg);
/* The same for a row that no passage was left of, as the reason why; *role is what it has then.
 * NULL: some passage of it is claimed. */
const char *build_unclaimed_row(struct build *b, const struct build_row *r, enum plan_role *role);
/* After the roles: what is declared not to be there, and the limits of a claim. */
void build_unclaimed_limits(struct build *b);

/* scenarios.c: the scenario files of the rows, loaded and held against the table. */
void build_scenarios(struct build *b);
/* The index of the scenario that drives a section, loaded where it is not; -1: there is none. */
int build_scenario_of(struct build *b, const char *section);
/* The scenario's entry of that name, NULL none. */
const struct scenario_payload *build_listed(const struct scenario *s, const char *payload);

/* subjects.c: whom trials are about, and who stands opposite. */
enum { SIDE_FROM = 1, SIDE_TO = 2, SIDE_ANY = 3 };
unsigned build_sides(const struct table_leg *leg, const char *actor);
unsigned build_subject_side(const struct scenario *s);
bool build_class_fits(const struct table_leg *leg, const char *device_class);
/* Which payloads say whom the trials are about; when the scenario is loaded. */
void build_leads(struct build *b, struct build_scenario *x);
bool build_is_lead(const struct build_scenario *x, const struct table_row *row);
/* Whether a trial of that kind reaches all its subjects at once by that payload. */
bool build_for_population(const struct scenario *s, const struct scenario_payload *p);
/* Whether trials are about devices of t->subject. */
bool build_is_subject(struct build *b, const struct build_trial *t);
/* Actors of ours that stand opposite the subject, one of them in each trial. */
size_t build_opposite(struct build *b, const struct build_trial *t, const char **out, size_t most);
/* The listed command that a leg answers, NULL when nobody listed asks. */
const struct table_row *build_command(const struct build_scenario *x, const struct table_leg *leg);

/* course.c: the passages of a payload in a kind of trial. */
size_t build_passages(struct build *b, const struct build_trial *t, const struct table_row *row,
                      struct build_passage *out, size_t most);
/* How many waves the row takes. */
size_t build_waves(struct build *b, const struct build_trial *t, const struct table_row *row);

/* limits.c: the values of a leg after the profile's choices, overlays and share; -1 none. */
void build_latency(struct build *b, const struct table_row *row, const struct table_leg *leg,
                   const char *eut_actor, int64_t *strict_ns, int64_t *lax_ns);
enum build_field { OVERLAY_LATENCY = 0, OVERLAY_RATIO, OVERLAY_SIZE };
/* The value that the profile lays over a row's, -1 none. */
int64_t build_overlay(const struct build *b, const struct table_row *row, enum build_field field);
/* The overlay that gives it, NULL none. */
const struct profile_overlay *build_overlaid(const struct build *b, const struct table_row *row,
                                             enum build_field field);
const struct profile_share *build_share(const struct build *b, const char *actor);
/* What the profile takes of the readings that a leg leans on; about is "latency", "period"... */
enum profile_take build_choice(const struct build *b, const struct table_leg *leg,
                               const char *about);

/* values.c: what the document leaves to the deployment. */
const struct profile_parameter *build_parameter(const struct build *b, const struct table_row *row,
                                                const char *name);
/* Why a cell of the leg has no value: which letter the profile gives none for. NULL: all given. */
const char *build_missing(struct build *b, const struct table_row *row, const struct table_leg *leg,
                          enum table_cell cell);
/* The profile's value for the letter in a cell, its source in the variant's note; NULL none. */
const struct profile_parameter *build_value(struct build *b, const struct table_row *row,
                                            const struct table_leg *leg, enum table_cell cell,
                                            struct plan_variant *v);
/* The hours of the leg's campaigns, NULL none. */
const struct profile_campaign *build_campaign(const struct build *b, const struct table_row *row,
                                              const struct table_leg *leg);
void build_rate(struct build *b, const struct build_row *row, const struct build_leg *l,
                struct plan_variant *v);
void build_extrapolate(struct build *b, const struct build_leg *l, struct plan_variant *v);
/* Adds to what the report says beside a variant. */
void build_note(struct build *b, struct plan_variant *v, const char *text);

/* by_itself.c: what the equipment sends by itself, as often as the deployment gives. */
/* Whether the profile and the statement let a day of it be observed. */
bool build_observes(const struct build *b);
/* Why a scheduled passage can't be observed though they do; NULL: it can. */
const char *build_unobserved(const struct build *b, const struct table_row *row,
                             const struct build_passage *p);
/* Whether a trial observes, or leaves to be observed, that passage about its subject. */
bool build_is_observed(const struct build *b, const struct build_trial *t,
                       const struct table_row *row, const struct build_passage *p);
/* Whether a day of it makes a sample of that many. */
bool build_day_holds(const struct build_leg *l, const struct plan_variant *v);
/* Takes the size out of a day that makes none: once the rules are known. */
void build_day_sizes(const struct build_leg *l, struct plan_variant *v);
/* Whether the deployment's clock can be made to pass a whole day, and the profile asks for it. */
bool build_days_pass(const struct build *b);

/* pairs.c: the other half of a turnaround. */
void build_pair(struct build *b, const struct build_row *row, const struct build_leg *l,
                struct plan_variant *v);
/* The payload that proves that a command was consumed, one of the scenario's; NULL none. */
const char *build_reply(const struct build *b, const struct table_row *row,
                        const struct build_scenario *x);
/* Modes in which a command is sent at all: those of its answer. */
bool build_takes_mode(const struct build *b, const struct table_row *row,
                      const struct table_leg *leg, const char *mode);

/* variants.c: what is judged, with its rule. */
void build_variants(struct build *b);
void build_rules(struct build *b);

/* criteria.c: which criteria of a variant are judged, and why the others are not. */
void build_criteria(struct build *b, const struct build_row *row, const struct build_leg *l,
                    struct plan_variant *v);

/* duty.c: what the equipment bears cuts the trials. After the variants. */
void build_duties(struct build *b);

/* images.c: the vendor's images, and which rows make do without. After the variants. */
void build_images(struct build *b);

/* register.c: the interpretations used, and the profile's own policies beside them. */
void build_register(struct build *b);

/* cases.c: which devices and mode are driven together. */
void build_cases(struct build *b);
/* Modes of the scenario's own rows for a use case; "" alone where they know none. */
size_t build_modes(const struct build_scenario *x, const char *use_case, const char **out);
bool build_mode_offered(const struct build *b, const char *mode);

/* emit.c: how many devices a trial reaches, and what proves that commands were consumed; after the
 * variants, the cases in their form in the plan. */
void build_proofs(struct build *b);
void build_emit(struct build *b);

/* endpoints.c: endpoints, device groups, capture filter. */
void build_endpoints(struct build *b);

/* build_method.c: tool, table, actors and every value that shaped the plan. After all others. */
void build_method(struct build *b);
/* method_values.c: appends the values. */
void build_method_values(struct build *b);

/* cover.c: which rows concern the equipment, and what of them is not driven. */
void build_cover(struct build *b);
/* claim_limits.c: what keeps any claim of this plan from being a whole one; after cover.c. */
void build_claim_limits(struct build *b);
/* One more of them. kind: as in method.h. */
void build_limit(struct build *b, const char *kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* between.c: use cases of which nobody says whether the equipment lies between their rows' ends. */
void build_between(struct build *b);
/* prerequisites.c: the use cases that the chosen ones cannot do without. */
void build_prerequisites(struct build *b);
/* quantities.c: how many devices of each kind the deployment has, and the run. */
void build_quantities(struct build *b);
/* certify.c: whether the settings are those of a certification; a fault where they are not. */
void build_certify(struct build *b);

/* background.c: what is sent beside the trials of --mode highload. After the endpoints. */
void build_background(struct build *b);

#endif
