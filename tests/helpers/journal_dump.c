/* journal_dump FILE: one line a record, for tests.
 *
 *   TYPE key=value ... in the order of the journal; "error TEXT" at the end when it cannot be read.
 */
#include <inttypes.h>
#include <stdio.h>

#include "harness/journal/journal.h"

static void text(const char *key, struct journal_text t)
{
    printf(" %s=%.*s", key, (int)t.len, t.data);
}

static void index_of(const char *key, uint32_t v)
{
    if (v >= UINT32_MAX - 1)
        printf(" %s=%s", key, v == UINT32_MAX ? "-" : "--");
    else
        printf(" %s=%" PRIu32, key, v);
}

static void where(uint32_t scenario, uint32_t kase, uint32_t trial)
{
    index_of("scenario", scenario);
    index_of("case", kase);
    index_of("trial", trial);
}

static void print(const struct journal_record *r)
{
    switch (r->type) {
    case JOURNAL_BEGIN:
        printf("BEGIN");
        text("nonce", r->u.begin.nonce);
        break;
    case JOURNAL_TRIAL:
        printf("TRIAL");
        where(r->u.trial.scenario, r->u.trial.kase, r->u.trial.trial);
        printf(" planned=%" PRId64, r->u.trial.planned_ns);
        break;
    case JOURNAL_ATTEMPT: {
        static const char *const role[] = {"send", "reply", "event", "answer", "through"};
        printf("ATTEMPT %s", r->u.attempt.role < 5 ? role[r->u.attempt.role] : "?");
        where(r->u.attempt.scenario, r->u.attempt.kase, r->u.attempt.trial);
        index_of("row", r->u.attempt.row);
        index_of("variant", r->u.attempt.variant);
        printf(" sub=%" PRIu32 " binding=%" PRIu32 " endpoint=%" PRIu32 " give_up=%" PRId64,
               r->u.attempt.sub, r->u.attempt.binding, r->u.attempt.endpoint,
               r->u.attempt.give_up_ns);
        text("correlation", r->u.attempt.correlation);
        text("device", r->u.attempt.device);
        for (uint32_t i = 0; i < r->u.attempt.n_expect; i++) {
            printf(" expect.%" PRIu32, r->u.attempt.expect[i].field);
            text("value", r->u.attempt.expect[i].value);
        }
        break;
    }
    case JOURNAL_OUTCOME:
        printf("OUTCOME");
        text("correlation", r->u.outcome.correlation);
        printf(" errno=%" PRId32 " code=%" PRId32 " status=%" PRId32 " sent=%" PRIu64
               " received=%" PRIu64,
               r->u.outcome.errno_value, r->u.outcome.curl_code, r->u.outcome.status,
               r->u.outcome.sent_bytes, r->u.outcome.received_bytes);
        break;
    case JOURNAL_TRIAL_END:
        printf("TRIAL_END");
        where(r->u.trial_end.scenario, r->u.trial_end.kase, r->u.trial_end.trial);
        printf(" failed=%d", r->u.trial_end.failed);
        break;
    case JOURNAL_STIMULUS:
        printf("STIMULUS");
        where(r->u.stimulus.scenario, r->u.stimulus.kase, r->u.stimulus.trial);
        text("name", r->u.stimulus.name);
        text("device", r->u.stimulus.device);
        break;
    case JOURNAL_MARK:
        printf("MARK number=%" PRIu64, r->u.mark.number);
        break;
    case JOURNAL_CAPTURE_STATS:
        printf("CAPTURE_STATS");
        break;
    case JOURNAL_CLOCK:
        printf("CLOCK");
        break;
    case JOURNAL_STALL:
        printf("STALL ms=%" PRId64, (r->u.stall.to_ns - r->u.stall.from_ns) / 1000000);
        break;
    case JOURNAL_DECIDED:
        printf("DECIDED row=%" PRIu32 " variant=%" PRIu32 " used=%" PRIu32, r->u.decided.row,
               r->u.decided.variant, r->u.decided.used);
        break;
    case JOURNAL_END:
        printf("END reason=%d", r->u.end.reason);
        text("text", r->u.end.text);
        break;
    case JOURNAL_TIMEBASE:
        printf("TIMEBASE from=%" PRId64 " shift=%" PRId64 " factor=%" PRId64, r->u.timebase.from_ns,
               r->u.timebase.shift_ns, r->u.timebase.factor);
        break;
    }
    printf(" mono=%" PRId64 "\n", r->mono_ns);
}

int main(int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct journal_reader *j = NULL;
    struct journal_record r;
    if (argc != 2)
        return 2;
    enum err_code rc = journal_open(argv[1], false, &j, &e);
    while (rc == ERR_OK && (rc = journal_next(j, &r, &e)) == ERR_OK)
        print(&r);
    if (rc != ERR_CLOSED)
        printf("error %s\n", e.text);
    journal_reader_close(j);
    return rc == ERR_CLOSED ? 0 : 1;
}
