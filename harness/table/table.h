/* table - the requirement table of the SG-Network specification as data.
 *
 * Rows in document order, each with its cells as written and its declared legs (variants): one
 * judgeable reading each. Loaded from fixtures/requirements/ (XML, RELAX NG checked), frozen after.
 * Ownership: table_free frees everything; all strings and arrays are borrowed from it.
 * Errors:    ERR_DATA with file and line.
 * Time:      nanoseconds in *_ns; -1 where the document gives no value.
 * Spec:      SG Network System Requirements Specification 5.1, sections 4.3 to 4.15.
 */
#ifndef HARNESS_TABLE_H
#define HARNESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"
#include "harness/base/names.h"

struct cell;

enum table_trigger {
    TRIGGER_COMMAND = 0, /* someone else's message causes it */
    TRIGGER_SCHEDULE,    /* its origin picks the time */
    TRIGGER_EVENT,       /* something happened to its origin */
    TRIGGER_COUNT
};

/* Cells in column order; the first two name the row. */
enum table_cell {
    CELL_ATTRIBUTES = 0,
    CELL_BASELOAD,
    CELL_HIGHLOAD,
    CELL_FROM,
    CELL_TO,
    CELL_RELIABILITY,
    CELL_LATENCY,
    CELL_WHEN,
    CELL_HOW_OFTEN,
    CELL_SIZE,
    CELL_COUNT
};

/* A share as the document writes it, exactly: > 99.5% is 995/1000, strict. */
struct table_ratio {
    int64_t num, den; /* den 0: none */
};

/* One clause of a reliability cell. A plain "> 98%" has period 0. "90% success every 4-6 hr" has
 * period_min_ns 4 h and period_max_ns 6 h. */
struct table_clause {
    struct table_ratio ratio;
    int64_t period_min_ns, period_max_ns;
};

/* A daily window [from_s, to_s) in local seconds of the day; to_s <= from_s goes over midnight. */
struct table_window {
    int32_t from_s, to_s;
};

/* Runs that last so long and come so many times in a period ("year"). */
struct table_campaign {
    int64_t duration_min_ns, duration_max_ns;
    int64_t times_min, times_max;
    const char *period;
};

/* How often: so many times for each per units of a population in every period. */
struct table_rate {
    const char *text;             /* as written */
    int64_t times_min, times_max; /* -1: a letter, which is among the leg's parameters */
    int64_t per;                  /* 1000 in "25 per 1000 per | ElectrMtr per | day" */
    const char *population, *period;
    int64_t period_ns;      /* -1: an event, or not of fixed length as month and year */
    const char *note, *why; /* NULL; why the rate has no value */
};

/* A value that the document leaves to the deployment: a letter that stands for a number in a member
 * of a cell ("x", "y", "z", "xx", "xMB"), or the reference "See REQMTS Table". Letters in brackets
 * behind a name, as in Sub(x), tell instances apart and are no values. */
struct table_parameter {
    enum table_cell cell;
    const char *name, *text; /* text: the member as written */
};

/* Admissible values of a limit: one, or several where no ground decides between the document's. The
 * strictest latency is the first, the strictest reliability the last. */
struct table_limits {
    const int64_t *value; /* ascending */
    size_t n;
};

/* One judgeable reading. An exchange belongs to it when its origin is one of from and its
 * destination one of to. */
struct table_leg {
    const char *id;             /* unique in its row, stable: "1", "push-electr-residential" */
    enum table_trigger trigger; /* the row's, but for legs that say otherwise (poll beside push) */
    const char *command;        /* as in table_row */
    const char *const *from;
    size_t n_from;
    const char *const *to;
    size_t n_to;
    const char *mode;         /* "", "poll", "push" ... */
    const char *use_case;     /* of the list in section 3 that it holds for, "" all of the row */
    const char *device_class; /* "", "residential", "commercial-industrial" */
    struct table_limits latency_max; /* ns; n 0: not scorable */
    int64_t latency_min_ns;          /* lower end of a range, -1 */
    int64_t latency_per;             /* units that the limit is for: 1, or 100000 meters in all */
    const struct table_clause *clause;
    size_t n_clause;                        /* coverage, all must hold */
    struct table_limits reliability_ppb;    /* plain shares in 1e-9; n 0: clauses only or none */
    int64_t size_min_bytes, size_max_bytes; /* -1: none; the strictest admissible ceiling */
    int64_t size_max_lax_bytes;             /* the laxest; differs where k may be 1000 or 1024 */
    bool window_always;                     /* 24x7 */
    const struct table_window *window;
    size_t n_window;
    const char *const *after; /* event-relative or campaign periods, as written */
    size_t n_after;
    const char *rate;   /* how often, as read; NULL */
    const char *ground; /* why this leg is read so */
    /* Why the value is missing, else NULL. */
    const char *why_latency, *why_reliability, *why_size, *why_window, *why_rate;
    const char *const *interpretation; /* ids of the register */
    size_t n_interpretation;
    /* An event-relative period: within so long of the event. -1, NULL: none. */
    int64_t after_max_ns;
    const char *after_event;
    const struct table_campaign *campaign; /* NULL: the leg does not run in campaigns */
    const struct table_rate *how_often;    /* rate as data, one for each member quoted */
    size_t n_how_often;
    const struct table_parameter *parameter; /* in column order; each name once a cell */
    size_t n_parameter;
    bool optional; /* its requirement says "may" */
    /* All messages that it answers: command, and others that the narrative names (the multicast and
     * the broadcast beside the unicast command). None when the trigger is not a command. */
    const char *const *answers;
    size_t n_answers;
};

