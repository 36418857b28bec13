#include "harness/score/claim_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LIMITS_TOLD 3 /* in the wording; all of them stand behind it */

const char *claim_say(struct claim_making *m, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(&m->claim->arena, fmt, ap);
    va_end(ap);
    m->no_memory = m->no_memory || text == NULL;
    return text == NULL ? "" : text;
}

const char *claim_whose(const struct result *r)
{
    for (size_t i = 0; i < r->method.n_value; i++)
        if (strcmp(r->method.value[i].kind, METHOD_OWN_TABLE) == 0)
            return "the requirements of a table of the lab's own, not the SG-Network's,";
    return "the SG-Network requirements";
}

/* Texts that many readings share, each once, at most so many. */
#define WORDS_MOST 32
struct word_list {
    const char *word[WORDS_MOST];
    size_t n, left_out;
};

static void keep(struct word_list *l, const char *word, size_t len, struct claim_making *m)
{
    for (size_t i = 0; i < l->n; i++)
        if (strlen(l->word[i]) == len && memcmp(l->word[i], word, len) == 0)
            return;
    if (l->n == WORDS_MOST)
        l->left_out++;
    else
        l->word[l->n++] = claim_say(m, "%.*s", (int)len, word);
}

static const char *list(struct claim_making *m, const struct word_list *l)
{
    const char *all = "";
    for (size_t i = 0; i < l->n; i++)
        all = claim_say(m, "%s%s%s", all, i == 0 ? "" : ", ", l->word[i]);
    return l->left_out == 0 ? all : claim_say(m, "%s and %zu more", all, l->left_out);
}

/* Where the readings of covered rows were measured, and over which part of their budget. */
static void where(struct claim_making *m)
{
    struct word_list taps = {{NULL}, 0, 0}, spans = {{NULL}, 0, 0};
    for (size_t i = 0; i < m->claim->n_row; i++) {
        const struct claim_row *row = &m->claim->row[i];
        for (size_t k = 0; row->part <= CLAIM_IN_PART && k < row->row->n_variant; k++) {
            const struct result_variant *v = &row->row->variant[k];
            const char *tap = claim_text(v->measured), *span = claim_text(v->span);
            tap += strncmp(tap, "tap ", 4) == 0 ? 4 : 0;
            keep(&taps, tap, strcspn(tap, ":"), m);
            keep(&spans, span, strlen(span), m);
        }
    }
    m->claim->taps = list(m, &taps);
    m->claim->spans = list(m, &spans);
}

static bool is_played(const struct result *r, const struct method_quantity *q)
{
    for (size_t i = 0; i < r->n_population; i++)
        if (strcmp(r->population[i].actor, q->actor) == 0)
            return !r->population[i].equipment;
    return false;
}

/* "600 of 600 2-Way Meter - Electr residential"; of a whole claim the profile's number. */
static void endpoints(struct claim_making *m)
{
    const struct method *of = &m->result->method;
    const char *all = "";
    for (size_t i = 0; i < of->n_quantity; i++) {
        const struct method_quantity *q = &of->quantity[i];
        uint64_t reached = claim_reached(m->result, q),
                 n = m->claim->kind == CLAIM_WHOLE ? q->deployment : reached;
        if (n == 0 || (m->claim->kind != CLAIM_WHOLE && q->deployment == 0 &&
                       is_played(m->result, q) && q->tested <= 1))
            continue;
        const char *class = q->device_class[0] == '\0' ? "" : claim_say(m, " %s", q->device_class);
        const char *whole = m->claim->kind == CLAIM_WHOLE || q->deployment == 0
                                ? ""
                                : claim_say(m, " of %" PRIu64, q->deployment);
        m->claim->n_endpoints += n;
        all = claim_say(m, "%s%s%" PRIu64 "%s %s%s%s", all, all[0] == '\0' ? "" : ", ", n, whole,
                        q->actor, class, is_played(m->result, q) ? ", played by the harness" : "");
    }
    m->claim->endpoints = all;
}

/* What a reader has to know to read "satisfies". */
static void conditions(struct claim_making *m)
{
    const struct result *r = m->result;
    const char *text = "";
    if (r->time_shift_ns != 0)
        text = claim_say(m, "%sThe clock that the harness kept to was shifted by %lld min. ", text,
                         (long long)(r->time_shift_ns / 60000000000));
    for (size_t i = 0; i < r->method.n_value; i++) {
        const struct method_value *v = &r->method.value[i];
        if (strcmp(v->kind, METHOD_OWN_TABLE) == 0)
            text = claim_say(m,
                             "The lab's own table is \"%s\", "
                             "edition %s (%s, SHA-256 %.16s...): %s. %s",
                             claim_text(r->method.table), claim_text(r->method.table_edition),
                             v->name, result_source_digest(r, "table"), v->text, text);
        if (strcmp(v->kind, METHOD_CLOCK_FACTOR) == 0)
            text = claim_say(m, "%sThe deployment's clock ran %s times as fast (%s). ", text,
                             v->text, v->source);
    }
    if (r->generation > 1)
        text = claim_say(m, "%sThe campaign was started over %" PRIu32 " time%s, signed. ", text,
                         r->generation - 1, r->generation == 2 ? "" : "s");
    if (r->method.certification)
        text = claim_say(m, "%sMade with the settings of a certification by gridassay %s. ", text,
                         r->method.tool);
    size_t n = strlen(text);
    m->claim->condition = n == 0 ? "" : claim_say(m, "%.*s", (int)(n - 1), text);
}

