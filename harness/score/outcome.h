/* outcome - what became of one attempt: the unit that every rule counts, and the record on disk.
 *
 * struct exchange_record is the file "exchanges" as it lies on disk (little-endian, fixed size, one
 * per judged attempt, in the order in which they entered the rules); see README.md in this folder.
 * Time: CLOCK_REALTIME nanoseconds of the capture; 0 not seen.
 */
#ifndef HARNESS_OUTCOME_H
#define HARNESS_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/limits.h"
#include "harness/score/result.h"

/* How long it took against the limits of its variant, and how sure that is. */
enum timing {
    TIMING_NONE = 0, /* nothing arrived, or nothing tells when it was due */
    TIMING_IN,
    TIMING_BETWEEN, /* in time by one admissible reading or bound, late by another */
    TIMING_LATE,
    TIMING_COUNT
};

/* Where it stands to a window that runs from an event. */
enum placed {
    PLACED_NONE = 0,
    PLACED_INSIDE,
    PLACED_OUTSIDE,
    PLACED_BETWEEN, /* within the uncertainty, or something disturbed it */
    PLACED_OURS,    /* our own side held it longer than the window is */
    PLACED_COUNT
};

enum outcome_flag {
    OUTCOME_DELIVERED = 1 << 0,  /* the payload arrived whole and right, in time or not */
    OUTCOME_ARRIVED = 1 << 1,    /* a payload of this kind arrived, right or not */
    OUTCOME_DROP = 1 << 2,       /* the capture dropped packets during it */
    OUTCOME_STEP = 1 << 3,       /* the clock was stepped during it */
    OUTCOME_STALL = 1 << 4,      /* the harness stood still during it */
    OUTCOME_ENCRYPTED = 1 << 5,  /* inside TLS: nothing to be read */
    OUTCOME_UNPROVOKED = 1 << 6, /* from a foreign capture: losses of its kind cannot be seen */
    OUTCOME_EQUIPMENT = 1 << 7   /* the equipment is its origin */
};

/* Why it is indeterminate, where nothing in the flags tells. */
enum outcome_doubt {
    DOUBT_UNCERTAINTY = 1 << 0, /* within U of the limit */
    DOUBT_SENT_AGAIN = 1 << 1   /* our own side sent again, which explains what was seen */
};

struct exchange_record {
    uint32_t row, variant;
    uint32_t scenario, kase, trial, sub;
    int64_t origin_ns, end_ns; /* origin: first byte, or SYN where the equipment made it wait; or
                                  the stimulus */
    int64_t latency_ns;        /* -1 none */
    int64_t sent_ns;           /* first byte of the payload itself, for the hour of the day */
    uint64_t first_frame, last_frame;
    int64_t canonical_bytes; /* -1 none */
    uint32_t body_bytes, message_bytes;
    uint64_t device; /* EUI-64, or a hash of another id; 0 none */
    uint16_t status; /* HTTP */
    uint16_t copies;
    uint8_t cause;                        /* enum cause */
    uint8_t timing;                       /* enum timing */
    uint8_t role;                         /* enum journal_role */
    uint8_t flags;                        /* enum outcome_flag */
    uint8_t clause_failed, clause_unsure; /* bit i: clause i of the variant */
    uint8_t used;   /* 1: it entered the rules; 0: behind the one that decided its target */
    uint8_t placed; /* enum placed */
    uint8_t doubt;  /* enum outcome_doubt */
    uint8_t reserved[3];
};

_Static_assert(sizeof(struct exchange_record) == 112,
               "the exchanges file has records of 112 bytes");

#define OUTCOME_DEVICE_BYTES 40
#define OUTCOME_NOTE_BYTES 96

/* A link (until all of it had come to that endpoint) or an actor (while it had it), in the order of
 * the chain: so long of the exchange's time. In no file. */
#define OUTCOME_STAGES 16
#define OUTCOME_ORIGIN UINT32_MAX
#define OUTCOME_WHOLE (UINT32_MAX - 1)
#define OUTCOME_DESTINATION (UINT32_MAX - 2)
struct outcome_stage {
    /* Of the plan. OUTCOME_ORIGIN, OUTCOME_DESTINATION: whoever it comes from or goes to;
     * OUTCOME_WHOLE: the equipment, nothing was seen inside it. */
    uint32_t endpoint;
    bool link;
    int64_t took_ns;
};

struct outcome {
    struct exchange_record rec;
    struct outcome_stage stage[OUTCOME_STAGES];
    size_t n_stage; /* 0 of what did not arrive */
    char correlation[LIMIT_CORRELATION_BYTES + 1];
    char device[OUTCOME_DEVICE_BYTES];
    char note[OUTCOME_NOTE_BYTES]; /* what is wrong, "" */
};

#endif
