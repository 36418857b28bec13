#include "harness/campaign/tell.h"

#include <inttypes.h>
#include <string.h>

#include "harness/report/words.h"

#define NAME_SHOWN 60
#define NOTE_SHOWN 300

struct page {
    struct text *t;
    bool colour;
};

enum ink { INK_GOOD, INK_BAD, INK_DOUBT, INK_FAINT };

static const char *const ink_code[] = {"\033[32m", "\033[1;31m", "\033[33m", "\033[2m"};

static void ink(const struct page *p, enum ink i, const char *word, int width)
{
    text_raw(p->t, p->colour ? ink_code[i] : "");
    text_f(p->t, "%-*s", width, word);
    text_raw(p->t, p->colour ? "\033[0m" : "");
}

static enum ink ink_of(enum outcome o)
{
    return o == OUTCOME_PASS                         ? INK_GOOD
           : o == OUTCOME_FAIL || o == OUTCOME_ERROR ? INK_BAD
           : outcome_spoils(o)                       ? INK_DOUBT
                                                     : INK_FAINT;
}

static void plain(const struct page *p, const char *s, size_t most)
{
    text_clip(p->t, TEXT_PLAIN, s, most);
}

/* "2026-11-23 07:15:49" of the ISO form. */
static void stamp(const struct page *p, const char *at)
{
    char out[20] = "";
    size_t n = strlen(at);
    memcpy(out, at, n < 19 ? n : 19);
    if (n > 10)
        out[10] = ' ';
    text_clip(p->t, TEXT_PLAIN, out, 19);
    for (size_t i = n < 19 ? n : 19; i < 19; i++)
        text_raw(p->t, " ");
}

static void equipment(const struct page *p, const struct ledger_identity *i)
{
    plain(p, i->vendor, NAME_SHOWN);
    text_raw(p->t, " ");
    plain(p, i->model, NAME_SHOWN);
}

static void digest(const struct page *p, const char *hex)
{
    text_raw(p->t, "sha256 ");
    plain(p, hex, 64);
    text_raw(p->t, "\n");
}

static void head(const struct page *p, const struct view *v)
{
    const struct ledger *l = v->ledger;
    const struct ledger_identity *i = &l->identity;
    const enum outcome o = view_outcome(v);
    text_f(p->t, "campaign %s  ", l->id);
    ink(p, v->n_wrong > 0 ? INK_BAD : ink_of(o),
        v->n_wrong > 0 ? "does not verify" : outcome_label(o), 0);
    text_raw(p->t, "\n  equipment   ");
    equipment(p, i);
    text_raw(p->t, i->hardware[0] == '\0' ? "" : ", hardware ");
    plain(p, i->hardware, NAME_SHOWN);
    text_raw(p->t, i->firmware[0] == '\0' ? "" : ", firmware ");
    plain(p, i->firmware, NAME_SHOWN);
    text_raw(p->t, "\n  firmware    ");
    digest(p, i->firmware_digest);
    text_raw(p->t, "  profile     ");
    plain(p, i->profile, NAME_SHOWN);
    if (i->label[0] != '\0') {
        text_raw(p->t, " (");
        plain(p, i->label, NOTE_SHOWN);
        text_raw(p->t, ")");
    }
    text_raw(p->t, "\n  ledger      ");
    plain(p, l->path, NOTE_SHOWN);
    text_f(p->t, "\n              %zu entries, the chain ", l->n_entry);
    ink(p, INK_GOOD, "holds", 0);
    text_raw(p->t, "\n  head        ");
    digest(p, l->head);
    for (const struct ledger_entry *x = l->entry; x < l->entry + l->n_entry; x++)
        if (x->kind == LEDGER_CUT) {
            ink(p, INK_DOUBT, "  cut         ", 0);
            text_f(p->t, "line %zu: left by an append that was cut; entry %" PRIu32 " names it\n",
                   x->line - 1, x->number);
        }
    if (l->tail_bytes > 0) {
        ink(p, INK_DOUBT, "  cut         ", 0);
        text_f(p->t,
               "line %zu, %zu bytes: an append was cut here (power?); it stays, and the next one "
               "names it\n",
               l->n_line + 1, l->tail_bytes);
    }
    if (l->open_end) {
        ink(p, INK_DOUBT, "  cut         ", 0);
        text_f(p->t, "line %zu is whole but for its end\n", l->n_line);
    }
}

static void reset(const struct page *p, const struct ledger_entry *x, uint32_t generation,
                  bool trust)
{
    text_f(p->t, "\n  generation %" PRIu32 ", reset ", generation);
    stamp(p, x->at);
    text_raw(p->t, ": ");
    plain(p, x->reason, NOTE_SHOWN);
    text_raw(p->t, "\n    signed by ");
    plain(p, x->by.subject, NOTE_SHOWN);
    if (trust)
        ink(p, INK_GOOD, ", whom the authority given vouches for", 0);
    else
        ink(p, INK_DOUBT, ", a name that nobody vouches for without --trust", 0);
    text_raw(p->t, "\n");
}

