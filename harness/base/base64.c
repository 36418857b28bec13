#include "harness/base/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum err_code base64_write(const void *data, size_t len, struct buf *out, struct err *e)
{
    const uint8_t *p = data;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < len && rc == ERR_OK; i += 3) {
        size_t have = len - i < 3 ? len - i : 3;
        uint32_t v = (uint32_t)p[i] << 16;
        if (have > 1)
            v |= (uint32_t)p[i + 1] << 8;
        if (have > 2)
            v |= p[i + 2];
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], have > 1 ? digits[v >> 6 & 63] : '=',
                        have > 2 ? digits[v & 63] : '='};
        rc = buf_append(out, four, 4, e);
    }
    return rc;
}

size_t base64_room(size_t text_len)
{
    return text_len / 4 * 3 + 3;
}

bool base64_read(const char *text, uint8_t *out, size_t *len)
{
    uint32_t v = 0;
    unsigned have = 0, padding = 0;
    *len = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r')
            continue;
        const char *digit = memchr(digits, *text, 64);
        if (*text == '=' && have >= 2 && padding < 2)
            padding++;
        else if (digit == NULL || padding != 0)
            return false;
        v = v << 6 | (digit == NULL ? 0 : (uint32_t)(digit - digits));
        if (++have < 4)
            continue;
        for (unsigned i = 0; i < 3 - padding; i++)
            out[(*len)++] = (uint8_t)(v >> (16 - 8 * i));
        have = 0;
        if (padding != 0) { /* nothing but blanks may follow */
            text++;
            return text[strspn(text, " \n\t\r")] == '\0';
        }
    }
    return have == 0;
}