/* The text of a requirement in an own table, and where it stood. */
struct table_requirement {
    const char *ref; /* as the spreadsheet refers to it, "" */
    const char *leg; /* the reading that it is about, NULL: all of the row */
    const char *text;
    bool optional; /* table_asks_optional(text) */
};

struct table_row {
    const char *id; /* "4.10.4.1/on-demand_Mtr-read_cmd" */
    const char *section;
    const char *payload;
    const char *type;
    enum table_trigger trigger;
    const char *command; /* payload that causes it, for TRIGGER_COMMAND; else NULL */
    const char *const *use_case;
    size_t n_use_case;
    const char *const *attribute; /* names parsed from the attributes cell */
    size_t n_attribute;
    const char *cell[CELL_COUNT]; /* verbatim */
    const struct cell *parsed;    /* CELL_COUNT of them, see cell.h */
    int line;                     /* in the file */
    const char
        *dataflow; /* pseudo code of its communication paths (4.19), NULL where none is given */
    const char *unlisted; /* NULL; else no table of the document holds it: where it is named, and
                             why it is driven */
    const struct table_leg *leg;
    size_t n_leg;
    const struct table_requirement *requirement;
    size_t n_requirement;
    const char
        *readings; /* what is declared of it, as XML: requirements with a leg, unlisted, legs */
};

/* A line of 4.5.4.2's second table, or a child row: a part of a row's way, or a sub-total. */
struct table_part {
    const char *section, *payload; /* payload NULL: a sub-total */
    const char *row;               /* id of the row that it is a part of (a child row), NULL */
    const char *leg;               /* that reading of the row, NULL: any */
    const char *dataflow;          /* reference of its data flow, "1Ca"; NULL */
    const char *from, *to, *latency, *reliability, *size; /* verbatim */
    /* What a child row says besides, verbatim, "" where nothing; NULL in the document's own. */
    const char *ref, *type, *when, *how_often, *requirement;
    bool optional; /* "may" */
    int line;      /* in the file */
};

#define TABLE_USE_CASES_MAX 1000

/* A use case of the document's own list. */
struct table_use_case {
    const char *name, *section, *chapter;
    const char *const *needs; /* names of the use cases that it cannot do without (4.20.2) */
    size_t n_needs;
    bool third_party; /* other service providers are to be considered (4.20.1) */
};

/* A payload's own facts, from the payload tables. */
struct table_payload {
    const char *name, *section;
    const char *lics, *cia; /* as written; NULL with why */
    const char *why;
    const char *confidentiality; /* "H", "M" or "L", the first of cia; NULL with why */
};

struct table_interpretation {
    const char *id, *section, *reading, *ground;
};

struct table_erratum {
    const char *id, *section, *text, *reason;
};

struct table {
    const char *document, *edition; /* what it is the table of */
    const struct table_row *row;
    size_t n_row;
    const struct table_payload *payload;
    size_t n_payload;
    const struct table_interpretation *interpretation;
    size_t n_interpretation;
    const struct table_erratum *erratum;
    size_t n_erratum;
    const struct table_part *part;
    size_t n_part;
    const struct table_use_case *use_case;
    size_t n_use_case;
    const char *const *third_party; /* actors of other service providers (4.20.1) */
    size_t n_third_party;
    /* Everything that stands before the rows, element by element, as XML. */
    const char *const *definition;
    size_t n_definition;
    struct names rows, payloads; /* private: their numbers by id and name */
    char digest[65];             /* SHA-256 of the file */
    void *memory;                /* private */
};

/* path NULL: the specification's own table that ships with gridassay. */
enum err_code table_load(const char *path, struct table **out, struct err *e);
void table_free(struct table *t);

/* Names as people type them: without regard to case, and with any dash. */
bool table_same_name(const char *x, const char *y);

/* Whether payload is among the messages that the leg answers. */
bool table_leg_answers(const struct table_leg *leg, const char *payload);

/* Whether the text of a requirement asks for something optional: it says "may" (or "optional",
 * "optionally"), and neither "shall" nor "must" nor "required". A text with neither asks. */
bool table_asks_optional(const char *text);

/* "command", "schedule", "event". */
const char *table_trigger_name(enum table_trigger trigger);

/* The table's spelling of an actor, NULL when it knows none. */
const char *table_actor(const struct table *t, const char *name);
/* Use cases that a name means: its own in the list, or its chapter's. From the one at *from on;
 * NULL: no further one. */
const struct table_use_case *table_use_case_named(const struct table *t, const char *name,
                                                  size_t *from);

const struct table_row *table_row_by_id(const struct table *t, const char *id);
const struct table_payload *table_payload_by_name(const struct table *t, const char *name);
const struct table_interpretation *table_interpretation_by_id(const struct table *t,
                                                              const char *id);

#endif
