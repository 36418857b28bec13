#include "harness/report/annotate_impl.h"
#include "harness/score/records.h"

enum err_code annotate_marks(const struct result *r, const char *exchanges, struct marks *m,
                             struct err *e)
{
    struct records in;
    struct exchange_record x;
    enum err_code rc = records_open(exchanges, r, &in, e);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && (rc = records_next(&in, &x, e)) == ERR_OK) {
        struct mark_of mark = {.frame = x.first_frame,
                               .other = x.last_frame,
                               .latency_ns = x.latency_ns,
                               .row = x.row,
                               .variant = x.variant,
                               .trial = x.trial,
                               .sub = x.sub,
                               .cause = x.cause,
                               .used = x.used != 0};
        if (x.first_frame != 0)
            rc = marks_put(m, &mark, e);
        if (rc == ERR_OK && x.last_frame != 0 && x.last_frame != x.first_frame) {
            mark.frame = x.last_frame;
            mark.other = x.first_frame;
            mark.end = true;
            rc = marks_put(m, &mark, e);
        }
    }
    records_close(&in);
    return rc == ERR_CLOSED ? ERR_OK : rc;
}
