#include "harness/cmd/report_capture.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/report/annotate.h"

static enum err_code join(char *out, const char *folder, const char *name, struct err *e)
{
    int n = snprintf(out, PATH_MAX, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", name);
    return n < 0 || n >= PATH_MAX ? err_set(e, ERR_USAGE, "%s: path is too long", folder) : ERR_OK;
}

static void tell(const struct capcopy_counts *n)
{
    if (n->without > 0)
        (void)fprintf(stderr,
                      "gridassay: %" PRIu64 " packets lie in blocks that hold no comments\n",
                      n->without);
}

/* Under another name until it is whole. */
static enum err_code to_file(const struct result *r, const char *capture, const char *exchanges,
                             const char *output, struct capcopy_counts *n, struct err *e)
{
    char part[PATH_MAX];
    int len = snprintf(part, sizeof part, "%s.part", output);
    if (len < 0 || (size_t)len >= sizeof part)
        return err_set(e, ERR_USAGE, "%s: path is too long", output);
    if (file_same(output, capture))
        return err_set(e, ERR_USAGE, "%s: is the capture itself, which is never written over",
                       output);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd == -1)
        return err_sys(e, errno, "%s: cannot be made", part);
    enum err_code rc = annotate(r, capture, exchanges, fd, output, n, e);
    if (close(fd) == -1 && rc == ERR_OK)
        rc = err_sys(e, errno, "%s: cannot be written", output);
    if (rc == ERR_OK && rename(part, output) == -1)
        rc = err_sys(e, errno, "%s: cannot be given its name", output);
    if (rc != ERR_OK)
        (void)unlink(part);
    return rc;
}

enum err_code report_capture(const struct result *r, const char *folder, const char *capture,
                             const char *output, struct err *e)
{
    char own[PATH_MAX], exchanges[PATH_MAX];
    struct capcopy_counts n = {0};
    enum err_code rc = join(own, folder, "capture.pcapng", e);
    if (rc == ERR_OK)
        rc = join(exchanges, folder, "exchanges", e);
    if (rc == ERR_OK && capture == NULL && access(own, F_OK) == -1)
        rc = err_set(e, ERR_DATA, "%s: not there; --capture FILE names the capture that was scored",
                     own);
    if (rc == ERR_OK && output == NULL && isatty(STDOUT_FILENO))
        rc = err_set(e, ERR_USAGE, "a capture is not for a terminal; name a file with --output");
    if (rc != ERR_OK)
        return rc;
    const char *from = capture != NULL ? capture : own;
    if (output != NULL)
        rc = to_file(r, from, exchanges, output, &n, e);
    else
        rc = annotate(r, from, exchanges, STDOUT_FILENO, "standard output", &n, e);
    if (rc == ERR_OK)
        tell(&n);
    return rc;
}
