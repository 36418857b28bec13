#include "harness/table/cell_scan.h"

#include <string.h>

#include "harness/base/num.h"

#define SCAN_INT_MAX INT64_C(1000000000000)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *after_blanks(const struct scan *s)
{
    const char *p = s->p;
    while (p < s->end && *p == ' ')
        p++;
    return p;
}

struct scan scan_make(const char *text)
{
    return (struct scan){text, text + strlen(text)};
}

bool scan_done(struct scan *s)
{
    return after_blanks(s) == s->end;
}

bool scan_word(struct scan *s, const char *word)
{
    const char *p = after_blanks(s);
    size_t n = strlen(word);
    if ((size_t)(s->end - p) < n || memcmp(p, word, n) != 0)
        return false;
    /* A word of letters ends where the letters end: "min" does not begin "minus". */
    if (n > 0 && is_letter(word[n - 1]) && p + n < s->end && is_letter(p[n]))
        return false;
    s->p = p + n;
    return true;
}

bool scan_int(struct scan *s, int64_t *out)
{
    const char *p = after_blanks(s);
    int64_t v = 0;
    const char *q = p;
    for (; q < s->end; q++) {
        if (*q == ',' && q > p && s->end - q >= 4 && is_digit(q[1]) && is_digit(q[2]) &&
            is_digit(q[3]) && (s->end - q == 4 || !is_digit(q[4])))
            continue;
        if (!is_digit(*q))
            break;
        v = v * 10 + (*q - '0');
        if (v > SCAN_INT_MAX)
            return false;
    }
    if (q == p || (q < s->end && *q == '.'))
        return false;
    s->p = q;
    *out = v;
    return true;
}

bool scan_fixed(struct scan *s, int64_t scale, int64_t *out)
{
    const char *p = after_blanks(s);
    const char *q = p;
    while (q < s->end && (is_digit(*q) || *q == '.'))
        q++;
    if (!num_fixed(p, (size_t)(q - p), scale, out))
        return false;
    s->p = q;
    return true;
}

bool scan_unit(struct scan *s, int64_t *out_s)
{
    static const struct {
        const char *word;
        int64_t seconds;
    } unit[] = {{"sec", 1},      {"min", 60},    {"hr", 3600},    {"hour", 3600},
                {"hours", 3600}, {"day", 86400}, {"week", 604800}};
    for (size_t i = 0; i < sizeof unit / sizeof unit[0]; i++) {
        if (scan_word(s, unit[i].word)) {
            *out_s = unit[i].seconds;
            return true;
        }
    }
    return false;
}

bool scan_letter(struct scan *s, char out[3])
{
    const char *p = after_blanks(s);
    size_t n = 0;
    while (n < 2 && p + n < s->end && (p[n] == 'x' || p[n] == 'y' || p[n] == 'z'))
        n++;
    if (n == 0 || (n == 2 && p[0] != p[1]))
        return false;
    /* xMB is a letter and a unit, "yard" is neither. */
    if (p + n < s->end && p[n] >= 'a' && p[n] <= 'z')
        return false;
    memcpy(out, p, n);
    out[n] = '\0';
    s->p = p + n;
    return true;
}

bool scan_keep(struct arena *a, const char *text, size_t len, const char **dst,
               struct cell_item *out)
{
    *dst = cell_fold(a, text, len);
    if (*dst == NULL)
        out->why = NULL;
    return *dst != NULL;
}

bool scan_rest(struct scan *s, struct arena *a, const char **dst, struct cell_item *out)
{
    const char *from = s->p;
    s->p = s->end;
    return scan_keep(a, from, (size_t)(s->end - from), dst, out);
}

bool scan_bracket(struct scan *s, const char **text, size_t *len)
{
    const char *p = after_blanks(s);
    if (p == s->end || *p != '(')
        return false;
    int depth = 0;
    for (const char *q = p; q < s->end; q++) {
        depth += (*q == '(') - (*q == ')');
        if (depth == 0) {
            *text = p + 1;
            *len = (size_t)(q - p - 1);
            s->p = q + 1;
            return true;
        }
    }
    return false;
}

void item_parameters(struct cell_item *out)
{
    static const char *const names[] = {"x", "y", "z", "xx", "xMB"};
    const char *p = out->text;
    size_t n = 0;
    if (strcmp(p, CELL_REFERENCE) == 0) {
        out->parameter[0] = CELL_REFERENCE;
        return;
    }
    while (*p != '\0') {
        p += strspn(p, " (");
        size_t len = strcspn(p, " ");
        size_t word = len;
        while (word > 0 && strchr(")%,", p[word - 1]) != NULL)
            word--;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            bool known = strlen(names[i]) != word || memcmp(p, names[i], word) != 0;
            for (size_t k = 0; k < n; k++)
                known = known || out->parameter[k] == names[i];
            if (!known && n < CELL_PARAMETERS)
                out->parameter[n++] = names[i];
        }
        p += len;
    }
}