static const char *equipment(struct claim_making *m)
{
    const struct result *r = m->result;
    return claim_say(m, "%s %s, hardware %s, firmware %s (SHA-256 %.16s...)", claim_text(r->vendor),
                     claim_text(r->model), claim_text(r->hardware), claim_text(r->firmware),
                     claim_text(r->firmware_digest));
}

static const char *profile(struct claim_making *m)
{
    const struct result *r = m->result;
    const char *code = r->method.deployment == NULL ? "" : r->method.deployment;
    return code[0] == '\0' ? claim_say(m, "profile \"%s\"", claim_text(r->profile_name))
                           : claim_say(m, "profile %s (\"%s\")", code, claim_text(r->profile_name));
}

static const char *actors(struct claim_making *m)
{
    bool several = strstr(claim_text(m->result->eut_actors), ", ") != NULL;
    return claim_say(m, "actor%s %s", several ? "s" : "", claim_text(m->result->eut_actors));
}

static const char *spot(struct claim_making *m, const char *before)
{
    const struct claim *c = m->claim;
    if (c->taps[0] == '\0')
        return "";
    return claim_say(m, "%sat tap%s %s with span%s %s", before,
                     strchr(c->taps, ',') == NULL ? "" : "s", c->taps,
                     strchr(c->spans, ',') == NULL ? "" : "s", c->spans);
}

static const char *counted(struct claim_making *m)
{
    const struct claim *c = m->claim;
    const char *text = "";
    for (int p = CLAIM_IN_PART; p < CLAIM_PART_COUNT; p++)
        if (c->of[p] > 0)
            text = claim_say(m, "%s, %" PRIu32 " %s", text, c->of[p],
                             p == CLAIM_IN_PART ? "passed in part"
                                                : claim_part_name((enum claim_part)p));
    return text;
}

/* "; no whole claim because A; B; and 3 more reasons". */
static const char *because(struct claim_making *m)
{
    const struct claim *c = m->claim;
    const char *text = "";
    for (size_t i = 0; i < c->n_limit && i < LIMITS_TOLD; i++)
        text = claim_say(m, "%s%s%s", text, i == 0 ? "" : "; ", c->limit[i].text);
    return c->n_limit > LIMITS_TOLD
               ? claim_say(m, "%s; and %zu reasons more", text, c->n_limit - LIMITS_TOLD)
               : text;
}

void claim_words(struct claim_making *m)
{
    struct claim *c = m->claim;
    c->actors = claim_text(m->result->eut_actors);
    where(m);
    endpoints(m);
    conditions(m);
    const char *why = because(m);
    switch (c->kind) {
    case CLAIM_WHOLE:
        c->wording = claim_say(
            m, "As %s, %s, for %" PRIu64 " endpoint%s (%s), %s satisfies %s of %s.%s%s", actors(m),
            spot(m, ""), c->n_endpoints, c->n_endpoints == 1 ? "" : "s", c->endpoints, equipment(m),
            claim_whose(m->result), profile(m), c->condition[0] == '\0' ? "" : " ", c->condition);
        break;
    case CLAIM_PARTIAL:
        c->wording = claim_say(
            m,
            "Partial claim: as %s%s%s%s, %s satisfies %" PRIu32 " of the %zu rows of %s that "
            "concern it%s.%s%s%s%s%s",
            actors(m), spot(m, ", "), c->endpoints[0] == '\0' ? "" : ", for ", c->endpoints,
            equipment(m), c->of[CLAIM_COVERED], c->n_row, profile(m), counted(m),
            why[0] == '\0' ? "" : " It is no whole claim because: ", why, why[0] == '\0' ? "" : ".",
            c->condition[0] == '\0' ? "" : " ", c->condition);
        break;
    case CLAIM_NONE:
    case CLAIM_KIND_COUNT:
        c->wording = claim_say(
            m, "No claim: as %s, %s was judged on %zu rows of %s, %" PRIu32 " passed%s.%s%s%s",
            actors(m), equipment(m), c->n_row, profile(m), c->of[CLAIM_COVERED], counted(m),
            why[0] == '\0' ? "" : " None can be made because: ", why, why[0] == '\0' ? "" : ".");
        break;
    }
}
