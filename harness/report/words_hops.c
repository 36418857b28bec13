/* Hops in words: shares of a budget, and a whole chain in one line. */
#include <inttypes.h>
#include <stdio.h>

#include "harness/base/clock.h"
#include "harness/report/words.h"

char *words_part(int64_t ns, int64_t of_ns, char *out, size_t size)
{
    /* In tenths of a per cent; what lasts months is told from its microseconds. */
    int64_t scale = of_ns > INT64_MAX / 1000 ? 1000 : 1, of = of_ns / scale, took = ns / scale;
    int64_t tenths = of <= 0 ? 0 : took / of * 1000 + took % of * 1000 / of;
    if (tenths == 0 && ns > 0)
        (void)snprintf(out, size, "< 0.1 %%");
    else if (tenths % 10 == 0)
        (void)snprintf(out, size, "%" PRId64 " %%", tenths / 10);
    else
        (void)snprintf(out, size, "%" PRId64 ".%d %%", tenths / 10, (int)(tenths % 10));
    return out;
}

void words_hops(struct text *out, const struct result_variant *v)
{
    char s[WORDS_SIZE];
    for (size_t i = 0; i < v->n_hop; i++) {
        const struct result_hop *h = &v->hop[i];
        text_f(out, "%s%s%s p99 %s s", i == 0 ? "" : "; ", h->link ? "link to " : "", h->at,
               clock_seconds(h->p99_ns, s, sizeof s));
        if (v->budget_ns > 0)
            text_f(out, " (%s)", words_part(h->p99_ns, v->budget_ns, s, sizeof s));
    }
}
