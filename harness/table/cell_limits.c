/* cell_limits - members of the reliability, latency and size columns. */
#include <string.h>

#include "harness/table/cell_scan.h"

#define PERCENT_PPB INT64_C(10000000)

/* "4-6 hr", "2 day" behind "every" or "over". */
static bool share_period(struct scan *s, struct cell_item *out)
{
    int64_t low, high, unit;
    if (!scan_int(s, &low))
        return false;
    high = low;
    if (scan_word(s, "-") && !scan_int(s, &high))
        return false;
    if (!scan_unit(s, &unit) || high < low || high > INT64_C(1000000))
        return false;
    out->as.share.period_min_s = low * unit;
    out->as.share.period_max_s = high * unit;
    return true;
}

/* "> 99.5%", "90% success every 4-6 hr", "> 99.5% over 2 day", "> xx% small outage". */
bool item_share(struct arena *a, const char *text, struct cell_item *out)
{
    struct scan s = scan_make(text);
    out->kind = ITEM_SHARE;
    out->as.share.ppb = out->as.share.period_min_s = out->as.share.period_max_s = -1;
    out->as.share.strict = scan_word(&s, ">");
    char letter[3];
    bool open = scan_letter(&s, letter);
    out->why = "a share such as \"> 98%\" is expected";
    if (!open &&
        (!scan_fixed(&s, PERCENT_PPB, &out->as.share.ppb) || out->as.share.ppb > 100 * PERCENT_PPB))
        return false;
    if (!scan_word(&s, "%"))
        return false;
    if (!scan_done(&s)) {
        bool success = scan_word(&s, "success");
        if (scan_word(&s, "every") || scan_word(&s, "over")) {
            out->why = "a period such as \"4-6 hr\" is expected";
            if (!share_period(&s, out))
                return false;
        } else if (!success) {
            if (!scan_rest(&s, a, &out->as.share.condition, out))
                return false;
        }
    }
    if (!scan_done(&s)) {
        out->why = "something stands behind the share";
        return false;
    }
    out->why = open ? "the share is a letter: the deployment gives it" : NULL;
    return true;
}

/* "< 5 sec", "2 min - < 10 min", "20 min - < 4 hr per 1 mtr", "< 4 hr (expected ...)". */
bool item_limit(struct arena *a, const char *text, struct cell_item *out)
{
    struct scan s = scan_make(text);
    out->kind = ITEM_LIMIT;
    out->as.limit.min_s = -1;
    out->as.limit.per = 1;
    out->why = "a limit such as \"< 15 sec\" or \"2 min - < 10 min\" is expected";
    int64_t n, unit;
    if (!scan_word(&s, "<")) {
        if (!scan_int(&s, &n) || !scan_unit(&s, &unit) || n > INT64_C(1000000))
            return false;
        out->as.limit.min_s = n * unit;
        if (!scan_word(&s, "-") || !scan_word(&s, "<"))
            return false;
    }
    if (!scan_int(&s, &n) || !scan_unit(&s, &unit) || n > INT64_C(1000000))
        return false;
    out->as.limit.max_s = n * unit;
    if (out->as.limit.min_s > out->as.limit.max_s)
        return false;
    if (scan_word(&s, "per")) {
        out->why = "a number of units is expected behind \"per\"";
        if (!scan_int(&s, &out->as.limit.per) || out->as.limit.per == 0)
            return false;
        if (!scan_rest(&s, a, &out->as.limit.of, out))
            return false;
    }
    const char *note;
    size_t len;
    if (scan_bracket(&s, &note, &len) && !scan_keep(a, note, len, &out->as.limit.note, out))
        return false;
    out->why = scan_done(&s) ? NULL : "something stands behind the limit";
    return out->why == NULL;
}

static char bytes_unit(struct scan *s)
{
    return scan_word(s, "k") ? 'k' : scan_word(s, "MB") ? 'M' : '\0';
}

/* Words that say what the figure is for, up to the dash of a range or the end. */
static bool bytes_note(struct arena *a, struct scan *s, const char **note, struct cell_item *out)
{
    if (!scan_word(s, "for"))
        return true;
    const char *from = s->p;
    const char *to = s->end;
    for (const char *p = from; p < s->end; p++) {
        if (p + 3 <= s->end && memcmp(p, " - ", 3) == 0) {
            to = p;
            break;
        }
    }
    s->p = to;
    return scan_keep(a, from, (size_t)(to - from), note, out);
}

/* "50", "25 - 278", "400k - 2,000k", "xMB", "1600 for 4hr of data - 2400 for 6hr of data". */
bool item_bytes(struct arena *a, const char *text, struct cell_item *out)
{
    struct scan s = scan_make(text);
    out->kind = ITEM_BYTES;
    out->as.bytes.min = out->as.bytes.max = -1;
    out->why = "bytes such as \"50\" or \"25 - 278\" are expected";
    char letter[3];
    if (scan_letter(&s, letter)) {
        out->as.bytes.unit = bytes_unit(&s);
        if (!scan_done(&s))
            return false;
        out->why = "the size is a letter: the deployment gives it";
        return true;
    }
    if (!scan_int(&s, &out->as.bytes.min))
        return false;
    char unit = bytes_unit(&s);
    out->as.bytes.unit = unit;
    out->as.bytes.max = out->as.bytes.min;
    if (!bytes_note(a, &s, &out->as.bytes.min_note, out))
        return false;
    if (scan_word(&s, "-")) {
        if (!scan_int(&s, &out->as.bytes.max) || bytes_unit(&s) != unit ||
            out->as.bytes.max < out->as.bytes.min)
            return false;
        if (!bytes_note(a, &s, &out->as.bytes.max_note, out))
            return false;
    }
    out->why = scan_done(&s) ? NULL : "something stands behind the bytes";
    return out->why == NULL;
}
