#include "harness/score/claim.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/plan/method_io.h"
#include "harness/score/claim_words.h"

static const char *const kind_word[CLAIM_KIND_COUNT] = {"none", "partial", "whole"};
static const char *const part_word[CLAIM_PART_COUNT] = {"covered",      "in part", "failed",
                                                        "inconclusive", "error",   "not exercised",
                                                        "not scorable", "not run"};

const char *claim_kind_name(enum claim_kind k)
{
    return kind_word[k];
}

const char *claim_part_name(enum claim_part p)
{
    return part_word[p];
}

/* ---- rows ---------------------------------------------------------------------------------------
 */

/* The reason of the first criterion that came to no better. */
static const char *reason_of(struct claim_making *m, const struct result_row *row)
{
    for (size_t i = 0; i < row->n_variant; i++)
        for (int k = 0; k < CRITERION_COUNT; k++) {
            const struct result_criterion *c = &row->variant[i].criterion[k];
            bool told = row->verdict != VERDICT_NONE
                            ? c->verdict == row->verdict
                            : c->verdict == VERDICT_NONE && c->status == row->status;
            if (told && c->reason != NULL && c->reason[0] != '\0')
                return claim_say(m, "%s: %s", criterion_name((enum criterion_kind)k), c->reason);
        }
    return claim_text(row->reason);
}

static enum claim_part part_of(const struct result_row *row)
{
    switch (row->verdict) {
    case VERDICT_PASS:
        return claim_text(row->lacks)[0] == '\0' ? CLAIM_COVERED : CLAIM_IN_PART;
    case VERDICT_FAIL:
        return CLAIM_FAILED;
    case VERDICT_INCONCLUSIVE:
        return CLAIM_INCONCLUSIVE;
    case VERDICT_ERROR:
        return CLAIM_ERROR;
    case VERDICT_NONE:
    case VERDICT_COUNT:
        break;
    }
    return row->n_variant == 0 || row->status == NOT_RUN ? CLAIM_NOT_RUN
           : row->status == NOT_EXERCISED                ? CLAIM_NOT_EXERCISED
                                                         : CLAIM_NOT_SCORABLE;
}

static const char *why_of(struct claim_making *m, const struct result_row *row,
                          enum claim_part part)
{
    if (part == CLAIM_COVERED)
        return "";
    if (part == CLAIM_IN_PART || (row->n_variant == 0 && claim_text(row->lacks)[0] != '\0'))
        return claim_text(row->lacks);
    const char *reason = reason_of(m, row);
    return claim_text(row->lacks)[0] == '\0' ? reason : claim_say(m, "%s; %s", reason, row->lacks);
}

static uint64_t fewest_endpoints(const struct result_row *row)
{
    uint64_t n = row->n_variant == 0 ? 0 : UINT64_MAX;
    for (size_t i = 0; i < row->n_variant; i++)
        n = row->variant[i].endpoints < n ? row->variant[i].endpoints : n;
    return n;
}

static void take_rows(struct claim_making *m)
{
    const struct result *r = m->result;
    struct claim_row *row = arena_alloc(&m->claim->arena, (r->n_row + 1) * sizeof *row);
    m->no_memory = m->no_memory || row == NULL;
    for (size_t i = 0; i < r->n_row && row != NULL; i++) {
        const struct result_row *from = &r->row[i];
        /* What went wrong weighs, whatever the plan says of its concern. */
        if (!from->concerns && (from->verdict <= VERDICT_PASS || from->unlisted))
            continue;
        enum claim_part part = part_of(from);
        row[m->claim->n_row++] =
            (struct claim_row){from, part, why_of(m, from, part), fewest_endpoints(from)};
        m->claim->of[part]++;
    }
    m->claim->row = row;
}

/* ---- limits -------------------------------------------------------------------------------------
 */

static void limit(struct claim_making *m, const char *kind, const char *text)
{
    if (m->n_limit < m->cap_limit)
        m->limit[m->n_limit++] = (struct method_limit){kind, text};
}

static bool same_kind(const struct result_population *p, const struct method_quantity *q)
{
    return strcmp(p->actor, q->actor) == 0 &&
           (q->device_class[0] == '\0' || strcmp(p->device_class, q->device_class) == 0);
}

uint64_t claim_reached(const struct result *r, const struct method_quantity *q)
{
    uint64_t n = 0;
    for (size_t i = 0; i < r->n_population; i++) {
        const struct result_population *p = &r->population[i];
        if (!same_kind(p, q))
            continue;
        /* Trials are about none of these: one of them was at the other end. */
        n += p->subject ? p->reached : (p->devices > 0 && n == 0);
    }
    return n;
}

