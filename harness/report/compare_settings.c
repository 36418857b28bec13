#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/report/compare_impl.h"

#define NOTES_MOST 32

static enum err_code say(struct compare *c, struct err *e, const char *text)
{
    if (c->note == NULL)
        c->note = arena_alloc(&c->arena, NOTES_MOST * sizeof *c->note);
    if (c->note == NULL || text == NULL)
        return err_set(e, ERR_NOMEM, "no memory to compare settings");
    if (c->n_note < NOTES_MOST)
        c->note[c->n_note++] = text;
    return ERR_OK;
}

static const char *or_none(const char *s)
{
    return s == NULL || s[0] == '\0' ? "none" : s;
}

/* Digest of the first source of a kind, NULL: the plan has none. */
static const char *digest_of(const struct plan *p, const char *kind)
{
    for (size_t i = 0; i < p->n_source; i++)
        if (strcmp(p->source[i].kind, kind) == 0)
            return p->source[i].digest;
    return NULL;
}

static enum err_code sources(struct compare *c, const struct plan *a, const struct plan *b,
                             struct err *e)
{
    static const struct {
        const char *kind, *what;
    } of[] = {
        {"table", "the requirement tables differ: rows and limits may not mean the same"},
        {"profile", "the profile's file is not the same"},
        {"statement", "the statement's file is not the same"},
        {"deployment profiles", "what a deployment's decisions leave in play is not the same"},
        {"bindings", "the bindings are not the same"}};
    enum err_code rc = ERR_OK;
    if (a == NULL || b == NULL)
        return say(c, e,
                   "a run's plan.xml is not at hand: whether table, profile and statement are the "
                   "same files cannot be told");
    for (size_t i = 0; i < sizeof of / sizeof of[0] && rc == ERR_OK; i++)
        if (!compare_same(digest_of(a, of[i].kind), digest_of(b, of[i].kind)))
            rc = say(c, e, of[i].what);
    if (rc == ERR_OK && a->pace_per_s != b->pace_per_s)
        rc = say(c, e,
                 compare_say(c, "the pace differs: %" PRId64 " and %" PRId64 " trials a second",
                             a->pace_per_s, b->pace_per_s));
    if (rc == ERR_OK && a->connection_per_exchange != b->connection_per_exchange)
        rc = say(c, e,
                 "connections differ: kept open, and one for each exchange; latencies hold that");
    return rc;
}

enum err_code compare_settings(struct compare *c, const struct plan *a, const struct plan *b,
                               struct err *e)
{
    const struct result *x = c->a, *y = c->b;
    c->declared_ns = (a == NULL ? 0 : a->uncertainty_ns) + (b == NULL ? 0 : b->uncertainty_ns);
    const struct {
        const char *what, *of_a, *of_b;
    } of[] = {{"vendor", x->vendor, y->vendor},
              {"model", x->model, y->model},
              {"hardware", x->hardware, y->hardware},
              {"firmware", x->firmware, y->firmware},
              {"firmware digest", x->firmware_digest, y->firmware_digest},
              {"actors of the equipment", x->eut_actors, y->eut_actors},
              {"profile", x->profile_name, y->profile_name},
              {"profile's label", x->profile_label, y->profile_label},
              {"zone", x->zone, y->zone},
              {"decision rule", x->rule, y->rule},
              {"interface", x->interface, y->interface}};
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < sizeof of / sizeof of[0] && rc == ERR_OK; i++)
        if (!compare_same(of[i].of_a, of[i].of_b))
            rc = say(c, e,
                     compare_say(c, "%s differs: %.300s and %.300s", of[i].what,
                                 or_none(of[i].of_a), or_none(of[i].of_b)));
    if (rc == ERR_OK && x->driven != y->driven)
        rc = say(c, e, "one run was driven, the other is a foreign capture");
    if (rc == ERR_OK && (!x->complete || !y->complete))
        rc = say(c, e,
                 compare_say(c, "%s did not reach its end: %.200s", x->complete ? "b" : "a",
                             x->complete ? y->ended : x->ended));
    if (rc == ERR_OK)
        rc = sources(c, a, b, e);
    if (rc == ERR_OK && !(c->side[0].read && c->side[1].read))
        rc = say(c, e,
                 "a run's exchanges are not at hand: latencies are not tested, and shares of "
                 "successes by the counts of run.xml");
    return rc;
}
