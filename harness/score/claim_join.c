#include "harness/score/claim_join.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/score/claim_words.h"

#define WHOLE_PPM 1000000
#define ROWS_TOLD 5

struct joining {
    struct claim_source *s;
    size_t n;
    struct claim_joined *out;
    struct method_limit *limit;
    size_t cap_limit;
    bool no_memory;
};

static const char *say(struct joining *j, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static const char *say(struct joining *j, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(&j->out->arena, fmt, ap);
    va_end(ap);
    j->no_memory = j->no_memory || text == NULL;
    return text == NULL ? "" : text;
}

static void limit(struct joining *j, const char *kind, const char *text)
{
    if (j->out->n_limit < j->cap_limit)
        j->limit[j->out->n_limit++] = (struct method_limit){kind, text};
}

/* ---- actors: "A, B" -----------------------------------------------------------------------------
 */

/* The next name of a list; NULL at its end. */
static const char *next_name(const char **list, size_t *len)
{
    const char *name = *list;
    if (name == NULL || name[0] == '\0')
        return NULL;
    const char *end = strstr(name, ", ");
    *len = end == NULL ? strlen(name) : (size_t)(end - name);
    *list = end == NULL ? name + *len : end + 2;
    return name;
}

static bool lists(const char *list, const char *name, size_t len)
{
    size_t n;
    for (const char *own; (own = next_name(&list, &n)) != NULL;)
        if (n == len && memcmp(own, name, n) == 0)
            return true;
    return false;
}

static bool share_an_actor(const char *x, const char *y)
{
    size_t n;
    for (const char *name; (name = next_name(&x, &n)) != NULL;)
        if (lists(y, name, n))
            return true;
    return false;
}

static bool is_covered(const struct joining *j, const char *name, size_t len)
{
    for (size_t i = 0; i < j->n; i++)
        if (j->s[i].claim.kind == CLAIM_WHOLE && lists(j->s[i].result->eut_actors, name, len))
            return true;
    return false;
}

static void add_missing(struct joining *j, const char *list)
{
    size_t n;
    for (const char *name; (name = next_name(&list, &n)) != NULL;)
        if (!is_covered(j, name, n) && !lists(j->out->missing, name, n))
            j->out->missing = say(j, "%s%s%.*s", j->out->missing,
                                  j->out->missing[0] == '\0' ? "" : ", ", (int)n, name);
}

/* Ends of the profile's rows, and what stands between them. */
static void find_missing(struct joining *j)
{
    j->out->missing = "";
    for (size_t i = 0; i < j->n; i++) {
        const struct method *m = &j->s[i].result->method;
        add_missing(j, m->actors);
        for (size_t k = 0; k < m->n_way; k++)
            add_missing(j, m->way[k].via);
    }
}

/* ---- whether they go together -------------------------------------------------------------------
 */

static enum err_code same_source(const struct claim_source *x, const struct claim_source *y,
                                 const char *kind, struct err *e)
{
    const char *a = result_source_digest(x->result, kind),
               *b = result_source_digest(y->result, kind);
    if (a[0] != '\0' && strcmp(a, b) == 0)
        return ERR_OK;
    return err_set(e, ERR_SCOPE,
                   "%s and %s: results of different %ss (SHA-256 %.16s and %.16s) make no claim "
                   "together",
                   x->path, y->path, kind, a[0] == '\0' ? "unknown" : a,
                   b[0] == '\0' ? "unknown" : b);
}

static enum err_code fit(const struct claim_source *x, const struct claim_source *y, struct err *e)
{
    const struct result *a = x->result, *b = y->result;
    enum err_code rc = same_source(x, y, "profile", e);
    if (rc == ERR_OK)
        rc = same_source(x, y, "table", e);
    if (rc != ERR_OK)
        return rc;
    if (strcmp(a->nonce, b->nonce) == 0 || strcmp(x->digest, y->digest) == 0)
        return err_set(e, ERR_SCOPE, "%s and %s: the same run, %s, twice", x->path, y->path,
                       a->nonce);
    bool same = strcmp(a->vendor, b->vendor) == 0 && strcmp(a->model, b->model) == 0 &&
                strcmp(a->hardware, b->hardware) == 0 &&
                strcmp(a->firmware_digest, b->firmware_digest) == 0;
    if (!same && share_an_actor(a->eut_actors, b->eut_actors))
        return err_set(e, ERR_SCOPE,
                       "%s and %s: the same actor of different equipment or firmware (%s %s, "
                       "firmware %s %.16s; %s %s, firmware %s %.16s)",
                       x->path, y->path, a->vendor, a->model, a->firmware, a->firmware_digest,
                       b->vendor, b->model, b->firmware, b->firmware_digest);
    return ERR_OK;
}

/* ---- budgets ------------------------------------------------------------------------------------
 */

/* The same row in another result; of one profile and table it mostly stands at the same place. */
static const struct result_row *same_row(const struct result *r, const struct result_row *row,
                                         size_t at)
{
    for (size_t i = 0; i < r->n_row; i++) {
        const struct result_row *own = &r->row[(at + i) % r->n_row];
        if (strcmp(own->id, row->id) == 0 && strcmp(own->use_case, row->use_case) == 0)
            return own;
    }
    return NULL;
}

/* The largest share that a result took of a row's budget; 0: it has no part in it. */
static int64_t share_of(const struct result *r, const struct result_row *row, size_t at)
{
    const struct result_row *own = same_row(r, row, at);
    int64_t most = 0;
    for (size_t k = 0; own != NULL && own->concerns && k < own->n_variant; k++) {
        int64_t share = own->variant[k].share_ppm;
        share = share == -1 ? WHOLE_PPM : share;
        most = share > most ? share : most;
    }
    return most;
}

/* A row over all results; those about the same actors stand for each other. */
static int64_t shares(const struct joining *j, const struct result_row *row, size_t at)
{
    int64_t sum = 0;
    for (size_t i = 0; i < j->n; i++) {
        int64_t own = share_of(j->s[i].result, row, at);
        bool again = false;
        for (size_t k = 0; k < i && !again; k++)
            again = strcmp(j->s[k].result->eut_actors, j->s[i].result->eut_actors) == 0 &&
                    share_of(j->s[k].result, row, at) >= own;
        sum += again ? 0 : own;
    }
    return sum;
}

static void check_shares(struct joining *j)
{
    size_t over = 0;
    const char *told = "";
    for (size_t i = 0; i < j->n; i++) {
        const struct result *r = j->s[i].result;
        for (size_t k = 0; k < r->n_row; k++) {
            bool before = !r->row[k].concerns || r->row[k].n_variant == 0;
            for (size_t x = 0; x < i && !before; x++)
                before = share_of(j->s[x].result, &r->row[k], k) > 0;
            int64_t sum = before ? 0 : shares(j, &r->row[k], k);
            if (sum <= WHOLE_PPM)
                continue;
            if (over++ < ROWS_TOLD)
                told = say(j, "%s%s%s (%" PRId64 " %%)", told, told[0] == '\0' ? "" : ", ",
                           r->row[k].id, sum / 10000);
        }
    }
    if (over > 0)
        limit(j, "share",
              say(j,
                  "what the results used of a row's end-to-end budget adds up to more than it, in "
                  "%zu row%s: %s%s",
                  over, over == 1 ? "" : "s", told, over > ROWS_TOLD ? "..." : ""));
}

/* ---- the wording --------------------------------------------------------------------------------
 */

static const char *parties(struct joining *j)
{
    const char *text = "";
    for (size_t i = 0; i < j->n; i++) {
        const struct result *r = j->s[i].result;
        text = say(j, "%s%s%s %s, firmware %s (SHA-256 %.16s...) as %s", text, i == 0 ? "" : "; ",
                   r->vendor, r->model, r->firmware, r->firmware_digest, r->eut_actors);
    }
    return text;
}

static const char *profile(struct joining *j)
{
    const struct result *r = j->s[0].result;
    const char *digest = result_source_digest(r, "profile");
    return say(j, "profile %s%s\"%s\" (SHA-256 %.16s...)", r->method.deployment,
               r->method.deployment[0] == '\0' ? "" : " ", r->profile_name, digest);
}

static const char *runs(struct joining *j)
{
    const char *text = "";
    for (size_t i = 0; i < j->n; i++) {
        const struct result *r = j->s[i].result;
        text =
            say(j, "%s%srun %s (result SHA-256 %.16s..., plan %.16s..., ledger's head %.16s...)",
                text, i == 0 ? "" : ", ", r->nonce, j->s[i].digest, r->plan_digest, r->ledger_head);
    }
    return text;
}

/* What all have, each once: "A, B". */
static const char *all_of(struct joining *j, bool taps)
{
    const char *text = "";
    for (size_t i = 0; i < j->n; i++) {
        const char *list = taps ? j->s[i].claim.taps : j->s[i].claim.spans;
        size_t n;
        for (const char *name; (name = next_name(&list, &n)) != NULL;)
            if (!lists(text, name, n))
                text = say(j, "%s%s%.*s", text, text[0] == '\0' ? "" : ", ", (int)n, name);
    }
    return text;
}

/* What each holds under, once where several say the same. */
static const char *conditions(struct joining *j)
{
    const char *text = "";
    bool alike = true;
    for (size_t i = 1; i < j->n; i++)
        alike = alike && strcmp(j->s[i].claim.condition, j->s[0].claim.condition) == 0;
    for (size_t i = 0; i < (alike ? 1 : j->n); i++) {
        const char *own = j->s[i].claim.condition;
        if (own[0] != '\0' && alike)
            text = say(j, " %s", own);
        else if (own[0] != '\0')
            text = say(j, "%s Of run %s: %s", text, j->s[i].result->nonce, own);
    }
    return text;
}

static void words_system(struct joining *j)
{
    const struct claim *first = &j->s[0].claim;
    const char *taps = all_of(j, true), *spans = all_of(j, false);
    j->out->wording = say(
        j,
        "At tap%s %s with span%s %s, for %" PRIu64 " endpoints (%s), %s satisf%s %s of %s: "
        "%s.%s",
        strchr(taps, ',') == NULL ? "" : "s", taps, strchr(spans, ',') == NULL ? "" : "s", spans,
        first->n_endpoints, first->endpoints, parties(j), j->n == 1 ? "ies" : "y together",
        claim_whose(j->s[0].result), profile(j), runs(j), conditions(j));
}

static void words(struct joining *j)
{
    struct claim_joined *out = j->out;
    size_t whole = 0, any = 0;
    for (size_t i = 0; i < j->n; i++) {
        whole += j->s[i].claim.kind == CLAIM_WHOLE && j->s[i].objection == NULL;
        any += j->s[i].claim.kind != CLAIM_NONE;
    }
    out->kind = whole == j->n ? CLAIM_WHOLE : any > 0 ? CLAIM_PARTIAL : CLAIM_NONE;
    out->system = out->kind == CLAIM_WHOLE && out->missing[0] == '\0' && out->n_limit == 0;
    const char *by = runs(j);
    if (out->system)
        words_system(j);
    else if (j->n == 1 && j->s[0].objection == NULL)
        out->wording = j->s[0].claim.wording;
    else if (out->kind == CLAIM_WHOLE)
        out->wording = say(j,
                           "Each as the actors named, %s satisf%s %s of %s: %s. Not "
                           "the profile as a whole: %s%s%s%s.%s",
                           parties(j), j->n == 1 ? "ies" : "y", claim_whose(j->s[0].result),
                           profile(j), by, out->missing[0] == '\0' ? "" : "no result is about ",
                           out->missing, out->missing[0] == '\0' || out->n_limit == 0 ? "" : "; ",
                           out->n_limit == 0 ? "" : out->limit[0].text, conditions(j));
    else
        out->wording = say(j, "%s: %zu of %zu results satisfy what %s asks of their actors: %s.",
                           out->kind == CLAIM_NONE ? "No claim" : "Partial claim", whole, j->n,
                           profile(j), by);
}

enum err_code claim_join(struct claim_source *s, size_t n, struct claim_joined *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    struct joining j = {.s = s, .n = n, .out = out, .cap_limit = n + 2};
    *out = (struct claim_joined){.arena = ARENA_INIT};
    for (size_t i = 0; i < n; i++)
        s[i].claim = (struct claim){.arena = ARENA_INIT};
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        for (size_t k = 0; k < i && rc == ERR_OK; k++)
            rc = fit(&s[k], &s[i], e);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = claim_make(s[i].result, &s[i].claim, e);
    if (rc == ERR_OK) {
        j.limit = arena_alloc(&out->arena, j.cap_limit * sizeof *j.limit);
        j.no_memory = j.limit == NULL;
    }
    if (rc == ERR_OK && !j.no_memory) {
        out->limit = j.limit;
        for (size_t i = 0; i < n; i++)
            if (s[i].objection != NULL)
                limit(&j, "campaign", s[i].objection);
        find_missing(&j);
        check_shares(&j);
        words(&j);
    }
    if (rc == ERR_OK && j.no_memory)
        rc = err_set(e, ERR_NOMEM, "no memory for the claim of %zu results", n);
    if (rc != ERR_OK)
        claim_join_release(out, s, n);
    return rc;
}

void claim_join_release(struct claim_joined *j, struct claim_source *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        claim_release(&s[i].claim);
    arena_release(&j->arena);
}
