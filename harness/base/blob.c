#include "harness/base/blob.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/limits.h"

enum err_code blob_read(const char *path, struct buf *out, char digest[SHA256_HEX_BYTES],
                        struct err *e)
{
    struct stat st;
    buf_init(out, LIMIT_IMAGE_BYTES);
    if (stat(path, &st) == -1)
        return err_set(e, ERR_DATA, "%s: cannot be read: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode)) /* a pipe would be waited for */
        return err_set(e, ERR_DATA, "%s: is no plain file", path);
    enum err_code rc = buf_read_file(out, path, e);
    if (rc == ERR_OK && out->len == 0)
        rc = err_set(e, ERR_DATA, "%s: is empty", path);
    return rc == ERR_OK ? sha256_bytes(out->data, out->len, digest, e) : rc;
}
