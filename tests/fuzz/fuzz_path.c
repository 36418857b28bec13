/* fuzz_path - any text as pseudo code of communication paths: what is read expands, what expands is
 * folded into the same paths. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/scope/path_expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool reads(const char *text, struct path_set *set)
{
    struct path_expr x;
    enum err_code rc = path_expr_parse(text, &x, NULL);
    if (rc == ERR_OK) {
        rc = path_expand(&x, set, NULL);
        path_expr_release(&x);
    }
    if (rc != ERR_OK && rc != ERR_DATA && rc != ERR_LIMIT)
        abort();
    return rc == ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct path_set set, again;
    struct buf out;
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    buf_init(&out, 16u << 20);
    if (reads(text, &set)) {
        enum err_code rc = path_fold(&set, &out, NULL);
        if (set.n == 0 || (rc != ERR_OK && rc != ERR_LIMIT))
            abort();
        /* As many paths as there may be give a text longer than what is read. */
        if (rc == ERR_OK && out.len <= LIMIT_PATH_BYTES) {
            if (!reads(out.data, &again) || !path_set_equal(&set, &again))
                abort();
            path_set_release(&again);
        }
        path_set_release(&set);
    }
    buf_release(&out);
    free(text);
    return 0;
}
