/* What the harness itself needs: exchanges with a responder that answers at once, at the run's
 * pace. Before a run they take about a second, more where it is slow: LEAST make a worst case. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define RESPONDER "calibration responder"
#define MOST 500
#define LEAST 20
#define SLOWEST_PER_S 2 /* the run may be slower still: LEAST then take ten seconds */
#define PATIENCE_NS (3 * NS_PER_S)
#define AT_ONCE 64 /* then the loop turns: a pace beyond this machine must not stop its heart */

static void name(const struct drive *d, uint64_t n, char *out)
{
    (void)snprintf(out, DRIVE_CORRELATION, "ga-%s-cal-%" PRIu64, d->plan->nonce, n);
}

void calibrate_begin(struct drive *d)
{
    const struct plan *p = d->plan;
    d->cal.done = true;
    for (size_t i = 0; i < p->n_endpoint; i++)
        if (strcmp(p->endpoint[i].actor, RESPONDER) == 0) {
            d->cal.endpoint = (uint32_t)i;
            d->cal.done = false;
        }
    d->cal.binding = -1;
    for (size_t i = 0; i < p->n_binding && d->cal.binding < 0; i++)
        if (p->binding[i].kind == ENVELOPE_REQUEST)
            d->cal.binding = (int)i;
    if (d->cal.done || d->cal.binding < 0) {
        d->cal.done = true;
        return;
    }
    int64_t pace = p->pace_per_s < SLOWEST_PER_S ? SLOWEST_PER_S : p->pace_per_s;
    d->cal.wanted = d->o.calibrations > 0 ? d->o.calibrations
                    : pace > MOST         ? MOST
                    : pace < LEAST        ? LEAST
                                          : (uint32_t)pace;
    d->cal.step_ns = NS_PER_S / pace;
    d->cal.next_ns = clock_mono_ns();
    d->cal.end_ns = d->cal.next_ns + (int64_t)d->cal.wanted * d->cal.step_ns + PATIENCE_NS;
}

static void send_one(struct drive *d)
{
    static const char *const no_values[BINDING_MAX_FIELDS];
    const struct binding *b = &d->plan->binding[d->cal.binding];
    char correlation[DRIVE_CORRELATION];
    struct err e = ERR_INIT;
    name(d, d->cal.sent, correlation);
    buf_reset(&d->scratch);
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    r.u.attempt.scenario = JOURNAL_CALIBRATION;
    r.u.attempt.trial = d->cal.sent;
    r.u.attempt.row = r.u.attempt.variant = JOURNAL_NO_ROW;
    r.u.attempt.role = JOURNAL_SEND;
    r.u.attempt.binding = (uint32_t)d->cal.binding;
    r.u.attempt.endpoint = d->cal.endpoint;
    r.u.attempt.planned_ns = clock_real_ns();
    r.u.attempt.give_up_ns = PATIENCE_NS;
    r.u.attempt.correlation = (struct journal_text){correlation, (uint32_t)strlen(correlation)};
    record(d, &r);
    record_flush(d);
    struct message m = {.binding = b,
                        .value = no_values,
                        .device = "0000000000000000",
                        .id = correlation,
                        .correlation = correlation,
                        .endpoint = d->cal.endpoint};
    enum err_code rc = message_write(d, &m, &d->scratch, &e);
    if (rc == ERR_OK)
        rc = d->o.speaker->send(d->server, d->url[d->cal.endpoint], d->scratch.data, d->scratch.len,
                                CALIBRATE_TOKEN | d->cal.sent, &e);
    if (rc != ERR_OK)
        drive_fault(d, &e);
    d->cal.sent++;
}

/* Called by the pace timer until done. */
void calibrate_go_on(struct drive *d)
{
    int64_t now = clock_mono_ns();
    for (int n = 0; n < AT_ONCE && d->cal.next_ns <= now; n++) {
        if (d->cal.sent == d->cal.wanted || d->stopping)
            break;
        if (d->cal.sent - d->cal.back >= d->plan->overlap_max) { /* as trials: later, then */
            d->cal.next_ns = now + NS_PER_MS;
            break;
        }
        send_one(d);
        d->cal.next_ns += d->cal.step_ns;
    }
    bool all = d->cal.sent == d->cal.wanted || d->stopping;
    if ((all && d->cal.back == d->cal.sent) || now >= d->cal.end_ns || d->stopping)
        d->cal.done = true;
}

void calibrate_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o)
{
    char correlation[DRIVE_CORRELATION];
    name(d, token & ~CALIBRATE_TOKEN, correlation);
    record_outcome(d, correlation, o);
    d->cal.back++;
}
