#include <stdio.h>

#include "harness/base/buf.h"
#include "harness/base/file.h"
#include "harness/report/report.h"

static enum err_code write_one(const char *folder, const char *name, const struct text *t,
                               struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = text_done(t, e);
    if (rc != ERR_OK)
        return rc;
    rc = file_in(path, folder, name, e);
    return rc == ERR_OK ? buf_write_file(path, t->buf.data, t->buf.len, e) : rc;
}

enum err_code report_write_all(const struct result *r, const char *folder, struct err *e)
{
    static const char *const names[] = {"report.tap", "junit.xml", "report.html", "report.csv"};
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && rc == ERR_OK; i++) {
        struct text t;
        text_init(&t);
        if (i == 0)
            report_tap(r, TAP_NESTED, &t);
        else if (i == 1)
            report_junit(r, &t);
        else if (i == 2)
            report_html(r, &t);
        else
            report_csv(r, &t);
        rc = write_one(folder, names[i], &t, e);
        text_release(&t);
    }
    return rc;
}
