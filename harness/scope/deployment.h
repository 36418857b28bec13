/* deployment - the decisions that make a deployment profile, and what they leave in play.
 *
 * The decisions a) to k), the profiles that the document names and the actors and use cases that
 * hang on each decision are data (fixtures/requirements/deployment-profiles.xml): nothing here
 * knows any of them by name. A code is looked up, not parsed: the codes are irregular.
 * Ownership: a book is freed with deployment_book_free; a deployment borrows it and keeps its own
 *            texts in the arena that it was given.
 * Errors:    ERR_DATA for data and codes that are wrong, ERR_SCOPE for decisions that contradict
 *            each other.
 * Spec:      4.20.3.
 */
#ifndef HARNESS_DEPLOYMENT_H
#define HARNESS_DEPLOYMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/err.h"

#define DEPLOYMENT_CHOICES 24          /* in a book */
#define DEPLOYMENT_OPTIONS 64          /* of one choice: bits */
#define DEPLOYMENT_OPEN "nobody chose" /* source of a choice that is all of its options therefore */

/* One of the options is chosen. */
struct deployment_condition {
    uint32_t choice;
    uint64_t any; /* bits of its options */
};

struct deployment_option {
    const char *value;
    const char *sign, *note; /* letters in a code, "" none; NULL */
    const char *const *flow; /* data flows that only this option has */
    size_t n_flow;
    const char *const *off_path; /* actors that no path goes through with it */
    size_t n_off_path;
};

/* What one decision, or a part of it, settles. */
struct deployment_choice {
    const char *id, *letter, *about;
    const char *sign;                        /* before the options' letters, "" none */
    bool many;                               /* options stand beside each other */
    bool open;                               /* the document's codes leave it to the deployment */
    bool enrols;                             /* options can be in programs of retail providers */
    bool use_cases;                          /* its options are the use cases */
    const struct deployment_condition *when; /* it arises where all of them hold */
    size_t n_when;
    const struct deployment_option *option;
    size_t n_option;
};

struct deployment_code {
    const char *name, *table;  /* table of the document */
    const char *regular, *why; /* as the letters of its options would make it; NULL: just so */
    uint64_t chosen[DEPLOYMENT_CHOICES];
};

struct deployment_where {
    const char *ground;
    const struct deployment_condition *is; /* all */
    size_t n_is;
};

/* An actor, or a use case: in play where one of its wheres holds. */
struct deployment_subject {
    const char *name;
    bool provider; /* a retail provider's */
    const struct deployment_where *where;
    size_t n_where;
};

struct deployment_path {
    const char *use_case, *row; /* row: id, section or "*" */
    const char *const *via;
    size_t n_via;
};

struct deployment_book {
    const char *path;
    const struct deployment_choice *choice;
    size_t n_choice;
    const struct deployment_code *code;
    size_t n_code;
    const struct deployment_subject *actor;
    size_t n_actor;
    const struct deployment_subject
        *use_case; /* the options of the choice without any of its own */
    size_t n_use_case;
    const struct deployment_path *way;
    size_t n_way;
    uint64_t counted_ami, counted_da, counted; /* what the document says there are */
    const char *counted_file;

    struct arena arena; /* private */
};

/* path NULL: the one that ships with gridassay. */
enum err_code deployment_book_load(const char *path, struct deployment_book **out, struct err *e);
void deployment_book_free(struct deployment_book *b);

/* A deployment: what was chosen of each choice, and on whose word. */
struct deployment {
    const struct deployment_book *book;
    const char *code; /* "ACvIW+DCSIRsF"; "" the document names no such profile */
    uint64_t chosen[DEPLOYMENT_CHOICES], enrolled[DEPLOYMENT_CHOICES];
    bool enrolment[DEPLOYMENT_CHOICES];     /* somebody said which are enrolled */
    const char *source[DEPLOYMENT_CHOICES]; /* NULL: nobody chose */
    struct arena *arena;
};

void deployment_start(struct deployment *d, const struct deployment_book *b, struct arena *a);
/* A code of the document, or one of AMI "+" one of DA. what: stands before a fault, "file:line". */
enum err_code deployment_take_code(struct deployment *d, const char *code, const char *what,
                                   struct err *e);
/* One option of the decision with that letter, for what no code has settled. */
enum err_code deployment_take(struct deployment *d, const char *letter, const char *value,
                              const char *source, const char *what, struct err *e);
/* Whether that option, chosen before, is in a retail provider's programs. */
enum err_code deployment_enrol(struct deployment *d, const char *letter, const char *value,
                               bool enrolled, const char *what, struct err *e);
/* After all: open choices that nobody took are all of their options; any other is a fault. Finds
 * the code where it came from single decisions. */
enum err_code deployment_settle(struct deployment *d, const char *what, struct err *e);

/* The named profile of just these decisions of one family ("AMI", "DA"), NULL none. */
const struct deployment_code *deployment_encode(const struct deployment *d, const char *family);
/* "AMI" or "DA": the first choice's option. */
const char *deployment_family(const struct deployment_book *b, const struct deployment_code *c);
/* How many profiles the decisions that the named ones of a family settle would give when each is
 * combined with each: what else the document could mean. */
uint64_t deployment_product(const struct deployment_book *b, const char *family);

/* Whether the choice is to be made at all. */
bool deployment_arises(const struct deployment *d, size_t choice);
/* Whether it is all of its options, as nobody chose. */
bool deployment_is_open(const struct deployment *d, size_t choice);
/* "electr, gas" in the arena. */
const char *deployment_chosen(const struct deployment *d, size_t choice, struct err *e);
/* The choice with an option of that value under a letter; -1 none. *option its index. */
int deployment_option_at(const struct deployment_book *b, const char *letter, const char *value,
                         size_t *option);
/* Whether an option is chosen, by the choice's id and the option's value. */
bool deployment_is(const struct deployment *d, const char *choice, const char *value);

/* Why something is out, or by what it is in. */
struct deployment_cause {
    size_t choice;
    const char *ground;
};
/* Whether it is in play; one that the book does not know is, and leaves cause (or NULL) alone. */
bool deployment_has_actor(const struct deployment *d, const char *actor,
                          struct deployment_cause *cause);
bool deployment_has_use_case(const struct deployment *d, const char *use_case,
                             struct deployment_cause *cause);
bool deployment_is_provider(const struct deployment_book *b, const char *actor);
/* Whether paths may go through the actor. */
bool deployment_on_path(const struct deployment *d, const char *actor,
                        struct deployment_cause *cause);
/* Whether a path of a profile may use that data flow. */
bool deployment_has_flow(const struct deployment *d, const char *flow,
                         struct deployment_cause *cause);
/* An actor that a kind of device stands for: whether a retail provider's programs reach it. True
 * for actors of no such kind. */
bool deployment_is_enrolled(const struct deployment *d, const char *actor, size_t *choice);

/* "decision c (HANs: without; code ACvIW)" in the arena. */
const char *deployment_because(const struct deployment *d, size_t choice, struct err *e);

#endif
