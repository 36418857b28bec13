/* subject - the devices that messages are about: the equipment's own, and those of its peers.
 *
 * All populations in one register that finds a device by its id. A device's state is a few bytes,
 * so millions fit. Ownership: borrows the statement; subjects borrow from the register.
 * Errors:    ERR_USAGE for an actor that the statement has no devices of, ERR_NOMEM, ERR_LIMIT.
 */
#ifndef HARNESS_SUBJECT_H
#define HARNESS_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"
#include "harness/play/known.h"
#include "harness/profile/statement.h"

#define ARMED_MAX 4

/* An error that the next command that can end in it ends in. */
struct armed {
    uint16_t payload; /* index + 1; 0 none */
    uint8_t code;
};

struct subject_state {
    bool open;    /* switch or valve: no supply */
    bool changed; /* by the operation just done */
    uint32_t reads;
    struct armed armed[ARMED_MAX];
};

struct population {
    const char *actor, *device_class; /* class "" none */
    uint32_t number;                  /* of the actor */
    uint64_t first_id;
    uint32_t count;
    const struct statement_endpoint *peer; /* NULL: the equipment's own */
    struct subject_state *state;
};

struct subjects {
    struct population *population; /* by first id */
    size_t n;
    struct actors own;                                 /* actors that the equipment is */
    const struct statement_endpoint *peer[ACTORS_MAX]; /* by actor, NULL none */
};

struct subject {
    uint64_t id;
    const struct population *of; /* NULL: no device is meant */
    struct subject_state *state;
};

/* actor NULL: all groups; else those of that actor. */
enum err_code subjects_init(struct subjects *s, const struct statement *statement,
                            const char *actor, struct known *k, struct err *e);
void subjects_release(struct subjects *s);
bool subjects_find(const struct subjects *s, uint64_t id, struct subject *out);
/* A device of that population. */
struct subject subject_at(const struct population *p, uint32_t index);

static inline bool subject_is_own(const struct subject *s)
{
    return s->of != NULL && s->of->peer == NULL;
}

/* The id of some other device of the same kind where there is one. */
uint64_t subject_other_id(const struct subject *s);

void subject_arm(const struct subject *s, uint16_t payload, uint8_t code);
/* The code that it is armed with, 0 none. */
unsigned subject_armed(const struct subject *s, uint16_t payload);
void subject_disarm(const struct subject *s, uint16_t payload);

#endif
