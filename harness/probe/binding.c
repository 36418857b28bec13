#include "harness/probe/binding.h"

#include <string.h>

#include "harness/base/num.h"

static const char *const type_names[FIELD_TYPE_COUNT] = {
    [FIELD_TEXT] = "text",       [FIELD_EUI64] = "eui64",   [FIELD_TIME] = "time",
    [FIELD_CODE] = "code",       [FIELD_UINT16] = "uint16", [FIELD_UINT32] = "uint32",
    [FIELD_FLOAT32] = "float32", [FIELD_HEX] = "hex",       [FIELD_IMAGE] = "image",
};

const char *field_type_name(enum field_type type)
{
    return type_names[type];
}

int field_type_by_name(const char *word, size_t len)
{
    for (int i = 0; i < FIELD_TYPE_COUNT; i++)
        if (strlen(type_names[i]) == len && memcmp(type_names[i], word, len) == 0)
            return i;
    return -1;
}

static bool all_hex(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
            return false;
    }
    return true;
}

static size_t digits(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

static bool is_number(const char *text, size_t len)
{
    size_t at = len > 0 && (text[0] == '-' || text[0] == '+');
    size_t whole = digits(text + at, len - at);
    size_t part = 0;
    at += whole;
    if (at < len && text[at] == '.') {
        at++;
        part = digits(text + at, len - at);
        at += part;
    }
    if (whole + part == 0)
        return false;
    if (at < len && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        at += at < len && (text[at] == '-' || text[at] == '+');
        size_t power = digits(text + at, len - at);
        if (power == 0)
            return false;
        at += power;
    }
    return at == len;
}

/* Takes n digits with a value in [min, max] and the character behind them (0: none). */
static bool take_part(const char **p, const char *end, size_t n, unsigned min, unsigned max,
                      char behind, unsigned *out)
{
    uint64_t v;
    if ((size_t)(end - *p) < n + (behind != '\0') || !num_u64(*p, n, min, max, &v))
        return false;
    *p += n;
    if (behind != '\0' && *(*p)++ != behind)
        return false;
    *out = (unsigned)v;
    return true;
}

static bool is_zone(const char *p, const char *end)
{
    if (p == end || (end - p == 1 && *p == 'Z'))
        return true;
    unsigned hour, minute;
    if (*p != '+' && *p != '-')
        return false;
    p++;
    return take_part(&p, end, 2, 0, 14, ':', &hour) &&
           take_part(&p, end, 2, 0, 59, '\0', &minute) && (hour < 14 || minute == 0) && p == end;
}

/* xs:dateTime with a year of four digits. */
static bool is_time(const char *text, size_t len)
{
    static const unsigned char month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *p = text, *end = text + len;
    unsigned year, month, day, hour, minute, second;
    if (!take_part(&p, end, 4, 1, 9999, '-', &year) || !take_part(&p, end, 2, 1, 12, '-', &month) ||
        !take_part(&p, end, 2, 1, 31, 'T', &day) || !take_part(&p, end, 2, 0, 24, ':', &hour) ||
        !take_part(&p, end, 2, 0, 59, ':', &minute) || !take_part(&p, end, 2, 0, 59, '\0', &second))
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > month_days[month - 1] + (unsigned)(month == 2 && leap))
        return false;
    if (hour == 24 && (minute != 0 || second != 0))
        return false;
    if (p < end && *p == '.') {
        size_t n = digits(p + 1, (size_t)(end - p) - 1);
        if (n == 0)
            return false;
        p += 1 + n;
    }
    return is_zone(p, end);
}

int64_t field_canonical_bytes(enum field_type type, const char *text, size_t len)
{
    uint64_t v;
    switch (type) {
    case FIELD_TEXT:
        return (int64_t)len;
    case FIELD_EUI64:
        return len == 16 && all_hex(text, len) ? 8 : -1;
    case FIELD_TIME:
        return is_time(text, len) ? 4 : -1;
    case FIELD_CODE:
        return num_u64(text, len, 0, UINT8_MAX, &v) ? 1 : -1;
    case FIELD_UINT16:
        return num_u64(text, len, 0, UINT16_MAX, &v) ? 2 : -1;
    case FIELD_UINT32:
        return num_u64(text, len, 0, UINT32_MAX, &v) ? 4 : -1;
    case FIELD_FLOAT32:
        return is_number(text, len) ? 4 : -1;
    case FIELD_HEX:
        return len > 0 && len % 2 == 0 && all_hex(text, len) ? (int64_t)(len / 2) : -1;
    case FIELD_IMAGE:
        return num_u64(text, len, 1, UINT32_MAX, &v) ? (int64_t)v : -1;
    case FIELD_TYPE_COUNT:
        break;
    }
    return -1;
}

int binding_image(const struct binding *b)
{
    for (size_t i = 0; i < b->n_field; i++)
        if (b->field[i].type == FIELD_IMAGE)
            return (int)i;
    return -1;
}

int binding_cut_over(const struct binding *b)
{
    bool fine = b->cut_over >= 0 && (size_t)b->cut_over < b->n_field;
    return fine && b->field[b->cut_over].type == FIELD_TIME ? b->cut_over : -1;
}
