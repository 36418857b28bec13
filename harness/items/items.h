/* items - what one statement has to answer, and what it answers.
 *
 * A list for the equipment as a whole, then one for each actor of its groups, in their order. What
 * an item asks for follows from the other answers of its list (and the equipment's): a condition
 * that an unset answer leaves open stays open.
 * Ownership: items_free frees everything; strings are borrowed from it, rows and answers from the
 * table and the statement.
 * Errors:    ERR_DATA, ERR_NOMEM. What is wrong with the answers is no error here: harness/pics/.
 * Spec:      ISO/IEC 9646-7
 */
#ifndef HARNESS_ITEMS_H
#define HARNESS_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/items/catalogue.h"
#include "harness/profile/statement.h"
#include "harness/table/table.h"

enum ask_kind {
    ASK_EQUIPMENT = 0,
    ASK_USE_CASE, /* U.: the actor is an end of its rows */
    ASK_FORWARD,  /* F.: messages of it go through the actor */
    ASK_MODE,     /* V.: rows in a mode */
    ASK_ROW,      /* R. */
    ASK_KIND_COUNT
};

/* What is asked of the vendor, once the condition is evaluated. */
enum item_need {
    NEED_MANDATORY = 0,
    NEED_OPTIONAL,
    NEED_EXCLUDED,
    NEED_NOT_APPLICABLE,
    NEED_OPEN, /* unset answers leave it open */
    NEED_COUNT
};

struct item {
    enum ask_kind kind;
    const char *id;
    const char *status;                    /* as the list has it: "M", "O.1", "C.1"... */
    const char *about;                     /* what it is, in a phrase */
    const char *reference;                 /* "4.10.4.1", "RFC 9112" */
    const char *allowed;                   /* values, "" it takes none */
    const char *fact;                      /* what in a statement uses it, "" nothing */
    const char *mode;                      /* ASK_MODE; else NULL */
    const char *use_case;                  /* ASK_USE_CASE, ASK_FORWARD; else NULL */
    const struct table_row *row;           /* ASK_ROW; else NULL */
    bool sends, receives;                  /* ASK_ROW: the actor does */
    const struct statement_answer *answer; /* NULL: the statement has none */
    enum statement_support support;        /* the answer's, unset where there is none */
    enum item_need need;
};

struct item_list {
    const char *actor; /* the table's spelling; NULL the equipment as a whole */
    struct item *item;
    size_t n_item;
    const struct statement_items *given; /* NULL: the statement has no such list */
    bool sends;                          /* a row */
};

/* Items of one list that share an O.n, none of which is supported. */
struct item_unmet {
    const struct item_list *list;
    const struct catalogue_choice *choice;
    bool open; /* some are unset */
};

struct items {
    struct catalogue *catalogue;
    struct item_list *list;
    size_t n_list;
    struct item_unmet *unmet;
    size_t n_unmet;
    struct arena arena; /* private */
};

/* catalogue NULL: the one that ships with gridassay. */
enum err_code items_make(const struct table *t, const struct statement *s, const char *catalogue,
                         struct items **out, struct err *e);
void items_free(struct items *i);

const struct item *item_by_id(const struct item_list *l, const char *id);
/* The list of an actor, in any spelling of the table's; "" the equipment's; NULL none. */
const struct item_list *items_of_actor(const struct items *i, const struct table *t,
                                       const char *actor);
/* Whether it needs an answer and has none. */
bool item_is_unset(const struct item *item);

/* "yes", "no", "unset". */
const char *support_name(enum statement_support s);

#endif
