#include "harness/import/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SECONDS_OF_DAY 86400
#define DAYS_1904 1462    /* from the one epoch to the other */
#define DAYS_UNIX 25569   /* 1970-01-01 */
#define DAYS_MOST 2958466 /* 10000-01-01 */
#define AFFIX_BYTES 64

/* What a format makes of a number. */
struct look {
    bool percent, date, time, elapsed, noon; /* noon: AM/PM */
    char before[AFFIX_BYTES], after[AFFIX_BYTES];
};

const char *number_builtin(long id)
{
    switch (id) {
    case 9:
    case 10:
        return "0.00%";
    case 14:
    case 15:
    case 16:
    case 17:
        return "yyyy-mm-dd";
    case 18:
    case 19:
        return "h:mm:ss AM/PM";
    case 20:
    case 21:
    case 45:
    case 47:
        return "h:mm:ss";
    case 22:
        return "yyyy-mm-dd h:mm";
    case 46:
        return "[h]:mm:ss";
    default:
        return (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58) ? "yyyy-mm-dd"
               : id >= 32 && id <= 35                                       ? "h:mm:ss"
                                                                            : "General";
    }
}

static void affix(char *room, const char *text, size_t len)
{
    size_t have = strlen(room);
    if (have + len >= AFFIX_BYTES)
        len = AFFIX_BYTES - 1 - have;
    memcpy(room + have, text, len);
    room[have + len] = '\0';
}

/* "[h]" counts hours past the day, "[$EUR-407]" is a word, others are colours and conditions. */
static void bracket(const char *p, size_t len, char *side, struct look *out)
{
    if (len > 0 && strspn(p, "hHmMsS") == len)
        out->time = out->elapsed = true;
    else if (len > 1 && p[0] == '$')
        affix(side, p + 1, strcspn(p + 1, "-]"));
}

/* The first section of the format, which is the one for positive numbers. */
static void read_format(const char *format, struct look *out)
{
    memset(out, 0, sizeof *out);
    if (strncasecmp(format, "general", 7) == 0 || strcmp(format, "@") == 0)
        return;
    bool digits = false, letters = false;
    for (const char *p = format; *p != '\0' && *p != ';'; p++) {
        char *side = digits || letters ? out->after : out->before;
        size_t n;
        switch (*p) {
        case '"':
            n = strcspn(p + 1, "\"");
            affix(side, p + 1, n);
            p += n + (p[n + 1] == '"');
            break;
        case '\\':
            if (p[1] != '\0')
                affix(side, ++p, 1);
            break;
        case '_':
        case '*':
            p += p[1] != '\0';
            break;
        case '[':
            n = strcspn(p + 1, "]");
            bracket(p + 1, n, side, out);
            letters = letters || out->time;
            p += n + (p[n + 1] == ']');
            break;
        case '0':
        case '#':
        case '?':
            digits = true;
            break;
        case '%':
            out->percent = true;
            break;
        case 'y':
        case 'Y':
        case 'd':
        case 'D':
            out->date = letters = true;
            break;
        case 'h':
        case 'H':
        case 's':
        case 'S':
            out->time = letters = true;
            break;
        case 'm':
        case 'M': /* months alone, or minutes beside hours or seconds */
            letters = true;
            break;
        case 'A':
        case 'a':
            if (strncasecmp(p, "AM/PM", 5) == 0) {
                out->noon = out->time = letters = true;
                p += 4;
            } else if (strncasecmp(p, "A/P", 3) == 0) {
                out->noon = out->time = letters = true;
                p += 2;
            }
            break;
        case '<':
        case '>':
        case '=':
        case '$':
        case '+':
        case '(':
        case ')':
        case ' ':
            if (!letters)
                affix(side, p, 1);
            break;
        default: /* separators, points, exponents, fractions: the value is written whole */
            break;
        }
    }
    if (letters && !out->time)
        out->date = true;
    if (letters) /* what stands between the parts of a date is ours */
        out->before[0] = out->after[0] = '\0';
}

static enum err_code put_number(double value, struct buf *out, struct err *e)
{
    char text[64];
    if (value == rint(value) && fabs(value) < 1e15) {
        (void)snprintf(text, sizeof text, "%.0f", value == 0 ? 0.0 : value);
        return buf_puts(out, text, e);
    }
    /* Fifteen digits are what a workbook's numbers mean; without an exponent where that is short.
     * */
    (void)snprintf(text, sizeof text, "%.15g", value);
    if (strchr(text, 'e') != NULL && fabs(value) >= 1e-9 && fabs(value) < 1e15) {
        (void)snprintf(text, sizeof text, "%.20f", value);
        size_t n = strlen(text);
        while (n > 0 && text[n - 1] == '0')
            text[--n] = '\0';
    }
    return buf_puts(out, text, e);
}

static enum err_code put_percent(double value, struct buf *out, struct err *e)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.12g%%", value * 100);
    return buf_puts(out, text, e);
}

/* Civil date of days since 1970-01-01. */
static enum err_code put_date(int64_t days, struct buf *out, struct err *e)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;
    return buf_printf(out, e, "%04d-%02d-%02d", (int)(yoe + era * 400 + (month <= 2)), (int)month,
                      (int)(doy - (153 * mp + 2) / 5 + 1));
}

static enum err_code put_time(const struct look *look, int64_t hours, int64_t s, struct buf *out,
                              struct err *e)
{
    int minute = (int)(s / 60 % 60), second = (int)(s % 60);
    enum err_code rc;
    if (look->noon && !look->elapsed) {
        rc = buf_printf(out, e, "%d", (int)(hours % 12 == 0 ? 12 : hours % 12));
        if (rc == ERR_OK && (minute != 0 || second != 0))
            rc = buf_printf(out, e, ":%02d", minute);
        if (rc == ERR_OK && second != 0)
            rc = buf_printf(out, e, ":%02d", second);
        return rc == ERR_OK ? buf_puts(out, hours < 12 ? "AM" : "PM", e) : rc;
    }
    rc = buf_printf(out, e, "%02lld:%02d", (long long)hours, minute);
    return rc == ERR_OK && second != 0 ? buf_printf(out, e, ":%02d", second) : rc;
}

static enum err_code put_moment(const struct look *look, double value, bool since_1904,
                                struct buf *out, struct err *e)
{
    int64_t all = (int64_t)llround(value * SECONDS_OF_DAY);
    int64_t days = all / SECONDS_OF_DAY, s = all % SECONDS_OF_DAY;
    if (look->elapsed)
        return put_time(look, all / 3600, s, out, e);
    bool date = look->date || days > 0;
    enum err_code rc = ERR_OK;
    if (date) {
        if (since_1904)
            days += DAYS_1904;
        else if (days < 60) /* the one epoch counts a 29th of February 1900 that never was */
            days++;
        rc = put_date(days - DAYS_UNIX, out, e);
    }
    if (rc == ERR_OK && date && s != 0)
        rc = buf_puts(out, " ", e);
    return rc == ERR_OK && (!date || s != 0) ? put_time(look, s / 3600, s, out, e) : rc;
}

enum err_code number_write(const char *format, double value, bool since_1904, struct buf *out,
                           struct err *e)
{
    struct look look;
    read_format(format, &look);
    bool moment = (look.date || look.time) && value >= 0 && value < DAYS_MOST;
    enum err_code rc = buf_puts(out, look.before, e);
    if (rc == ERR_OK)
        rc = moment         ? put_moment(&look, value, since_1904, out, e)
             : look.percent ? put_percent(value, out, e)
                            : put_number(value, out, e);
    return rc == ERR_OK ? buf_puts(out, look.after, e) : rc;
}
