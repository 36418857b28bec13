/* statement - what the vendor declares about the equipment under test (PICS and PIXIT).
 *
 * Identity, devices, where they are reached and where they send, what provokes them and what they
 * bear. XML, namespace urn:gridassay:statement:1, schema fixtures/schemas/statement.rng.
 * Ownership: statement_free frees everything; all pointers are borrowed from it.
 * Errors:    ERR_DATA with file, line and what was expected.
 */
#ifndef HARNESS_STATEMENT_H
#define HARNESS_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "harness/base/sha256.h"

/* Devices that share actor and class: ids first_id + 0 .. count - 1. */
struct statement_group {
    const char *actor, *device_class; /* class "" none */
    uint64_t first_id;                /* EUI-64 */
    uint32_t count;
    long line;
};

struct statement_endpoint {
    const char *actor;   /* NULL: the equipment's own */
    const char *address; /* numeric, IPv4 or IPv6 without brackets */
    uint16_t port;
    const char *path; /* URL path, begins with "/" */
    bool tls;
    /* A played population: ids first_id + 0 .. count - 1, of that class. A peer always has one:
     * count 1 and an id of its own where the statement names none. */
    const char *device_class;
    uint64_t first_id;
    uint32_t count;
    long line;
};

struct statement_stimulus {
    const char *name;       /* "audit-event"; "*": any that has no entry of its own */
    const char *method;     /* "POST" or "prompt" */
    const char *url;        /* with {device}, {value} and {stimulus} (its name); a prompt's text */
    const char *credential; /* name of the one that goes with it, NULL none */
    long line;
};

struct statement_duty {
    const char *payload;
    uint32_t most;      /* operations in all, 0 no limit */
    int64_t spacing_ns; /* least time between two on one device */
    const char *why;
    long line;
};

/* What is really written into the equipment by a payload. */
struct statement_image {
    const char *payload;
    const char *file, *path; /* as given; where it was found */
    const char *version;
    uint64_t bytes;
    const char *digest; /* SHA-256 of what was found, hex */
    long line;
};

/* Three different things (ISO/IEC 9646-7). */
enum statement_support { SUPPORT_UNSET = 0, SUPPORT_YES, SUPPORT_NO, SUPPORT_COUNT };

/* The vendor's answer to an item; what items there are, harness/items/ knows. */
struct statement_answer {
    const char *id;
    enum statement_support support;
    /* "" where the statement does not repeat or give it: the item's status and allowed values as
     * the vendor read them; the values supported; what the vendor adds. */
    const char *status, *values, *allowed, *remark;
    long line;
};

struct statement_items {
    const char *actor; /* "" the equipment as a whole */
    const struct statement_answer *answer;
    size_t n_answer;
    long line;
};

struct statement_protocol {
    const char *name, *version; /* "HTTP", "1.1" */
    const char *role;           /* "server", "client" or "both" */
    long line;
};

/* A secret by its reference: nothing here ever holds what it refers to. */
struct statement_credential {
    const char *name, *purpose;
    const char *file, *env; /* one of them NULL; file as given */
    const char *path;       /* of the file, beside the statement; NULL */
    long line;
};

struct statement {
    const char *path;
    long identity_line, http_line;
    const char *vendor, *model, *hardware, *firmware, *firmware_digest; /* digest: SHA-256, hex */
    const struct statement_group *group;
    size_t n_group;
    struct statement_endpoint eut;
    bool connection_per_exchange; /* else keep-alive */
    bool reply_by_request;        /* answers come later, as requests to the ReplyAddress */
    bool read_back; /* it can be asked which message it has consumed, and gives it back */
    const struct statement_endpoint *peer; /* one for each actor that the harness plays */
    size_t n_peer;
    /* Where actors of the equipment, or of the chain that it is a part of, send to each other,
     * within what is captured. The harness only looks. */
    const struct statement_endpoint *inside;
    size_t n_inside;
    const char *tls_ca, *tls_certificate, *tls_key; /* found beside the statement; NULL none */
    bool push, poll;                                /* how interval reads come */
    bool own_schedule; /* scheduled payloads come by themselves, as often as the deployment gives */
    const struct statement_stimulus *stimulus;
    size_t n_stimulus;
    const struct statement_duty *duty;
    size_t n_duty;
    const struct statement_image *image; /* no payload twice */
    size_t n_image;
    const struct statement_protocol *protocol;
    size_t n_protocol;
    const struct statement_credential *credential;
    size_t n_credential;
    const struct statement_items *items;
    size_t n_items;
    /* Where the reference equipment takes its stimuli: of the first POST stimulus, NULL when its
     * URL is not http://NUMERIC-ADDRESS:PORT/... */
    const char *control_address;
    uint16_t control_port;
    char digest[SHA256_HEX_BYTES]; /* of the file */

    struct arena arena; /* private */
};

/* Also reads the images, for their digests. */
enum err_code statement_load(const char *path, struct statement **out, struct err *e);
void statement_free(struct statement *s);

/* The harness's endpoint for an actor, or NULL. */
const struct statement_endpoint *statement_peer(const struct statement *s, const char *actor);
/* By name; else the one for any, "*"; else NULL. */
const struct statement_stimulus *statement_stimulus_by_name(const struct statement *s,
                                                            const char *name);
/* By name; NULL none. */
const struct statement_credential *statement_credential_by_name(const struct statement *s,
                                                                const char *name);
/* What the vendor gives for a payload that carries an image, or NULL. */
const struct statement_image *statement_image_for(const struct statement *s, const char *payload);

#endif