static void limit_quantities(struct claim_making *m)
{
    const struct method *of = &m->result->method;
    for (size_t i = 0; i < of->n_quantity; i++) {
        const struct method_quantity *q = &of->quantity[i];
        uint64_t reached = claim_reached(m->result, q);
        if (q->deployment > reached)
            limit(m, "quantity",
                  claim_say(m,
                            "the deployment has %" PRIu64 " \"%s\"%s%s (%s); exchanges reached "
                            "%" PRIu64 ", of %" PRIu64 " that the run stood up",
                            q->deployment, q->actor, q->device_class[0] == '\0' ? "" : ", ",
                            q->device_class, q->source, reached, q->tested));
    }
}

/* What the evidence and its campaign leave open. */
static void limit_evidence(struct claim_making *m)
{
    const struct result *r = m->result;
    if (!r->driven)
        limit(m, "evidence",
              "the capture came without a journal of the harness: what was attempted, and lost, "
              "nothing tells");
    if (!r->complete)
        limit(m, "interrupted",
              claim_say(m, "the run did not reach its end: %s",
                        claim_text(r->ended)[0] == '\0' ? "nothing tells why" : r->ended));
    if (claim_text(r->campaign)[0] == '\0')
        limit(m, "ledger", "the run is in no campaign's ledger: others may have been left out");
    else if (r->submission > r->earlier_runs + 1)
        limit(m, "campaign",
              claim_say(
                  m,
                  "this is submission %" PRIu32 " of its campaign, and what came before it "
                  "counts as well: gridassay claim, on its ledger, tells what all make together",
                  r->submission));
    if (!r->claimable && r->driven && claim_text(r->profile_label)[0] != '\0' &&
        claim_text(r->campaign)[0] != '\0')
        limit(m, "label", claim_say(m, "no claim can be made: %s", r->profile_label));
    else if (!r->claimable && r->driven && claim_text(r->campaign)[0] != '\0')
        limit(m, "label", "the plan lets no claim be made");
    if (r->method.n_prerequisite == 0)
        limit(m, "method", "the result does not say which use cases the claim takes");
}

/* The plan has told of them, unless somebody took that out. */
static void limit_prerequisites(struct claim_making *m)
{
    const struct method *of = &m->result->method;
    bool told = false;
    for (size_t i = 0; i < of->n_limit; i++)
        told = told || strcmp(of->limit[i].kind, "prerequisite") == 0;
    for (size_t i = 0; i < of->n_prerequisite && !told; i++)
        if (!of->prerequisite[i].in_scope)
            limit(m, "prerequisite",
                  claim_say(m, "use case %s, which %s cannot do without, is not in scope",
                            of->prerequisite[i].use_case, of->prerequisite[i].needed_by));
}

static void take_limits(struct claim_making *m)
{
    const struct result *r = m->result;
    m->cap_limit = r->method.n_limit + r->method.n_quantity + r->method.n_prerequisite +
                   r->n_contradiction + 16;
    m->limit = arena_alloc(&m->claim->arena, m->cap_limit * sizeof *m->limit);
    m->no_memory = m->no_memory || m->limit == NULL;
    if (m->limit == NULL)
        return;
    if (!method_given(&r->method))
        limit(m, "method", "the result does not say how it was shown");
    for (size_t i = 0; i < r->method.n_limit; i++)
        limit(m, r->method.limit[i].kind, r->method.limit[i].text);
    limit_prerequisites(m);
    limit_quantities(m);
    limit_evidence(m);
    /* What was tested is then not what the statement says it is. */
    for (size_t i = 0; i < r->n_contradiction; i++)
        limit(m, "contradiction",
              claim_say(m, "the capture contradicts the statement: %s",
                        claim_text(r->contradiction[i].text)));
    m->claim->limit = m->limit;
    m->claim->n_limit = m->n_limit;
}

/* ---- the claim ----------------------------------------------------------------------------------
 */

static enum claim_kind kind_of(const struct claim_making *m)
{
    const struct claim *c = m->claim;
    if (!m->result->claimable || c->of[CLAIM_COVERED] + c->of[CLAIM_IN_PART] == 0)
        return CLAIM_NONE;
    return c->of[CLAIM_COVERED] == c->n_row && c->n_limit == 0 ? CLAIM_WHOLE : CLAIM_PARTIAL;
}

enum err_code claim_make(const struct result *r, struct claim *out, struct err *e)
{
    *out = (struct claim){.arena = ARENA_INIT};
    struct claim_making m = {.result = r, .claim = out};
    take_rows(&m);
    take_limits(&m);
    out->kind = kind_of(&m);
    claim_words(&m);
    if (!m.no_memory)
        return ERR_OK;
    claim_release(out);
    return err_set(e, ERR_NOMEM, "no memory for the claim");
}

void claim_release(struct claim *c)
{
    arena_release(&c->arena);
    *c = (struct claim){.arena = ARENA_INIT};
}
