/* journal - the write-ahead record of what the driver was about to do, and when.
 *
 * On disk: records one after the other, each {u32 length of what follows the crc, u32 crc32c of it,
 * u16 type, u16 version, u32 sequence, i64 real_ns, i64 mono_ns, body}, all little-endian; strings
 * as {u16 length, bytes}. The first record is BEGIN, a whole run ends in END. Documented byte by
 * byte in harness/journal/README.md.
 * A record is written (journal_flush) before the act it announces.
 * Ownership: a decoded record's strings are borrowed until the next journal_next.
 * Errors:    writer ERR_SYS: the file then ends with the last whole record that fitted. Reader
 *            ERR_CLOSED after END or at the file's end; ERR_AGAIN in follow mode; ERR_DATA (path,
 *            byte offset, expected) on a cut end, a bad length, crc, sequence or type.
 * Time:      real_ns CLOCK_REALTIME, mono_ns CLOCK_MONOTONIC, of the moment of writing.
 */
#ifndef HARNESS_JOURNAL_H
#define HARNESS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"

#define JOURNAL_NO_ROW UINT32_MAX /* a supporting message that no row of the plan judges */
/* Trial numbers of a case's preamble and postamble: no TRIAL record, supporting messages only. */
#define JOURNAL_PREAMBLE UINT32_MAX
#define JOURNAL_POSTAMBLE (UINT32_MAX - 1)
/* Scenario of calibration exchanges (correlation "ga-<nonce>-cal-<n>"). */
#define JOURNAL_CALIBRATION UINT32_MAX
/* Scenario of what goes out beside the trials (correlation "ga-<nonce>-bg-<n>"). */
#define JOURNAL_BACKGROUND (UINT32_MAX - 1)

enum journal_type {
    JOURNAL_BEGIN = 1,
    JOURNAL_TRIAL,         /* a trial starts */
    JOURNAL_ATTEMPT,       /* one exchange is about to be attempted */
    JOURNAL_OUTCOME,       /* what the harness's own socket told about a sent attempt */
    JOURNAL_TRIAL_END,     /* no further attempt of this trial */
    JOURNAL_STIMULUS,      /* the equipment is about to be provoked */
    JOURNAL_MARK,          /* a mark was asked of the capture */
    JOURNAL_CAPTURE_STATS, /* not written today: statistics live in the capture */
    JOURNAL_CLOCK,         /* heartbeat, every 100 ms: the judge may go on to this time */
    JOURNAL_STALL,         /* the harness stood still */
    JOURNAL_DECIDED,       /* the judge's word on a target, before the driver acts on it */
    JOURNAL_END,
    JOURNAL_TIMEBASE /* from here on the deployment's clock reads so */
};

enum journal_role {
    JOURNAL_SEND = 0, /* a message from a harness actor to the EUT */
    JOURNAL_REPLY, /* an answer expected from the EUT to a SEND of the same trial and correlation */
    JOURNAL_EVENT, /* a message expected from the EUT: after a stimulus, or at its own time */
    JOURNAL_ANSWER, /* a message from a harness actor that answers a request of the EUT */
    JOURNAL_THROUGH /* what was sent to the EUT as this trial's SEND or ANSWER with the same
                       correlation must arrive at another endpoint of ours */
};

#define JOURNAL_MAX_EXPECT 4

struct journal_text {
    const char *data;
    uint32_t len;
};

struct journal_record {
    enum journal_type type;
    uint32_t sequence;
    int64_t real_ns, mono_ns;
    union {
        struct {
            struct journal_text nonce, plan_digest;
        } begin;
        struct {
            uint32_t scenario, kase; /* indices in the plan */
            uint32_t trial;          /* 0-based, ascending per case in planned order */
            int64_t planned_ns;      /* real clock */
        } trial;
        struct {
            uint32_t scenario, kase, trial;
            uint32_t row, variant; /* plan indices; JOURNAL_NO_ROW for supporting messages */
            uint32_t sub;      /* counts attempts on the same row and variant within the trial */
            uint8_t role;      /* enum journal_role */
            uint32_t binding;  /* plan index of the payload's binding */
            uint32_t endpoint; /* plan index: where it goes (SEND), or where it must arrive */
            int64_t planned_ns;
            int64_t give_up_ns; /* relative; after this, evidence time, it counts as lost */
            /* SEND, ANSWER: the message's own id (MessageID). REPLY: of the SEND it answers.
             * THROUGH: of what was sent in. Empty for EVENT. */
            struct journal_text correlation;
            struct journal_text device; /* the subject's id: what the identity field must carry */
            uint32_t n_expect;          /* right content: field of the binding must equal value */
            struct {
                uint32_t field;
                struct journal_text value;
            } expect[JOURNAL_MAX_EXPECT];
        } attempt;
        struct {
            struct journal_text correlation;
            int32_t errno_value, curl_code, status; /* status: HTTP, 0 none */
            uint16_t local_port;                    /* 0 unknown */
            uint64_t sent_bytes, received_bytes;
        } outcome;
        struct {
            uint32_t scenario, kase, trial;
            uint8_t failed; /* the script ended in a fault of its own */
        } trial_end;
        struct {
            uint32_t scenario, kase, trial;
            struct journal_text name, device;
        } stimulus;
        struct {
            uint64_t number;
        } mark;
        struct {
            int64_t from_ns, to_ns; /* real clock */
        } stall;
        struct {
            uint32_t row, variant;
            uint32_t used; /* attempts, in planned order, that decided it */
        } decided;
        struct {
            uint8_t reason; /* 0 complete, 1 interrupted, 2 harness fault */
            struct journal_text text;
        } end;
        struct {
            /* deployment time at real clock t: t + shift_ns + (t - from_ns) * (factor - 1) */
            int64_t from_ns, shift_ns, factor;
        } timebase;
    } u;
};

struct journal_writer;
struct journal_reader;

enum err_code journal_create(const char *path, struct journal_writer **out, struct err *e);
/* Stamps real_ns, mono_ns and sequence itself, into *r. Buffered until journal_flush. */
enum err_code journal_write(struct journal_writer *w, struct journal_record *r, struct err *e);
/* As journal_write, but with r's own times: for tests and made-up journals. */
enum err_code journal_write_at(struct journal_writer *w, struct journal_record *r, struct err *e);
enum err_code journal_flush(struct journal_writer *w, struct err *e);
/* Flushes, syncs and closes; w is freed also on an error. NULL is fine. */
enum err_code journal_close(struct journal_writer *w, struct err *e);

enum err_code journal_open(const char *path, bool follow, struct journal_reader **out,
                           struct err *e);
/* The same over bytes in memory, which must outlive the reader. */
enum err_code journal_open_memory(const void *data, size_t len, struct journal_reader **out,
                                  struct err *e);
enum err_code journal_next(struct journal_reader *r, struct journal_record *rec, struct err *e);
/* The file is complete now: ends follow mode. */
void journal_finish(struct journal_reader *r);
/* Whether the fault that reading gave is that the file ends inside of a record, or before any. */
bool journal_is_cut(const struct journal_reader *r);
void journal_reader_close(struct journal_reader *r);

#endif