static void rows_of(const struct page *p, const struct ledger_counts *c)
{
    const struct {
        uint32_t n;
        const char *name;
    } part[] = {{c->pass, "pass"},
                {c->fail, "fail"},
                {c->error, "error"},
                {c->inconclusive, "inconclusive"},
                {c->not_exercised, "not exercised"},
                {c->not_scorable, "not scorable"},
                {c->not_run, "not run"}};
    const size_t from = p->t->buf.len;
    const char *before = "";
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
        if (part[i].n > 0) {
            text_f(p->t, "%s%" PRIu32 " %s", before, part[i].n, part[i].name);
            before = ", ";
        }
    while (p->t->rc == ERR_OK && p->t->buf.len < from + 20)
        text_raw(p->t, " ");
}

static void verdict_of(const struct page *p, const struct view_run *run)
{
    const struct ledger_entry *end = run->end;
    if (run->begin == NULL) {
        ink(p, INK_DOUBT, "cut", 14);
    } else if (end == NULL) {
        ink(p, INK_DOUBT, "interrupted", 14);
    } else if (end->verdict[0] == '\0') {
        ink(p, INK_BAD, "no result", 14);
    } else {
        struct result_summary s = {.pass = end->rows.pass,
                                   .fail = end->rows.fail,
                                   .inconclusive = end->rows.inconclusive,
                                   .error = end->rows.error,
                                   .not_exercised = end->rows.not_exercised,
                                   .not_scorable = end->rows.not_scorable,
                                   .not_run = end->rows.not_run};
        s.exit_status = result_exit(&s);
        const enum outcome o = words_whole(&s);
        ink(p, ink_of(o), outcome_label(o), 14);
    }
}

static void note(const struct page *p, enum ink i, const char *text)
{
    text_f(p->t, "%35s", "");
    text_raw(p->t, p->colour ? ink_code[i] : "");
    plain(p, text, NOTE_SHOWN);
    text_raw(p->t, p->colour ? "\033[0m\n" : "\n");
}

/* What differs from the submission before, of the same generation. */
static void changed(const struct page *p, const struct view_run *run, const struct view_run *was)
{
    if (was == NULL || run->begin == NULL || was->begin == NULL)
        return;
    if (strcmp(run->begin->profile_digest, was->begin->profile_digest) != 0)
        note(p, INK_DOUBT, "another text of the profile than before");
    if (strcmp(run->begin->statement_digest, was->begin->statement_digest) != 0)
        note(p, INK_DOUBT, "another text of the statement than before");
    if (strcmp(run->begin->table_digest, was->begin->table_digest) != 0)
        note(p, INK_DOUBT, "another requirement table than before");
}

static void submission(const struct page *p, const struct view_run *run)
{
    text_f(p->t, "  %3" PRIu32 "  ", run->submission);
    if (run->begin == NULL) {
        text_f(p->t, "%-31s", "");
    } else {
        stamp(p, run->begin->at);
        text_f(p->t, "  %-8.8s  ", run->begin->nonce);
    }
    verdict_of(p, run);
    if (run->end != NULL) {
        text_f(p->t, "exit %-5d", run->end->status);
        rows_of(p, &run->end->rows);
        text_raw(p->t, "  ");
    } else if (run->begin != NULL) {
        text_f(p->t, "%-30s  ", "no end in the ledger");
    }
    plain(p, run->folder, NOTE_SHOWN);
    text_raw(p->t, "\n");
    if (run->begin != NULL && run->begin->after[0] != '\0') {
        text_f(p->t, "%35sgoes on with run %.8s\n", "", run->begin->after);
    }
    if (run->end != NULL && run->end->ended[0] != '\0')
        note(p, INK_DOUBT, run->end->ended);
    if (run->note[0] != '\0')
        note(p, run->state == VIEW_ALTERED ? INK_BAD : INK_DOUBT, run->note);
}

static void submissions(const struct page *p, const struct view *v, bool trust)
{
    const struct ledger *l = v->ledger;
    uint32_t generation = 1;
    size_t n = 0;
    if (l->generation == 1)
        text_f(p->t, "\n  %" PRIu32 " submission%s\n", l->submissions,
               l->submissions == 1 ? "" : "s");
    else
        text_raw(p->t, "\n  generation 1\n");
    for (size_t i = 0; i <= l->n_entry; i++) {
        const struct view_run *was = NULL;
        for (; n < v->n_run && v->run[n].generation == generation; n++) {
            submission(p, &v->run[n]);
            changed(p, &v->run[n], was);
            was = &v->run[n];
        }
        while (i < l->n_entry && l->entry[i].kind != LEDGER_RESET)
            i++;
        if (i < l->n_entry)
            reset(p, &l->entry[i], ++generation, trust);
    }
}

/* Characters of the row's name. */
static size_t name_width(const struct view_row *r)
{
    size_t n = 0;
    for (const char *s = r->id; text_next(&s) != 0;)
        n++;
    for (const char *s = r->use_case; r->shared && text_next(&s) != 0;)
        n++;
    return n + (r->shared ? 3 : 0);
}

