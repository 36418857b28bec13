/* cell - one cell of the requirement table, read by the grammar of its column.
 *
 * A cell as written folds several rows into one: it is a list of members, and members stand in
 * groups. In the actor, reliability and time columns a comma without a blank behind it starts a new
 * group, a comma with a blank goes on in the same one; brackets hide commas.
 * Reading never fails on what is written: a member outside the grammar, or one that holds a letter
 * in place of a number, says why it has no value.
 * Ownership: everything lives in the arena given.
 * Errors:    ERR_NOMEM, ERR_LIMIT for more than CELL_ITEMS members or CELL_BYTES bytes.
 * Time:      whole seconds in *_s.
 * Spec:      SG Network System Requirements Specification 5.1, sections 2.2.2.2 and 4.3 to 4.15.
 */
#ifndef HARNESS_CELL_H
#define HARNESS_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/err.h"
#include "harness/table/table.h"

#define CELL_ITEMS 64
#define CELL_BYTES 8192
#define CELL_PARAMETERS 3

enum item_kind {
    ITEM_UNRESOLVED = 0, /* outside the grammar; why tells */
    ITEM_ATTRIBUTE,
    ITEM_ABOUT, /* words on the whole attribute list: "for REPs energy customers" */
    ITEM_FLAG,
    ITEM_ACTOR,
    ITEM_SHARE,
    ITEM_LIMIT,
    ITEM_ALWAYS, /* 24x7 */
    ITEM_WINDOW,
    ITEM_AFTER, /* within so long of an event */
    ITEM_CAMPAIGN,
    ITEM_RATE,
    ITEM_BYTES,
    ITEM_KIND_COUNT
};

/* A member. Numbers are -1 where the cell gives none, strings NULL. */
struct cell_item {
    enum item_kind kind;
    int group;        /* from 1 */
    const char *text; /* as written, white space folded */
    const char *why;  /* why there is no value, else NULL */
    union {
        struct {
            const char *name, *detail,
                *note; /* "general account information", in brackets, behind */
            bool many; /* "device ID(s)" */
        } attribute;
        struct {
            bool set;
            const char *mode; /* "VVC" */
        } flag;
        struct {
            const char *name;
        } actor;
        struct {
            int64_t ppb; /* 1e9 is all */
            bool strict; /* written with > */
            int64_t period_min_s, period_max_s;
            const char *condition; /* "large outage" */
        } share;
        struct {
            int64_t min_s, max_s;
            int64_t per; /* population that the limit is for, 1 */
            const char *of, *note;
        } limit;
        struct {
            int32_t from_s, to_s; /* of the local day; to_s <= from_s goes over midnight */
        } window;
        struct {
            int64_t max_s;
            const char *event, *note;
        } after;
        struct {
            int64_t duration_min_s, duration_max_s, times_min, times_max;
            const char *period;
        } campaign;
        struct {
            int64_t times_min, times_max;
            int64_t per; /* 1000 in "25 per 1000 per" */
            const char *population, *period, *note;
            int64_t period_s; /* -1 when the period is an event or not of fixed length */
        } rate;
        struct {
            int64_t min, max;                /* in units */
            char unit;                       /* 0, 'k', 'M' */
            const char *min_note, *max_note; /* "for 4hr of data" */
        } bytes;
    } as;
    /* Values in it that the deployment gives, see table_parameter. NULL behind the last. */
    const char *parameter[CELL_PARAMETERS + 1];
};

struct cell {
    enum table_cell column;
    const struct cell_item *item;
    size_t n_item;
    const char *why; /* NULL when every member has its value, else the first reason */
};

enum err_code cell_parse(enum table_cell column, const char *text, struct arena *a,
                         struct cell *out, struct err *e);

/* The item as an XML element, the form that the requirement file keeps beside the cell. */
enum err_code cell_item_write(const struct cell_item *item, struct buf *out, struct err *e);

/* White space runs to single blanks, none at the ends. NULL when memory is out. */
char *cell_fold(struct arena *a, const char *text, size_t len);

/* The column's name in files and output: "attributes", "how_often". */
const char *cell_column_name(enum table_cell column);
/* CELL_COUNT when there is none of that name. */
enum table_cell cell_column_by_name(const char *name);

#endif
