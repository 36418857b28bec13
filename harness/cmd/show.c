#include "harness/cmd/show.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/num.h"
#include "harness/run/folder.h"

enum err_code show_bytes(const struct buf *b, FILE *to, struct err *e)
{
    bool whole = b->len == 0 || fwrite(b->data, 1, b->len, to) == b->len;
    if ((whole && fflush(to) == 0) || errno == EPIPE)
        return ERR_OK;
    return err_sys(e, errno, "standard %s cannot be written", to == stdout ? "output" : "error");
}

enum err_code show_text(struct text *t, FILE *to, struct err *e)
{
    enum err_code rc = text_done(t, e);
    if (rc == ERR_OK)
        rc = show_bytes(&t->buf, to, e);
    buf_reset(&t->buf);
    return rc;
}

bool show_colour(FILE *to)
{
    const char *plain = getenv("NO_COLOR");
    return isatty(fileno(to)) && (plain == NULL || plain[0] == '\0');
}

size_t show_width(void)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    uint64_t n;
    if (columns != NULL && num_u64(columns, strlen(columns), 20, 10000, &n))
        return (size_t)n;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        return size.ws_col;
    return 0;
}

enum err_code show_result(const char *folder, struct result **out, struct err *e)
{
    char path[PATH_MAX + 16];
    (void)snprintf(path, sizeof path, "%s/run.xml", folder);
    return result_read(path, out, e);
}

enum err_code show_expected(const char *path, struct expected **out, struct err *e)
{
    *out = NULL;
    return path == NULL ? ERR_OK : expected_read(path, out, e);
}

int show_status(const struct result *r)
{
    return r->expected.list != NULL ? r->expected.exit_status : result_exit(&r->summary);
}

enum err_code show_conclusion(const struct result *r, const char *folder, const struct run_end *end,
                              const struct expected *expected, bool tap_on, struct err *e)
{
    enum err_code rc = report_write_all(r, folder, e);
    if (rc == ERR_OK)
        rc = folder_manifest(folder, end, e);
    if (rc != ERR_OK || (tap_on && !isatty(STDERR_FILENO)))
        return rc;
    FILE *to = tap_on ? stderr : stdout;
    struct text t;
    text_init(&t);
    report_summary(r, folder, show_colour(to), &t);
    expected_text(expected, r, &t);
    rc = show_text(&t, to, e);
    text_release(&t);
    return rc;
}
