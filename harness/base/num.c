#include "harness/base/num.h"

bool num_u64(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out)
{
    if (len == 0 || len > 20)
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        uint64_t d = (uint64_t)(text[i] - '0');
        if (v > (UINT64_MAX - d) / 10)
            return false;
        v = v * 10 + d;
    }
    if (v < min || v > max)
        return false;
    *out = v;
    return true;
}

bool num_i64(const char *text, size_t len, int64_t min, int64_t max, int64_t *out)
{
    bool minus = len > 0 && text[0] == '-';
    uint64_t u;
    if (!num_u64(text + minus, len - minus, 0, (uint64_t)INT64_MAX, &u))
        return false;
    int64_t v = minus ? -(int64_t)u : (int64_t)u;
    if (v < min || v > max)
        return false;
    *out = v;
    return true;
}

bool num_fixed(const char *text, size_t len, int64_t scale, int64_t *out)
{
    size_t dot = 0;
    while (dot < len && text[dot] != '.')
        dot++;
    uint64_t whole;
    if (!num_u64(text, dot, 0, (uint64_t)(INT64_MAX / scale) - 1, &whole))
        return false;
    int64_t v = (int64_t)whole * scale;
    if (dot < len) {
        if (dot + 1 == len)
            return false;
        int64_t unit = scale;
        for (size_t i = dot + 1; i < len; i++) {
            if (text[i] < '0' || text[i] > '9')
                return false;
            unit /= 10;
            if (unit == 0 && text[i] != '0')
                return false;
            v += (text[i] - '0') * unit;
        }
    }
    *out = v;
    return true;
}

bool num_hex64(const char *text, size_t len, uint64_t *out)
{
    if (len == 0 || len > 16)
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        unsigned d;
        if (c >= '0' && c <= '9')
            d = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            d = (unsigned)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            d = (unsigned)(c - 'A') + 10;
        else
            return false;
        v = v << 4 | d;
    }
    *out = v;
    return true;
}
