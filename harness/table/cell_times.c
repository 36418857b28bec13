/* cell_times - members of the when and how-often columns. */
#include <string.h>

#include "harness/table/cell_scan.h"

/* "7AM", "10pm". */
static bool clock_time(struct scan *s, int32_t *out_s)
{
    int64_t hour;
    if (!scan_int(s, &hour) || hour < 1 || hour > 12)
        return false;
    bool am = scan_word(s, "AM") || scan_word(s, "am");
    if (!am && !scan_word(s, "PM") && !scan_word(s, "pm"))
        return false;
    *out_s = (int32_t)((hour % 12 + (am ? 0 : 12)) * 3600);
    return true;
}

static bool when_after(struct arena *a, struct scan *s, struct cell_item *out)
{
    /* In tenths, for "1.5 min" and "2.5 min". */
    int64_t tenths, unit;
    out->kind = ITEM_AFTER;
    out->why = "a bound such as \"< 1.5 min of fault event\" is expected";
    if (!scan_word(s, "<") || !scan_fixed(s, 10, &tenths) || tenths > INT64_C(1000000) ||
        !scan_unit(s, &unit) || tenths * unit % 10 != 0 || !scan_word(s, "of"))
        return false;
    out->as.after.max_s = tenths * unit / 10;
    const char *end = s->p;
    while (end < s->end && *end != '(')
        end++;
    out->as.after.event = cell_fold(a, s->p, (size_t)(end - s->p));
    s->p = end;
    const char *note;
    size_t len;
    if (scan_bracket(s, &note, &len)) {
        out->as.after.note = cell_fold(a, note, len);
        if (out->as.after.note == NULL)
            return false;
    }
    if (out->as.after.event == NULL || out->as.after.event[0] == '\0' || !scan_done(s))
        return false;
    out->why = NULL;
    return true;
}

static bool int_range(struct scan *s, int64_t *low, int64_t *high)
{
    if (!scan_int(s, low))
        return false;
    *high = *low;
    return !scan_word(s, "-") || (scan_int(s, high) && *high >= *low);
}

/* "1-6 hr duration, 4-8 times a year". */
static bool when_campaign(struct arena *a, struct scan *s, struct cell_item *out)
{
    int64_t unit;
    out->kind = ITEM_CAMPAIGN;
    out->why = "a campaign such as \"1-6 hr duration, 4-8 times a year\" is expected";
    if (!int_range(s, &out->as.campaign.duration_min_s, &out->as.campaign.duration_max_s) ||
        !scan_unit(s, &unit) || out->as.campaign.duration_max_s > INT64_C(1000000) ||
        !scan_word(s, "duration") || !scan_word(s, ",") ||
        !int_range(s, &out->as.campaign.times_min, &out->as.campaign.times_max) ||
        !scan_word(s, "times") || !scan_word(s, "a"))
        return false;
    out->as.campaign.duration_min_s *= unit;
    out->as.campaign.duration_max_s *= unit;
    out->as.campaign.period = cell_fold(a, s->p, (size_t)(s->end - s->p));
    if (out->as.campaign.period == NULL || out->as.campaign.period[0] == '\0')
        return false;
    out->why = NULL;
    return true;
}

bool item_when(struct arena *a, const char *text, struct cell_item *out)
{
    struct scan s = scan_make(text);
    if (scan_word(&s, "24x7")) {
        out->kind = ITEM_ALWAYS;
        out->why = scan_done(&s) ? NULL : "something stands behind 24x7";
        return out->why == NULL;
    }
    if (scan_word(&s, "within"))
        return when_after(a, &s, out);
    struct scan window = s;
    if (clock_time(&window, &out->as.window.from_s)) {
        out->kind = ITEM_WINDOW;
        bool whole = scan_word(&window, "-") && clock_time(&window, &out->as.window.to_s) &&
                     scan_done(&window) && out->as.window.from_s != out->as.window.to_s;
        out->why = whole ? NULL : "a window such as \"7AM - 10PM\" is expected";
        return whole;
    }
    return when_campaign(a, &s, out);
}

/* The part up to the next bar, folded; leaves the position behind the bar. */
static const char *up_to_bar(struct arena *a, struct scan *s)
{
    const char *bar = memchr(s->p, '|', (size_t)(s->end - s->p));
    if (bar == NULL)
        return NULL;
    const char *part = cell_fold(a, s->p, (size_t)(bar - s->p));
    s->p = bar + 1;
    return part;
}

static bool ends_with_per(const char *text, size_t *head)
{
    size_t len = strlen(text);
    if (len < 5 || strcmp(text + len - 4, " per") != 0)
        return false;
    *head = len - 4;
    return true;
}

static int64_t plain_period(const char *text)
{
    struct scan s = scan_make(text);
    int64_t n = 1, unit;
    (void)scan_int(&s, &n);
    return n <= 1000000 && scan_unit(&s, &unit) && scan_done(&s) ? n * unit : -1;
}

/* "25 per 1000 per | ElectrMtr per | day", "x per | Utl per | day (batches of y Mtrs)". */
bool item_rate(struct arena *a, const char *text, struct cell_item *out)
{
    struct scan s = scan_make(text);
    if (strcmp(text, "See REQMTS Table") == 0) {
        out->why = "the document refers to a spreadsheet that it does not contain";
        return false;
    }
    out->kind = ITEM_RATE;
    out->as.rate.per = 1;
    out->as.rate.times_min = out->as.rate.times_max = out->as.rate.period_s = -1;
    out->why = "a rate such as \"25 per 1000 per | ElectrMtr per | day\" is expected";
    char letter[3];
    bool open = scan_letter(&s, letter);
    if (!open && !int_range(&s, &out->as.rate.times_min, &out->as.rate.times_max))
        return false;
    if (!scan_word(&s, "per"))
        return false;
    if (scan_int(&s, &out->as.rate.per) && (out->as.rate.per == 0 || !scan_word(&s, "per")))
        return false;
    if (!scan_word(&s, "|"))
        return false;
    const char *population = up_to_bar(a, &s);
    size_t head;
    if (population == NULL || !ends_with_per(population, &head))
        return false;
    out->as.rate.population = cell_fold(a, population, head);
    /* A closing bracket at the very end is a note; others belong to the words. */
    const char *end = s.end;
    const char *open_bracket = NULL;
    if (end > s.p && end[-1] == ')') {
        for (const char *p = s.p; p < end; p++) {
            if (*p == '(') {
                open_bracket = p;
                break;
            }
        }
    }
    if (open_bracket != NULL) {
        out->as.rate.note = cell_fold(a, open_bracket + 1, (size_t)(end - open_bracket - 2));
        end = open_bracket;
        if (out->as.rate.note == NULL)
            return false;
    }
    out->as.rate.period = cell_fold(a, s.p, (size_t)(end - s.p));
    if (out->as.rate.population == NULL || out->as.rate.period == NULL ||
        out->as.rate.period[0] == '\0')
        return false;
    out->as.rate.period_s = plain_period(out->as.rate.period);
    out->why = open ? "the number is a letter: the deployment gives it" : NULL;
    return true;
}

bool item_rate_begins(const char *text)
{
    struct scan s = scan_make(text);
    while (s.p < s.end && (*s.p == '\n' || *s.p == '\t'))
        s.p++;
    char letter[3];
    int64_t low, high;
    if (!scan_letter(&s, letter) && !int_range(&s, &low, &high))
        return false;
    return scan_word(&s, "per");
}
