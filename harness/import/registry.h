/* registry - what a table defines before its rows: use cases, spellings, readings, errata,
 * payloads.
 *
 * Taken from the cells of the register column, or from the table that an import builds on; what the
 * rows bring besides is added.
 * Ownership: registry_release frees everything; what is handed out is borrowed.
 * Errors:    ERR_DATA for a register that is no XML, ERR_NOMEM, ERR_LIMIT.
 */
#ifndef HARNESS_REGISTRY_H
#define HARNESS_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/err.h"
#include "harness/base/names.h"

struct definition {
    const char *kind; /* its element */
    const char *name; /* of a use case or payload, else "" */
    const char *xml;
    const char *lics, *cia; /* of a payload, "" */
    bool own;               /* the rows brought it */
};

struct spelled {
    const char *const *reads;
    size_t n;
};

struct registry {
    struct arena arena;
    struct definition *item;
    size_t n, cap;
    struct spelled *spelling; /* of actors */
    size_t n_spelling, cap_spelling;
    struct names payloads, use_cases, spellings; /* use cases by their letters and digits */
    const char *document, *edition;
};

enum payload_facts { FACTS_TAKEN = 0, FACTS_DIFFER, FACTS_HALF };

void registry_init(struct registry *r);
void registry_release(struct registry *r);
/* Elements side by side; what names them in messages is place. */
enum err_code registry_take(struct registry *r, const char *place, const char *xml, struct err *e);

/* The name by which the table knows a use case written in whatever case and dashes; one that it
 * does not know is defined. *own gets whether rows brought it. */
enum err_code registry_use_case(struct registry *r, const char *written, const char *section,
                                const char **name, bool *own, struct err *e);
/* Defines the payload, or gives it other categories and levels ("": as they are). *out tells where
 * that contradicts another row, or is only half of it. */
enum err_code registry_payload(struct registry *r, const char *name, const char *section,
                               const char *lics, const char *cia, enum payload_facts *out,
                               struct err *e);
bool registry_has_payload(const struct registry *r, const char *name);
/* The names that readings use for an actor as written: one or more. */
struct spelled registry_actor(const struct registry *r, const char *const *written);

/* All of it, in the order of the file. */
enum err_code registry_write(const struct registry *r, struct buf *out, struct err *e);

#endif
