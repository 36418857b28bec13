/* profiles_book - the profiles that the document names, and the decisions that they are made of. */
#include <stdio.h>
#include <string.h>

#include "harness/cmd/grid.h"
#include "harness/cmd/profiles.h"
#include "harness/cmd/profiles_write.h"

/* "b without; c with, InMtr": the letter's choices together. */
static const char *decisions_of(struct profiles_sheet *s, const struct deployment_book *b,
                                const struct deployment_code *c)
{
    struct arena a = ARENA_INIT;
    struct deployment d;
    char text[2000] = "";
    size_t used = 0;
    const char *letter = "";
    deployment_start(&d, b, &a);
    memcpy(d.chosen, c->chosen, sizeof d.chosen);
    for (size_t i = 1; i < b->n_choice && used < sizeof text; i++) {
        if (c->chosen[i] == 0)
            continue;
        bool same = strcmp(letter, b->choice[i].letter) == 0;
        letter = b->choice[i].letter;
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%s%s%s",
                             same       ? ", "
                             : used > 0 ? "; "
                                        : "",
                             same ? "" : letter, same ? "" : " ", deployment_chosen(&d, i, s->e));
    }
    arena_release(&a);
    return profiles_keep(s, text);
}

static enum err_code counts(const struct deployment_book *b, struct buf *out, struct err *e)
{
    const char *ami = b->choice[0].option[0].value, *da = b->choice[0].option[1].value;
    unsigned long long n[2] = {0, 0};
    for (size_t i = 0; i < b->n_code; i++)
        n[strcmp(deployment_family(b, &b->code[i]), ami) == 0 ? 0 : 1]++;
    unsigned long long all = n[0] + n[1] + n[0] * n[1], theirs = b->counted;
    enum err_code rc = buf_printf(
        out, e,
        "\n%llu profiles of %s and %llu of %s are named; each with each, joined by +, %llu: "
        "%llu in all.\n"
        "The document counts %llu and %llu, with %llu combined %llu in all, in a file that it does "
        "not\ncontain (%s). It names %llu of them; the other %llu\nare not known, and no codes are "
        "made up for them: <deployment> of a profile takes their\ndecisions one by one.\n",
        n[0], ami, n[1], da, n[0] * n[1], all, (unsigned long long)b->counted_ami,
        (unsigned long long)b->counted_da, (unsigned long long)(b->counted_ami * b->counted_da),
        theirs, b->counted_file, all, theirs - all);
    return rc != ERR_OK ? rc
                        : buf_printf(out, e,
                                     "What the named ones decide, freely combined, makes %llu of "
                                     "%s, not %llu, and %llu of %s, not %llu.\n",
                                     (unsigned long long)deployment_product(b, ami), ami,
                                     (unsigned long long)b->counted_ami,
                                     (unsigned long long)deployment_product(b, da), da,
                                     (unsigned long long)b->counted_da);
}

enum err_code profiles_all(const struct deployment_book *b, const struct profiles_style *style,
                           struct buf *out, struct err *e)
{
    static const char *const header[] = {"code", "of", "table", "decisions", "irregular"};
    struct profiles_sheet s;
    enum err_code rc = ERR_OK;
    profiles_begin(&s, header, 5, e);
    for (size_t i = 0; i < b->n_code && rc == ERR_OK; i++) {
        const struct deployment_code *c = &b->code[i];
        char odd[400] = "";
        if (c->regular != NULL)
            (void)snprintf(odd, sizeof odd, "not %s: %s", c->regular, c->why);
        const char *cell[] = {c->name, deployment_family(b, c), c->table, decisions_of(&s, b, c),
                              profiles_keep(&s, odd)};
        rc = profiles_add(&s, cell);
    }
    rc = profiles_end(&s, rc, style, false, out);
    return rc == ERR_OK && style->format == PROFILES_TABLE ? counts(b, out, e) : rc;
}

enum err_code profiles_decisions(const struct deployment_book *b,
                                 const struct profiles_style *style, struct buf *out, struct err *e)
{
    static const char *const header[] = {"decision", "about", "option", "letters", "note"};
    struct profiles_sheet s;
    enum err_code rc = ERR_OK;
    profiles_begin(&s, header, 5, e);
    for (size_t i = 0; i < b->n_choice; i++)
        for (size_t k = 0; k < b->choice[i].n_option && rc == ERR_OK; k++) {
            const struct deployment_choice *c = &b->choice[i];
            const struct deployment_option *o = &c->option[k];
            char letters[40];
            (void)snprintf(letters, sizeof letters, "%s%s", o->sign[0] == '\0' ? "" : c->sign,
                           o->sign);
            const char *cell[] = {c->letter, c->about, o->value, profiles_keep(&s, letters),
                                  o->note != NULL ? o->note
                                  : c->open       ? "the codes leave it open"
                                                  : ""};
            rc = profiles_add(&s, cell);
        }
    return profiles_end(&s, rc, style, false, out);
}
