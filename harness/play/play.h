/* play - the reference equipment: the actors of a statement, alive on its addresses.
 *
 * Answers what it is asked, sends what it is provoked to through its control address, passes on
 * what is for those behind it, and is wrong in named ways on request (defect.h). What it does comes
 * from the requirement table and the bindings; it judges nothing. Ownership: everything in
 * play_config is borrowed until play_close. Errors:    ERR_SYS port in use, ERR_USAGE, ERR_DATA.
 */
#ifndef HARNESS_PLAY_H
#define HARNESS_PLAY_H

#include <ev.h>
#include <stdbool.h>

#include "harness/base/err.h"
#include "harness/base/zone.h"
#include "harness/play/defect.h"
#include "harness/probe/binding.h"
#include "harness/profile/profile.h"
#include "harness/profile/statement.h"
#include "harness/table/table.h"

struct play_config {
    const struct statement *statement;
    const char *actor; /* NULL: all devices of the statement */
    const struct table *table;
    const struct binding *binding;
    size_t n_binding;
    const struct defect_set *defects;
    bool reply_by_request;
    uint64_t seed;
    const struct zone *zone;       /* of the rows' windows; NULL UTC */
    const struct profile *profile; /* for the hours of campaigns; NULL none are known */
    const char *certificate, *key; /* PEM, for an endpoint with TLS; NULL none */
    const char *truth;             /* file for what it knows itself (truth.h); NULL none */
};

struct play;

enum err_code play_open(struct ev_loop *loop, const struct play_config *config, struct play **out,
                        struct err *e);
/* ERR_SYS: the truth could not be written. */
enum err_code play_close(struct play *p, struct err *e);

/* "address:port control address:port", address in brackets when IPv6. */
void play_where(const struct play *p, char *out, size_t size);

#endif
