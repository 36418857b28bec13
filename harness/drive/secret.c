#include "harness/drive/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first line of a file. */
static enum err_code from_file(const char *path, char out[SECRET_BYTES], struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd == -1 ? -1 : read(fd, out, SECRET_BYTES - 1);
    int failed = errno;
    if (fd != -1)
        (void)close(fd);
    if (n == -1)
        return err_set(e, ERR_USAGE, "credential of the stimuli: %s: %s", path, strerror(failed));
    out[n] = '\0';
    size_t len = strcspn(out, "\r\n");
    if (len == SECRET_BYTES - 1)
        return err_set(e, ERR_USAGE,
                       "credential of the stimuli: the first line of %s is longer than %d bytes",
                       path, SECRET_BYTES - 2);
    out[len] = '\0';
    return ERR_OK;
}

static enum err_code from_environment(const char *name, char out[SECRET_BYTES], struct err *e)
{
    const char *value = getenv(name);
    size_t len = value == NULL ? 0 : strlen(value);
    if (value == NULL)
        return err_set(e, ERR_USAGE, "credential of the stimuli: the environment has no %s", name);
    if (len >= SECRET_BYTES)
        return err_set(e, ERR_USAGE, "credential of the stimuli: %s is longer than %d bytes", name,
                       SECRET_BYTES - 1);
    memcpy(out, value, len + 1);
    return ERR_OK;
}

enum err_code secret_of_stimuli(const struct plan *p, char out[SECRET_BYTES], struct err *e)
{
    out[0] = '\0';
    for (size_t i = 0; i < p->n_stimulus; i++) {
        const struct plan_stimulus *s = &p->stimulus[i];
        const char *where = s->secret_file != NULL ? s->secret_file : s->secret_env;
        if (where == NULL)
            continue;
        enum err_code rc =
            s->secret_file != NULL ? from_file(where, out, e) : from_environment(where, out, e);
        size_t len = strlen(out);
        for (size_t k = 0; rc == ERR_OK && k < len; k++)
            if (out[k] < '!' || out[k] > '~')
                rc = err_set(e, ERR_USAGE,
                             "credential of the stimuli: %s holds a character that no header can",
                             where);
        return rc == ERR_OK && len == 0
                   ? err_set(e, ERR_USAGE, "credential of the stimuli: %s is empty", where)
                   : rc;
    }
    return ERR_OK;
}
