#include <string.h>

#include "harness/drive/inside.h"

void drive_fault(struct drive *d, const struct err *e)
{
    if (d->fault.code == ERR_OK)
        d->fault = *e;
    ev_break(d->loop, EVBREAK_ALL);
}

void record(struct drive *d, struct journal_record *r)
{
    struct err e = ERR_INIT;
    if (d->fault.code == ERR_OK && journal_write(d->journal, r, &e) != ERR_OK)
        drive_fault(d, &e);
}

void record_flush(struct drive *d)
{
    struct err e = ERR_INIT;
    if (d->fault.code == ERR_OK && journal_flush(d->journal, &e) != ERR_OK)
        drive_fault(d, &e);
}

void record_outcome(struct drive *d, const char *correlation, const struct speaker_outcome *o)
{
    struct journal_record r = {.type = JOURNAL_OUTCOME};
    r.u.outcome.correlation = (struct journal_text){correlation, (uint32_t)strlen(correlation)};
    r.u.outcome.errno_value = o->errno_value;
    r.u.outcome.curl_code = o->code;
    r.u.outcome.status = o->status;
    r.u.outcome.local_port = o->local_port;
    r.u.outcome.sent_bytes = o->sent_bytes;
    r.u.outcome.received_bytes = o->received_bytes;
    record(d, &r);
}
