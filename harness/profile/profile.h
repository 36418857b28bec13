/* profile - what the lab declares about the deployment: scope, zone, policies, risks and pace.
 *
 * XML, namespace urn:gridassay:profile:1, schema fixtures/schemas/profile.rng. Names that only the
 * requirement table knows (rows, use cases, interpretations) are checked where the plan is built.
 * Ownership: profile_free frees everything; all pointers are borrowed from it.
 * Errors:    ERR_DATA with file, line and what was expected; also when the zone has no data.
 * Time:      nanoseconds in *_ns.
 */
#ifndef HARNESS_PROFILE_H
#define HARNESS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "harness/base/sha256.h"
#include "harness/base/zone.h"
#include "harness/profile/profile_traffic.h"

enum profile_scope_kind { SCOPE_USE_CASE = 0, SCOPE_SECTION, SCOPE_ROW, SCOPE_KIND_COUNT };

struct profile_scope {
    enum profile_scope_kind kind;
    const char *name; /* use case, section ("4.10", "4.10.4.1") or row id */
    long line;
};

/* What the lab decides for one of the letters a) to k) of 4.20.3. */
struct profile_select {
    const char *letter, *value, *source;
    bool enrolment, enrolled; /* it says whether retail providers have it in their programs; so */
    long line;
};

/* Which deployment: a code of the document, and decisions beside it. */
struct profile_deployment {
    const char *code; /* "" decisions alone */
    const char *source;
    const struct profile_select *select;
    size_t n_select;
    long line;
};

/* Actors that stand between the ends of a use case's rows, or the data flows that tell them. */
struct profile_path {
    const char *use_case;
    const char *row;      /* a row id, a section, or "*" all of the use case */
    const char *dataflow; /* "1Ab + 1Ca + 1D", or another way of writing one path; "" via tells */
    const char *const *via;
    size_t n_via;
    long line;
};

/* After this, evidence time, what was not seen counts as failed. */
struct profile_give_up {
    const char *row; /* a row id, a section, or "*" all */
    int64_t after_ns;
    const char *reason;
};

/* A soak: so many trials are driven, even when the judge has decided after fewer. */
struct profile_trials {
    const char *row; /* a row id, a section, or "*" all */
    int64_t at_least;
    const char *reason;
    long line;
};

/* A value for one of the specification's letters: "xMB" in bytes, "xx" in per cent, "x", or
 * "See REQMTS Table" in times a day. The last one that covers a row wins. */
struct profile_parameter {
    const char *row;         /* a row id, a section, or "*" all */
    const char *name, *text; /* text: the value and its unit, as written */
    int64_t value;           /* rounded down; of xMB in bytes, whatever its unit */
    int64_t micro;           /* in millionths */
    const char *source;
    long line;
};

/* When on a day the campaigns of these rows run. */
struct profile_campaign {
    const char *row;      /* a row id, a section, or "*" all */
    int32_t from_s, to_s; /* local seconds of the day; to_s <= from_s goes over midnight */
    const char *source;
    long line;
};

/* How many devices of a kind the deployment has. */
struct profile_endpoints {
    const char *actor, *device_class; /* class "": of any class */
    uint64_t count;
    const char *source;
    long line;
};

enum profile_take { TAKE_ALL = 0, TAKE_STRICTEST, TAKE_LAXEST, TAKE_COUNT };

/* Which of the readings of an interpretation of the register this deployment goes by. */
struct profile_choice {
    const char *id;
    enum profile_take take;
    const char *reason;
    long line;
};

struct profile_share {
    const char *actor;
    int64_t ppm; /* of the end-to-end budget */
    const char *source;
    long line;
};

/* Limits in place of the table's: the profile then has a label, and no claim can be made. */
struct profile_overlay {
    const char *row;        /* a row id, a section, or "*" all */
    int64_t latency_ns;     /* -1: the table's */
    int64_t ratio_ppb;      /* -1: the table's */
    int64_t size_max_bytes; /* -1: the table's */
    const char *source;     /* "" none given */
    long line;
};

