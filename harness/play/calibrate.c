#include "harness/play/calibrate.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/play/raw.h"

struct calibrate {
    struct raw *raw;
};

static const char before[] =
    "<ResponseMessage xmlns=\"http://iec.ch/TC57/2011/schema/message\"><Header><Verb>reply</Verb>"
    "<Noun>MeterReadings</Noun><Source>calibration responder</Source><CorrelationID>";
static const char after[] =
    "</CorrelationID></Header><Reply><Result>OK</Result></Reply></ResponseMessage>";

static void on_request(void *arg, struct raw_link *link, const char *path, const char *body,
                       size_t len)
{
    static const char tag[] = "CorrelationID>";
    struct calibrate *c = arg;
    char answer[sizeof before + sizeof after + LIMIT_CORRELATION_BYTES];
    size_t at = sizeof before - 1, n = 0;
    const char *id = memmem(body, len, tag, sizeof tag - 1);
    (void)path;
    memcpy(answer, before, at);
    if (id != NULL) {
        id += sizeof tag - 1;
        size_t left = len - (size_t)(id - body);
        while (n < left && n < LIMIT_CORRELATION_BYTES && id[n] != '<')
            n++;
        memcpy(answer + at, id, n);
    }
    memcpy(answer + at + n, after, sizeof after - 1);
    raw_answer(c->raw, link, 200, answer, at + n + sizeof after - 1, RAW_WHOLE, 0);
}

enum err_code calibrate_open(struct ev_loop *loop, const char *address, uint16_t *port,
                             struct calibrate **out, struct err *e)
{
    struct calibrate *c = calloc(1, sizeof *c);
    if (c == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the calibration responder");
    enum err_code rc = raw_new(loop, address, port, on_request, c, &c->raw, e);
    if (rc != ERR_OK) {
        free(c);
        return rc;
    }
    *out = c;
    return ERR_OK;
}

void calibrate_close(struct calibrate *c)
{
    if (c == NULL)
        return;
    raw_free(c->raw);
    free(c);
}
