/* Requests of the equipment to actors that we play: open until the script answers, its trial ends,
 * or a ceiling of time is met. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define STATUS_TAKEN 204
#define STATUS_ANSWER 200
#define OPEN_NS (30 * NS_PER_S) /* nobody's client waits much longer */

void drive_reply(struct drive *d, struct speaker_request *rq, int status)
{
    struct err e = ERR_INIT;
    if (d->o.speaker->answer(d->server, rq, status, NULL, 0, &e) != ERR_OK)
        drive_fault(d, &e);
}

/* What is hostile in a message id stays out of logs and journals: it only ever goes back. */
static void copy_id(char *out, const struct slice *id)
{
    size_t n = id->len < DRIVE_ID_BYTES ? id->len : DRIVE_ID_BYTES;
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)id->data[i] >= ' ' && id->data[i] != 0x7f)
            out[used++] = id->data[i];
    out[used] = '\0';
}

struct inquiry *inquiry_new(struct trial *t, struct speaker_request *rq, uint32_t device,
                            uint32_t endpoint, uint32_t binding, const struct envelope *env)
{
    struct inquiry *q = calloc(1, sizeof *q);
    if (q == NULL || (q->content = arrival_copy(binding, env)) == NULL) {
        free(q);
        return NULL;
    }
    q->trial = t;
    q->rq = rq;
    q->since_ns = clock_mono_ns();
    q->exchange = DRIVE_NOBODY;
    q->device = device;
    q->endpoint = endpoint;
    copy_id(q->id, env->message_id.len > 0 ? &env->message_id : &env->correlation_id);
    q->next = t->inquiry;
    t->inquiry = q;
    return q;
}

struct inquiry *inquiry_of(const struct trial *t, uint32_t exchange, uint32_t device)
{
    for (struct inquiry *q = t->inquiry; q != NULL; q = q->next)
        if (q->exchange == exchange &&
            (q->device == device || q->device == DRIVE_NOBODY || device == DRIVE_NOBODY))
            return q;
    return NULL;
}

enum err_code inquiry_answer(struct drive *d, struct inquiry *q, const void *body, size_t len,
                             uint64_t token, bool *later, struct err *e)
{
    struct speaker_request *rq = q->rq;
    *later = rq == NULL;
    q->rq = NULL;
    if (rq != NULL)
        return d->o.speaker->answer(d->server, rq, STATUS_ANSWER, body, len, e);
    /* only ever to the address that the statement declares, whatever the equipment asked for */
    return d->o.speaker->send(d->client[q->trial->slot % DRIVE_CLIENTS], d->url[d->eut_endpoint],
                              body, len, token, e);
}

void inquiries_expire(struct drive *d, int64_t mono_ns)
{
    for (struct trial *t = d->open; t != NULL; t = t->next)
        for (struct inquiry *q = t->inquiry; q != NULL; q = q->next)
            if (q->rq != NULL && !q->taken && mono_ns - q->since_ns > OPEN_NS) {
                struct speaker_request *rq = q->rq;
                q->rq = NULL;
                drive_reply(d, rq, STATUS_TAKEN);
            }
}

void inquiries_close(struct trial *t)
{
    for (struct inquiry *q = t->inquiry; q != NULL; q = q->next)
        if (q->rq != NULL && !q->taken) {
            struct speaker_request *rq = q->rq;
            q->rq = NULL;
            drive_reply(t->d, rq, STATUS_TAKEN);
        }
}

void inquiries_free(struct trial *t)
{
    while (t->inquiry != NULL) {
        struct inquiry *q = t->inquiry;
        t->inquiry = q->next;
        free(q->content);
        free(q);
    }
}
