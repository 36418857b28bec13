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
    if (!scan_keep(a, s->p, (size_t)(end - s->p), &out->as.after.event, out))
        return false;
    s->p = end;
    const char *note;
    size_t len;
    if (scan_bracket(s, &note, &len) && !scan_keep(a, note, len, &out->as.after.note, out))
        return false;
    if (out->as.after.event[0] == '\0' || !scan_done(s))
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
    if (!scan_rest(s, a, &out->as.campaign.period, out) || out->as.campaign.period[0] == '\0')
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

/* "ElectrMtr per |": what stands before " per" and the bar. */
static bool rate_population(struct arena *a, struct scan *s, struct cell_item *out)
{
    const char *bar = memchr(s->p, '|', (size_t)(s->end - s->p));
    const char *end = bar;
    while (end != NULL && end > s->p && end[-1] == ' ')
        end--;
    if (end == NULL || end - s->p < 6 || memcmp(end - 4, " per", 4) != 0)
        return false;
    const char *from = s->p;
    s->p = bar + 1;
    return scan_keep(a, from, (size_t)(end - 4 - from), &out->as.rate.population, out);
}

/* The rest: words, and a note when the rest ends in brackets. */
static bool rate_period(struct arena *a, struct scan *s, struct cell_item *out)
{
    const char *end = s->end;
    const char *open =
        end > s->p && end[-1] == ')' ? memchr(s->p, '(', (size_t)(end - s->p)) : NULL;
    if (open != NULL) {
        if (!scan_keep(a, open + 1, (size_t)(end - open - 2), &out->as.rate.note, out))
            return false;
        end = open;
    }
    return scan_keep(a, s->p, (size_t)(end - s->p), &out->as.rate.period, out) &&
           out->as.rate.period[0] != '\0';
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
    if (strcmp(text, CELL_REFERENCE) == 0) {
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
    if (!scan_word(&s, "|") || !rate_population(a, &s, out) || !rate_period(a, &s, out))
        return false;
    out->as.rate.period_s = plain_period(out->as.rate.period);
    out->why = open ? "the number is a letter: the deployment gives it" : NULL;
    return true;
}

bool item_rate_begins(const char *text)
{
    struct scan s = scan_make(text);
    while (s.p < s.end && strchr(" \n\r\t", *s.p) != NULL)
        s.p++;
    char letter[3];
    int64_t low, high;
    if (!scan_letter(&s, letter) && !int_range(&s, &low, &high))
        return false;
    return scan_word(&s, "per");
}
