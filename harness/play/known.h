/* known - the requirement table as equipment asks it: by payload and by actor.
 *
 * One entry a binding, with the legs of all rows of that payload and the payloads that it causes.
 * Sets of actors are bits, so that nothing compares names while messages pass.
 * Ownership: borrows table, bindings and actor names; known_release frees the rest.
 * Errors:    ERR_NOMEM; ERR_LIMIT for more actors than a set holds.
 */
#ifndef HARNESS_KNOWN_H
#define HARNESS_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"
#include "harness/probe/binding.h"
#include "harness/probe/envelope.h"
#include "harness/table/table.h"

#define ACTORS_MAX 128
#define ACTOR_NONE UINT32_MAX

struct actors {
    uint64_t bit[ACTORS_MAX / 64];
};

static inline bool actors_has(const struct actors *a, uint32_t actor)
{
    return actor < ACTORS_MAX && (a->bit[actor / 64] >> actor % 64 & 1) != 0;
}
static inline void actors_add(struct actors *a, uint32_t actor)
{
    if (actor < ACTORS_MAX)
        a->bit[actor / 64] |= UINT64_C(1) << actor % 64;
}
static inline bool actors_meet(const struct actors *a, const struct actors *b)
{
    return ((a->bit[0] & b->bit[0]) | (a->bit[1] & b->bit[1])) != 0;
}
static inline bool actors_any(const struct actors *a)
{
    return (a->bit[0] | a->bit[1]) != 0;
}
static inline struct actors actors_both(const struct actors *a, const struct actors *b)
{
    return (struct actors){{a->bit[0] & b->bit[0], a->bit[1] & b->bit[1]}};
}
static inline struct actors actors_without(const struct actors *a, const struct actors *b)
{
    return (struct actors){{a->bit[0] & ~b->bit[0], a->bit[1] & ~b->bit[1]}};
}
static inline void actors_join(struct actors *a, const struct actors *b)
{
    a->bit[0] |= b->bit[0];
    a->bit[1] |= b->bit[1];
}

struct known_leg {
    const struct table_row *row;
    const struct table_leg *leg;
    struct actors from, to;
};

enum known_kind { KNOWN_PLAIN = 0, KNOWN_COMMAND_ERROR, KNOWN_COMM_ERROR };

struct known_payload {
    const struct binding *binding;
    enum known_kind kind;
    const struct known_leg *leg; /* in the table's order */
    size_t n_leg;
    struct actors from, to;              /* of all legs */
    const struct known_payload **answer; /* what it causes: errors too, acknowledgements first */
    size_t n_answer;
};

struct known {
    struct known_payload *payload; /* one a binding, in their order */
    size_t n;
    const char *actor[ACTORS_MAX];
    uint32_t n_actor;
    uint16_t *by_element;  /* hash of element names: index + 1, 0 free */
    struct known_leg *leg; /* of all */
    const struct known_payload **answer;
};

enum err_code known_init(struct known *k, const struct table *t, const struct binding *b, size_t n,
                         struct err *e);
void known_release(struct known *k);

/* The number of an actor, which is taken in when it is new. ACTOR_NONE: no room. */
uint32_t known_actor(struct known *k, const char *name, size_t len);
/* Without taking it in. */
uint32_t known_actor_of(const struct known *k, const char *name, size_t len);

const struct known_payload *known_by_element(const struct known *k, struct slice element);
const struct known_payload *known_by_name(const struct known *k, const char *payload, size_t len);

/* Whether that answer can answer that command. */
bool known_answers(const struct known_payload *answer, const struct known_payload *command);

#endif
