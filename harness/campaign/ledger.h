/* ledger - all runs that count for one claim: one entry a line, each bound to the one before it.
 *
 * A file only grows. Each line is one XML element; its sha256 is that of the line without this
 * attribute and without its end, and its before is the sha256 of the entry before it, so that no
 * entry can be changed, taken out, put in or moved without the file saying so. The last one's is
 * the head: every run notes the head that it found in its plan and result.
 * Ownership: ledger_free frees everything; pointers inside are borrowed from it.
 * Errors:    ERR_EVIDENCE for a chain that does not hold, with file and line; ERR_DATA for what is
 *            no ledger, or one of a newer version.
 * Time:      at is UTC in ISO 8601, as written.
 * Spec:      README.md of this folder.
 */
#ifndef HARNESS_LEDGER_H
#define HARNESS_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/err.h"
#include "harness/base/sha256.h"
#include "harness/base/sign.h"

#define LEDGER_VERSION "1"
#define LEDGER_ID_BYTES 17 /* 16 hex digits and the closing 0 */
#define LEDGER_SUFFIX ".ledger"
/* What stands for the digest of the line before the first. */
#define LEDGER_NO_DIGEST "0000000000000000000000000000000000000000000000000000000000000000"

enum ledger_kind {
    LEDGER_OPEN = 0, /* what the campaign is about; the first entry and no other */
    LEDGER_BEGIN,    /* a run, before its first trial */
    LEDGER_END,      /* what came of it */
    LEDGER_RESET,    /* starting over, signed: a new generation */
    LEDGER_CUT,      /* the line before it is what a cut append left */
    LEDGER_KIND_COUNT
};

/* What makes a campaign: another digest of the firmware is another one. */
struct ledger_identity {
    const char *vendor, *model, *hardware, *firmware, *firmware_digest;
    const char *profile, *label; /* label: "", or why the profile makes no claim */
};

struct ledger_counts { /* rows */
    uint32_t pass, fail, inconclusive, error, not_exercised, not_scorable, not_run;
};

struct ledger_failed { /* a row that failed in a run */
    const char *row, *use_case;
};

struct ledger_entry {
    enum ledger_kind kind;
    uint32_t number; /* of the entry, from 1 */
    size_t line;     /* in the file, from 1 */
    const char *digest, *before, *at;
    const char *nonce; /* begin, end: of the run */
    /* begin */
    uint32_t submission; /* of its generation, from 1 */
    const char *plan_digest, *profile_digest, *table_digest, *statement_digest;
    const char *folder; /* relative to the ledger's own where it can be */
    const char *after;  /* nonce of the run that it goes on with, "" none */
    /* end */
    const char *result_digest, *exchanges_digest; /* "" where there is no such file */
    const char *verdict;                          /* a word of verdict_name, "" no result */
    const char *ended;                            /* how a run ended that is not complete, "" */
    int status;                                   /* exit status of the run */
    struct ledger_counts rows;
    const struct ledger_failed *failed;
    size_t n_failed;
    /* reset */
    const char *reason;
    struct sign_by by; /* as verified */
    const uint8_t *signature;
    size_t signature_bytes;
    /* cut */
    const char *cut_digest; /* of the line before, without its end */
    bool cut_begin;         /* it was a begin: counts as a submission */
};

struct ledger {
    struct arena arena; /* private: holds all of the below */
    const char *path;
    char id[LEDGER_ID_BYTES];
    struct ledger_identity identity;
    const struct ledger_entry *entry;
    size_t n_entry;
    char head[SHA256_HEX_BYTES];
    uint32_t generation;  /* from 1 */
    uint32_t submissions; /* of this generation */
    size_t current;       /* index of the first entry of this generation */
    size_t n_line;        /* whole lines, what cut appends left included */
    size_t tail_bytes;    /* of a last line that was cut; 0 none */
    bool tail_begin;      /* it was a begin, counted in submissions */
    bool open_end;        /* the last entry is whole, only its line end is missing */
    char tail_digest[SHA256_HEX_BYTES];
};

/* 16 hex digits of the identity; the firmware's name is not part of it, its digest is. */
enum err_code ledger_id(const struct ledger_identity *i, char id[LEDGER_ID_BYTES], struct err *e);

/* Reads and checks all of it. trust NULL: the signatures of resets hold, whoever signed; else a PEM
 * file of certificates that the signers' must lead to. */
enum err_code ledger_read(const char *path, const char *trust, struct ledger **out, struct err *e);
/* The same from memory. */
enum err_code ledger_parse(const char *path, const char *data, size_t len, const char *trust,
                           struct ledger **out, struct err *e);
void ledger_free(struct ledger *l);

/* The run's begin or end, NULL none. */
const struct ledger_entry *ledger_find(const struct ledger *l, enum ledger_kind kind,
                                       const char *nonce);
/* The generation of an entry, from 1. */
uint32_t ledger_generation(const struct ledger *l, const struct ledger_entry *entry);

const char *ledger_kind_name(enum ledger_kind k);

/* What the lab signs to start over: campaign, head and reason. */
enum err_code ledger_reset_text(const char *id, const char *head, const char *reason,
                                struct buf *out, struct err *e);

/* Appends an entry's line, its end included. identity: of an open; digest receives its sha256. */
enum err_code ledger_format(const struct ledger_entry *entry,
                            const struct ledger_identity *identity, struct buf *out,
                            char digest[SHA256_HEX_BYTES], struct err *e);

#endif
