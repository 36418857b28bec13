/* What keeps any claim of a plan from being a whole one, whatever the verdicts: settings that ask
 * less than the document does, or less of it. */
#include <stdarg.h>
#include <string.h>

#include "harness/plan/build_parts.h"

#define MOST_LIMITS 4096
/* The risks that the default settings take; a claim may rest on stricter ones. */
#define DEFAULT_CONFIDENCE_PPM 950000
#define DEFAULT_CONSUMER_PPM 50000

void build_limit(struct build *b, const char *kind, const char *fmt, ...)
{
    struct method *m = &b->plan->method;
    va_list ap;
    va_start(ap, fmt);
    const char *text = build_vtext(b, fmt, ap);
    va_end(ap);
    if (b->rc != ERR_OK)
        return;
    for (size_t i = 0; i < m->n_limit; i++)
        if (strcmp(m->limit[i].kind, kind) == 0 && strcmp(m->limit[i].text, text) == 0)
            return;
    if (m->n_limit == MOST_LIMITS) {
        build_fault(b, ERR_LIMIT, "more than %d reasons against a whole claim", MOST_LIMITS);
        return;
    }
    size_t cap = m->n_limit == 0 ? 0 : 8;
    while (cap != 0 && cap < m->n_limit)
        cap *= 2;
    struct method_limit *list = (struct method_limit *)m->limit;
    if (m->n_limit == cap) { /* full: twice as many */
        list = build_room(b, (cap == 0 ? 8 : 2 * cap) * sizeof *list);
        if (list == NULL)
            return;
        if (m->n_limit > 0)
            memcpy(list, m->limit, m->n_limit * sizeof *list);
    }
    list[m->n_limit++] = (struct method_limit){build_copy(b, kind), text};
    m->limit = list;
}

/* "A, B" of at most so many names, then how many more. */
static const char *some(struct build *b, const char *const *name, size_t n)
{
    const size_t most = 6;
    const char *all = build_join(b, name, n < most ? n : most, ", ");
    return n <= most ? all : build_text(b, "%s and %zu more", all, n - most);
}

static void selection(struct build *b)
{
    const struct plan_options *o = b->o;
    if (o->n_suite > 0)
        build_limit(b, "selection", "only a part of the profile was driven (--suite %s)",
                    some(b, o->suite, o->n_suite));
    if (o->n_row > 0)
        build_limit(b, "selection", "only some rows were driven (--row %s)",
                    some(b, o->row, o->n_row));
    if (o->pap02 != NULL)
        build_limit(b, "selection", "only rows with the %s flag were driven (--mode)", o->pap02);
}

/* Rows of a use case that is in scope which the profile does not take. */
static void cherries(struct build *b, const struct table_use_case *use)
{
    size_t all = 0, taken = 0;
    for (size_t i = 0; i < b->table->n_row; i++)
        all += build_names(b->table->row[i].use_case, b->table->row[i].n_use_case, use->name);
    for (size_t i = 0; i < b->n_row; i++)
        taken += b->row[i].use == use;
    if (taken > 0 && taken < all)
        build_limit(b, "profile", "the profile takes %zu of the %zu rows of use case %s", taken,
                    all, use->name);
}

static void relaxed(struct build *b)
{
    const struct profile *f = b->profile;
    const struct plan_risks *r = &b->plan->risks;
    if (f->label[0] != '\0')
        build_limit(b, "label", "the profile is labelled: %s", f->label);
    for (size_t i = 0; i < f->n_overlay; i++)
        build_limit(b, "overlay", "limits of %s are the profile's, not the document's (%s)",
                    strcmp(f->overlay[i].row, "*") == 0 ? "all rows" : f->overlay[i].row,
                    f->overlay[i].source[0] == '\0' ? "no source is given" : f->overlay[i].source);
    for (size_t i = 0; i < f->n_choice; i++)
        if (f->choice[i].take == TAKE_LAXEST)
            build_limit(b, "interpretation",
                        "of the admissible readings of %s the laxest was taken (%s)",
                        f->choice[i].id, f->choice[i].reason);
    if (f->k == 1024)
        build_limit(b, "interpretation",
                    "a k of the document's sizes was taken for 1024 bytes, the laxer reading");
    if (f->size_policy == SIZE_INFORMATION)
        build_limit(b, "policy", "sizes were measured and not judged");
    if (r->consumer_ppm > DEFAULT_CONSUMER_PPM || b->plan->confidence_ppm < DEFAULT_CONFIDENCE_PPM)
        build_limit(b, "risks",
                    "verdicts may be wrong more often than by default: %lld ppm "
                    "instead of %d (confidence %lld ppm)",
                    (long long)r->consumer_ppm, DEFAULT_CONSUMER_PPM,
                    (long long)b->plan->confidence_ppm);
}

void build_claim_limits(struct build *b)
{
    selection(b);
    relaxed(b);
    for (size_t i = 0; i < b->table->n_use_case && b->rc == ERR_OK; i++)
        cherries(b, &b->table->use_case[i]);
}
