#include "harness/base/zone.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/cur.h"

#define DAY_S 86400

/* One change of the yearly rule: when, in local time before it. */
struct rule {
    enum { RULE_JULIAN, RULE_DAY, RULE_MONTH } kind; /* Jn, n, Mm.w.d */
    int day, month, week;
    int32_t at_s; /* from local midnight; may lie beyond the day */
};

struct zone {
    size_t n;        /* transitions */
    int64_t *at;     /* UTC seconds, ascending */
    int32_t *offset; /* from at[i] on */
    int32_t first;   /* before at[0] */
    bool has_footer, has_dst;
    int32_t standard, daylight; /* footer's offsets */
    struct rule begin, end;     /* of daylight time */
};

/* ---- POSIX TZ string ----------------------------------------------------------------------------
 */

static bool skip_name(const char **p)
{
    const char *s = *p;
    if (*s == '<') {
        while (*s != '\0' && *s != '>')
            s++;
        if (*s != '>')
            return false;
        *p = s + 1;
        return true;
    }
    while (isalpha((unsigned char)*s))
        s++;
    bool good = s - *p >= 3;
    *p = s;
    return good;
}

static bool take_number(const char **p, int max, int *out)
{
    int v = 0;
    if (!isdigit((unsigned char)**p))
        return false;
    while (isdigit((unsigned char)**p)) {
        v = v * 10 + (**p - '0');
        if (v > max)
            return false;
        (*p)++;
    }
    *out = v;
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds. Version 3 allows hours up to 167 in rules. */
static bool take_time(const char **p, int32_t *out)
{
    int sign = 1, h, m = 0, s = 0;
    if (**p == '+' || **p == '-')
        sign = *(*p)++ == '-' ? -1 : 1;
    if (!take_number(p, 167, &h))
        return false;
    if (**p == ':') {
        (*p)++;
        if (!take_number(p, 59, &m))
            return false;
        if (**p == ':') {
            (*p)++;
            if (!take_number(p, 59, &s))
                return false;
        }
    }
    *out = sign * (h * 3600 + m * 60 + s);
    return true;
}

static bool take_rule(const char **p, struct rule *r)
{
    if (*(*p)++ != ',')
        return false;
    r->at_s = 2 * 3600;
    if (**p == 'M') {
        (*p)++;
        r->kind = RULE_MONTH;
        if (!take_number(p, 12, &r->month) || r->month < 1 || *(*p)++ != '.' ||
            !take_number(p, 5, &r->week) || r->week < 1 || *(*p)++ != '.' ||
            !take_number(p, 6, &r->day))
            return false;
    } else if (**p == 'J') {
        (*p)++;
        r->kind = RULE_JULIAN;
        if (!take_number(p, 365, &r->day) || r->day < 1)
            return false;
    } else {
        r->kind = RULE_DAY;
        if (!take_number(p, 365, &r->day))
            return false;
    }
    if (**p != '/')
        return true;
    (*p)++;
    return take_time(p, &r->at_s);
}

static bool take_footer(struct zone *z, const char *text)
{
    int32_t west;
    if (!skip_name(&text) || !take_time(&text, &west))
        return false;
    z->standard = z->daylight = -west;
    z->has_footer = true;
    if (*text == '\0')
        return true;
    if (!skip_name(&text))
        return false;
    z->daylight = z->standard + 3600;
    if (*text != ',' && *text != '\0') {
        if (!take_time(&text, &west))
            return false;
        z->daylight = -west;
    }
    z->has_dst = true;
    return take_rule(&text, &z->begin) && take_rule(&text, &z->end) && *text == '\0';
}

/* ---- calendar -----------------------------------------------------------------------------------
 */

static bool leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01 to 1 January of a year. */
static int64_t days_to_year(int64_t year)
{
    int64_t y = year - 1;
    return 365 * (year - 1970) + (y / 4 - y / 100 + y / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

/* Days from 1 January on which the rule's change falls. */
static int64_t rule_day(const struct rule *r, int64_t year)
{
    static const int before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = leap(year);
    if (r->kind == RULE_JULIAN) /* 29 February is never counted */
        return r->day - 1 + (is_leap && r->day >= 60 ? 1 : 0);
    if (r->kind == RULE_DAY)
        return r->day;
    int month = r->month - 1;
    int64_t first = before[month] + (is_leap && month > 1 ? 1 : 0);
    int64_t weekday = (days_to_year(year) + first + 4) % 7; /* 1970-01-01 was a Thursday */
    if (weekday < 0)
        weekday += 7;
    int64_t day = (r->day - weekday + 7) % 7 + 7 * (r->week - 1);
    int days = length[month] + (is_leap && month == 1 ? 1 : 0);
    while (day >= days)
        day -= 7;
    return first + day;
}

static int32_t by_rule(const struct zone *z, int64_t utc_s)
{
    if (!z->has_dst)
        return z->standard;
    int64_t local = utc_s + z->standard;
    int64_t days = local >= 0 ? local / DAY_S : -((DAY_S - 1 - local) / DAY_S);
    int64_t year = 1970 + days / 366;
    while (days_to_year(year + 1) <= days)
        year++;
    while (days_to_year(year) > days)
        year--;
    /* A change near the turn of a year may belong to the neighbouring one: look at the latest
     * change of three years. */
    int64_t latest = INT64_MIN;
    int32_t offset = z->standard;
    for (int64_t y = year - 1; y <= year + 1; y++) {
        int64_t begin =
            (days_to_year(y) + rule_day(&z->begin, y)) * DAY_S + z->begin.at_s - z->standard;
        int64_t end = (days_to_year(y) + rule_day(&z->end, y)) * DAY_S + z->end.at_s - z->daylight;
        if (begin <= utc_s && begin > latest) {
            latest = begin;
            offset = z->daylight;
        }
        if (end <= utc_s && end > latest) {
            latest = end;
            offset = z->standard;
        }
    }
    return offset;
}

/* ---- TZif ---------------------------------------------------------------------------------------
 */

struct counts {
    uint32_t isut, isstd, leap, time, type, chars;
};

static bool take_header(struct cur *c, uint8_t *version, struct counts *n)
{
    const uint8_t *magic = cur_take(c, 4);
    if (magic == NULL || memcmp(magic, "TZif", 4) != 0)
        return false;
    *version = cur_u8(c);
    cur_skip(c, 15);
    n->isut = cur_be32(c);
    n->isstd = cur_be32(c);
    n->leap = cur_be32(c);
    n->time = cur_be32(c);
    n->type = cur_be32(c);
    n->chars = cur_be32(c);
    uint32_t most = 100000; /* far beyond any zone, and no product overflows */
    return !c->over && n->isut <= most && n->isstd <= most && n->leap <= most && n->time <= most &&
           n->type >= 1 && n->type <= 256 && n->chars <= most;
}

static size_t block_bytes(const struct counts *n, size_t time_bytes)
{
    return n->time * (time_bytes + 1) + n->type * 6 + n->chars + n->leap * (time_bytes + 4) +
           n->isstd + n->isut;
}

static enum err_code take_block(struct zone *z, struct cur *c, const struct counts *n,
                                size_t time_bytes, struct err *e)
{
    if (block_bytes(n, time_bytes) > c->left)
        return err_set(e, ERR_DATA, "zone data end inside a block of %zu bytes",
                       block_bytes(n, time_bytes));
    z->n = n->time;
    z->at = calloc(n->time + 1, sizeof *z->at);
    z->offset = calloc(n->time + 1, sizeof *z->offset);
    if (z->at == NULL || z->offset == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %u changes of a zone", n->time);
    for (uint32_t i = 0; i < n->time; i++) {
        uint32_t high = time_bytes == 8 ? cur_be32(c) : 0, low = cur_be32(c);
        z->at[i] = time_bytes == 8 ? (int64_t)((uint64_t)high << 32 | low) : (int32_t)low;
        if (i > 0 && z->at[i] <= z->at[i - 1])
            return err_set(e, ERR_DATA, "zone data: change %u does not come after the one before",
                           i);
    }
    const uint8_t *index = cur_take(c, n->time);
    const uint8_t *type = cur_take(c, n->type * 6);
    for (uint32_t i = 0; i <= n->time; i++) {
        uint32_t which = i == 0 ? 0 : index[i - 1];
        if (which >= n->type)
            return err_set(e, ERR_DATA, "zone data: change %u of type %u of %u", i, which, n->type);
        struct cur one = cur_make(type + which * 6, 6);
        int32_t offset = (int32_t)cur_be32(&one);
        if (offset < -26 * 3600 || offset > 26 * 3600)
            return err_set(e, ERR_DATA, "zone data: offset of %d seconds", offset);
        if (i == 0)
            z->first = offset;
        else
            z->offset[i - 1] = offset;
    }
    cur_skip(c, n->chars + n->leap * (time_bytes + 4) + n->isstd + n->isut);
    return ERR_OK;
}

static enum err_code read_zone(struct zone *z, const void *tzif, size_t len, struct err *e)
{
    struct cur c = cur_make(tzif, len);
    struct counts n;
    uint8_t version;
    if (!take_header(&c, &version, &n))
        return err_set(e, ERR_DATA, "%zu bytes of zone data, expected TZif (RFC 8536)", len);
    if (version == 0)
        return take_block(z, &c, &n, 4, e);
    cur_skip(&c, block_bytes(&n, 4));
    if (!take_header(&c, &version, &n))
        return err_set(e, ERR_DATA, "zone data of version 2 or later without their second part");
    enum err_code rc = take_block(z, &c, &n, 8, e);
    if (rc != ERR_OK)
        return rc;
    char footer[128];
    const uint8_t *close = c.left > 1 ? memchr(c.p + 1, '\n', c.left - 1) : NULL;
    size_t footer_len = close == NULL ? 0 : (size_t)(close - c.p) - 1;
    if (close == NULL || c.p[0] != '\n' || footer_len >= sizeof footer)
        return err_set(e, ERR_DATA, "zone data of version 2 or later without a footer");
    memcpy(footer, c.p + 1, footer_len);
    footer[footer_len] = '\0';
    if (footer_len > 0 && !take_footer(z, footer))
        return err_set(e, ERR_DATA, "zone data: footer \"%s\" is no POSIX TZ string", footer);
    return ERR_OK;
}

enum err_code zone_new(const void *tzif, size_t len, struct zone **out, struct err *e)
{
    *out = NULL;
    struct zone *z = calloc(1, sizeof *z);
    if (z == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a zone");
    enum err_code rc = read_zone(z, tzif, len, e);
    if (rc != ERR_OK) {
        zone_free(z);
        return rc;
    }
    *out = z;
    return ERR_OK;
}

void zone_free(struct zone *z)
{
    if (z == NULL)
        return;
    free(z->at);
    free(z->offset);
    free(z);
}

int32_t zone_offset_s(const struct zone *z, int64_t utc_s)
{
    if (z == NULL)
        return 0;
    if (z->n == 0 || utc_s < z->at[0])
        return z->n == 0 && z->has_footer ? by_rule(z, utc_s) : z->first;
    if (utc_s >= z->at[z->n - 1] && z->has_footer)
        return by_rule(z, utc_s);
    size_t low = 0, high = z->n; /* at[low] <= utc_s < at[high] */
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (z->at[mid] <= utc_s)
            low = mid;
        else
            high = mid;
    }
    return z->offset[low];
}

int32_t zone_second_of_day(const struct zone *z, int64_t real_ns)
{
    int64_t utc_s = real_ns / NS_PER_S - (real_ns % NS_PER_S < 0 ? 1 : 0);
    int64_t local = (utc_s + zone_offset_s(z, utc_s)) % DAY_S;
    return (int32_t)(local < 0 ? local + DAY_S : local);
}
