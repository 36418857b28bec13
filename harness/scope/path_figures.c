#include "harness/scope/path_figures.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"

uint64_t budget_times(uint64_t a, uint64_t b)
{
    return (uint64_t)((unsigned __int128)a * b / BUDGET_WHOLE);
}

/* Without the zeros behind the point. */
static size_t trim(char *out)
{
    size_t n = strlen(out);
    while (n > 1 && out[n - 1] == '0')
        out[--n] = '\0';
    if (out[n - 1] == '.')
        out[--n] = '\0';
    return n;
}

const char *budget_seconds(int64_t ns, char *out, size_t size)
{
    (void)clock_seconds(ns, out, size);
    (void)trim(out);
    return out;
}

const char *budget_percent(uint64_t reliability, char *out, size_t size)
{
    uint64_t units = reliability / (BUDGET_WHOLE / 100), rest = reliability % (BUDGET_WHOLE / 100);
    (void)snprintf(out, size, "%llu.%08llu", (unsigned long long)units,
                   (unsigned long long)(rest / 100000000));
    size_t n = trim(out);
    (void)snprintf(out + n, size - n, " %%");
    return out;
}

void figures_none(struct budget_figures *f)
{
    *f = (struct budget_figures){-1, -1, 0, 0};
}

void figures_add_latency(struct budget_figures *f, int64_t ns)
{
    if (f->latency_least_ns < 0 || ns < f->latency_least_ns)
        f->latency_least_ns = ns;
    if (ns > f->latency_most_ns)
        f->latency_most_ns = ns;
}

void figures_add_reliability(struct budget_figures *f, uint64_t r)
{
    if (f->reliability_least == 0 || r < f->reliability_least)
        f->reliability_least = r;
    if (r > f->reliability_most)
        f->reliability_most = r;
}

void figures_of_row(const struct table_row *row, struct budget_figures *f)
{
    figures_none(f);
    for (size_t i = 0; i < row->n_leg; i++) {
        const struct table_leg *leg = &row->leg[i];
        for (size_t k = 0; k < leg->latency_max.n && leg->latency_per == 1; k++)
            figures_add_latency(f, leg->latency_max.value[k]);
        for (size_t k = 0; k < leg->reliability_ppb.n; k++)
            figures_add_reliability(f, (uint64_t)leg->reliability_ppb.value[k] * PER_PPB);
    }
}

void figures_sum(const struct budget_part *part, size_t n, struct budget_figures *sum)
{
    bool latency = n > 0, reliability = n > 0;
    *sum = (struct budget_figures){0, 0, BUDGET_WHOLE, BUDGET_WHOLE};
    for (size_t i = 0; i < n; i++) {
        const struct budget_figures *f = &part[i].has;
        latency = latency && f->latency_least_ns >= 0;
        reliability = reliability && f->reliability_least > 0;
        if (!latency && !reliability)
            break;
        sum->latency_least_ns += f->latency_least_ns;
        sum->latency_most_ns += f->latency_most_ns;
        sum->reliability_least = budget_times(sum->reliability_least, f->reliability_least);
        sum->reliability_most = budget_times(sum->reliability_most, f->reliability_most);
    }
    if (!latency)
        sum->latency_least_ns = sum->latency_most_ns = -1;
    if (!reliability)
        sum->reliability_least = sum->reliability_most = 0;
}

const char *figures_seconds(int64_t least_ns, int64_t most_ns, char *out, size_t size)
{
    char least[40], most[40];
    (void)budget_seconds(least_ns, least, sizeof least);
    (void)budget_seconds(most_ns, most, sizeof most);
    (void)snprintf(out, size, least_ns == most_ns ? "%s s" : "%s to %s s", least, most);
    return out;
}

const char *figures_percent(uint64_t least, uint64_t most, char *out, size_t size)
{
    char a[40], b[40];
    (void)budget_percent(least, a, sizeof a);
    (void)budget_percent(most, b, sizeof b);
    (void)snprintf(out, size, least == most ? "%s" : "%s to %s", a, b);
    return out;
}