enum profile_size_policy { SIZE_CEILING = 0, SIZE_BAND, SIZE_INFORMATION, SIZE_POLICY_COUNT };

enum profile_rule {
    PROFILE_RULE_SEQUENTIAL = 0,
    PROFILE_RULE_FIXED,
    PROFILE_RULE_SHORT, /* no failure in so many trials */
    PROFILE_RULE_COUNT
};

/* Where the profile says nothing. The consumer's risk is what the confidence leaves. */
#define PROFILE_PRODUCER_PPM 50000
#define PROFILE_DISCRIMINATION_MILLI 3000
#define PROFILE_CLUSTERING_PPM 10000

/* Who tests, as the report has to say (ISO/IEC 17025, 7.8.2); "" not said. */
struct profile_laboratory {
    const char *name, *address, *accreditation, *authorised_by, *customer;
    const char *clock; /* what the clock of the capture is traced to */
};

struct profile {
    const char *path;
    const char *name, *label;                    /* label "" none */
    const struct profile_deployment *deployment; /* NULL none declared */
    const struct profile_scope *scope;
    size_t n_scope;
    const struct profile_path *way;
    size_t n_way;
    const char *zone; /* IANA */
    const void *tzif; /* RFC 8536 */
    size_t tzif_len;
    struct zone *clock; /* the same, read */
    int32_t shift_to_s; /* local second of the day at which driving begins; -1 no time shift */
    const char *shift_reason;
    int64_t clock_factor; /* of the deployment's clock over a whole day; 1 as it is */
    const char *clock_reason;
    int64_t confidence_ppm;
    enum profile_rule rule;
    int64_t consumer_ppm, producer_ppm, discrimination_milli, clustering_ppm;
    bool spread_producer; /* the producer's risk is that of all rows together */
    struct {              /* what the profile leaves to gridassay */
        bool rule, consumer, producer, discrimination, clustering, population;
    } silent;
    uint32_t trials_most; /* of any row; 0: as many as its rule may take */
    struct profile_laboratory lab;
    const struct profile_give_up *give_up;
    size_t n_give_up;
    const struct profile_trials *trials;
    size_t n_trials;
    int64_t pace_per_s;
    uint32_t overlap_max;
    uint32_t population_most;  /* devices that one trial reaches at once */
    uint16_t calibration_port; /* 0: the next one that is free */
    const char *interface;
    int64_t uncertainty_ns, linger_ns;
    enum profile_size_policy size_policy;
    int64_t k; /* 1000 or 1024 */
    bool window_strict;
    bool rate, confidentiality; /* judged as well */
    bool background; /* highload: everything else is sent, too, as often as the document says */
    const struct profile_parameter *parameter;
    size_t n_parameter;
    const struct profile_campaign *campaign;
    size_t n_campaign;
    const char *extrapolation; /* source; NULL: latencies per population are not extrapolated */
    const struct profile_choice *choice;
    size_t n_choice;
    const struct profile_share *share;
    size_t n_share;
    const struct profile_overlay *overlay;
    size_t n_overlay;
    const struct profile_endpoints *endpoints; /* no kind twice */
    size_t n_endpoints;
    const struct profile_traffic *traffic; /* NULL: nothing declared */
    char digest[SHA256_HEX_BYTES];         /* of the file */

    struct arena arena; /* private */
};

enum err_code profile_load(const char *path, struct profile **out, struct err *e);
void profile_free(struct profile *p);

/* Whether a scope name, "4.10" say, covers a row: its id, its section, one of the sections above
 * it, or "*". */
bool profile_covers(const char *name, const char *row_id, const char *section);

/* What has to be added to the real clock so that it reads shift_to_s in the profile's zone at
 * real_ns: at most half a day either way. 0 without a time shift. */
int64_t profile_time_shift_ns(const struct profile *p, int64_t real_ns);

#endif