static void pad(const struct page *p, size_t n)
{
    while (n-- > 0)
        text_raw(p->t, " ");
}

static void row(const struct page *p, const struct view *v, const struct view_row *r, size_t width)
{
    const enum outcome o = outcome_of(r->verdict, r->status);
    text_raw(p->t, "  ");
    ink(p, ink_of(o), outcome_label(o), 15);
    plain(p, r->id, NOTE_SHOWN);
    if (r->shared) {
        text_raw(p->t, " (");
        plain(p, r->use_case, NAME_SHOWN);
        text_raw(p->t, ")");
    }
    if (r->reason[0] != '\0') {
        pad(p, width + 2 - name_width(r));
        plain(p, r->reason, NOTE_SHOWN);
    } else if (!outcome_spoils(o) && r->pooled != NULL && r->pooled->n_variant > 0) {
        const struct result_variant *x = &r->pooled->variant[0];
        pad(p, width + 2 - name_width(r));
        const size_t before = p->t->buf.len;
        words_decision(p->t, v->pooled, x);
        if (p->t->buf.len == before)
            words_measured(p->t, x, CRITERION_RELIABILITY);
        if (r->pooled->n_variant > 1)
            text_f(p->t, "  (and %zu more readings)", r->pooled->n_variant - 1);
    }
    text_raw(p->t, "\n");
    for (size_t i = 0; outcome_spoils(o) && r->pooled != NULL && i < r->pooled->n_variant; i++)
        for (int k = 0; k < CRITERION_COUNT; k++) {
            const struct words_point point = words_point(r->pooled, i, (enum criterion_kind)k);
            if (!result_shown(&r->pooled->variant[i], (enum criterion_kind)k) || !point.spoils)
                continue;
            text_f(p->t, "      %-15s", criterion_name((enum criterion_kind)k));
            ink(p, ink_of(point.outcome), outcome_label(point.outcome), 14);
            plain(p, point.reason, NOTE_SHOWN);
            text_raw(p->t, "\n");
        }
}

static void rows(const struct page *p, const struct view *v)
{
    const struct ledger *l = v->ledger;
    if (v->not_pooled[0] != '\0') {
        text_raw(p->t, "\n  ");
        ink(p, INK_DOUBT, "the submissions cannot be judged together: ", 0);
        plain(p, v->not_pooled, NOTE_SHOWN);
        text_raw(p->t, "\n");
    }
    if (v->n_row == 0)
        return;
    text_f(p->t, "\n  rows over %s%" PRIu32 " submission%s", l->submissions == 1 ? "" : "all ",
           l->submissions, l->submissions == 1 ? "" : "s");
    if (l->generation > 1)
        text_f(p->t, " of generation %" PRIu32, l->generation);
    text_raw(p->t, "\n");
    size_t width = 0;
    for (size_t i = 0; i < v->n_row; i++)
        width = name_width(&v->row[i]) > width ? name_width(&v->row[i]) : width;
    for (size_t i = 0; i < v->n_row; i++)
        row(p, v, &v->row[i], width);
}

static void wrong(const struct page *p, const struct view *v)
{
    if (v->n_wrong == 0)
        return;
    text_raw(p->t, "\n  ");
    ink(p, INK_BAD, "what does not agree", 0);
    text_raw(p->t, "\n");
    for (size_t i = 0; i < v->n_wrong; i++) {
        text_raw(p->t, "  ");
        plain(p, v->wrong[i], 600);
        text_raw(p->t, "\n");
    }
}

void tell_campaign(const struct view *v, bool trust, bool colour, struct text *t)
{
    const struct page p = {t, colour};
    head(&p, v);
    submissions(&p, v, trust);
    rows(&p, v);
    wrong(&p, v);
}

void tell_line(const struct ledger *l, bool colour, struct text *t)
{
    const struct page p = {t, colour};
    const struct view_run none = {0};
    struct view_run last = none;
    for (size_t i = 0; i < l->n_entry; i++) {
        const struct ledger_entry *x = &l->entry[i];
        if (x->kind == LEDGER_BEGIN)
            last = (struct view_run){.begin = x};
        else if (x->kind == LEDGER_END && last.begin != NULL &&
                 strcmp(last.begin->nonce, x->nonce) == 0)
            last.end = x;
    }
    text_f(t, "%s  ", l->id);
    stamp(&p, last.begin == NULL ? l->entry[0].at : last.begin->at);
    text_raw(t, "  ");
    if (last.begin == NULL)
        ink(&p, INK_FAINT, "no run", 14);
    else
        verdict_of(&p, &last);
    text_f(t, "%3" PRIu32 " of generation %-3" PRIu32 " ", l->submissions, l->generation);
    equipment(&p, &l->identity);
    text_raw(t, " ");
    plain(&p, l->identity.firmware, NAME_SHOWN);
    text_raw(t, ", ");
    plain(&p, l->identity.profile, NAME_SHOWN);
    text_raw(t, "\n");
}
