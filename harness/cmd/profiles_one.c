/* profiles_one - a deployment: its decisions, and what they leave of use cases, actors and rows. */
#include <stdio.h>
#include <string.h>

#include "harness/cmd/profiles.h"
#include "harness/cmd/profiles_write.h"
#include "harness/scope/deployment_rows.h"

/* Rows of a use case, and those of them with something left. */
struct count {
    size_t all, left;
};

static enum err_code count_rows(const struct deployment *d, const struct table *t,
                                const struct table_row *left, const char *use_case,
                                struct count *out, struct err *e)
{
    *out = (struct count){0, 0};
    for (size_t i = 0; i < t->n_row; i++)
        for (size_t u = 0; u < t->row[i].n_use_case; u++) {
            const char *why;
            if (!table_same_name(t->row[i].use_case[u], use_case))
                continue;
            enum err_code rc = deployment_row_out(d, &t->row[i], &left[i], use_case, &why, e);
            if (rc != ERR_OK)
                return rc;
            out->all++;
            out->left += why[0] == '\0';
        }
    return ERR_OK;
}

/* People are told who is to blame, programs also who let it in. */
static const char *by(const struct deployment *d, const struct deployment_cause *cause, bool in,
                      const struct profiles_style *style, struct err *e)
{
    return cause->choice == SIZE_MAX || (in && style->format == PROFILES_TABLE)
               ? ""
               : deployment_because(d, cause->choice, e);
}

static enum err_code add_decisions(const struct deployment *d, const struct profiles_style *style,
                                   struct profiles_sheet *s)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < d->book->n_choice && rc == ERR_OK; i++) {
        const struct deployment_choice *c = &d->book->choice[i];
        char about[200];
        (void)snprintf(about, sizeof about, "%s: %s", c->letter, c->about);
        const char *cell[] = {"decision", profiles_keep(s, about),
                              deployment_is_open(d, i) && style->format == PROFILES_TABLE
                                  ? "all"
                                  : deployment_chosen(d, i, s->e),
                              d->source[i] == NULL ? "by the others" : d->source[i]};
        rc = profiles_add(s, cell);
    }
    return rc;
}

static enum err_code add_use_cases(const struct deployment *d, const struct table *t,
                                   const struct table_row *left, const struct profiles_style *style,
                                   struct profiles_sheet *s, struct count *all)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < t->n_use_case && rc == ERR_OK; i++) {
        struct deployment_cause cause = {SIZE_MAX, ""};
        struct count n;
        char state[60];
        bool in = deployment_has_use_case(d, t->use_case[i].name, &cause);
        rc = count_rows(d, t, left, t->use_case[i].name, &n, s->e);
        if (rc != ERR_OK)
            return rc;
        all->all += n.all;
        all->left += n.left;
        (void)snprintf(state, sizeof state, in ? "%zu of %zu rows" : "out", n.left, n.all);
        const char *cell[] = {"use case", t->use_case[i].name, profiles_keep(s, state),
                              by(d, &cause, in, style, s->e)};
        rc = profiles_add(s, cell);
    }
    return rc;
}

static enum err_code add_actors(const struct deployment *d, const struct profiles_style *style,
                                struct profiles_sheet *s)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < d->book->n_actor && rc == ERR_OK; i++) {
        struct deployment_cause cause = {SIZE_MAX, ""};
        size_t enrols;
        bool in = deployment_has_actor(d, d->book->actor[i].name, &cause);
        bool enrolled = deployment_is_enrolled(d, d->book->actor[i].name, &enrols);
        const char *cell[] = {"actor", d->book->actor[i].name,
                              !in                                            ? "out"
                              : !enrolled && deployment_is(d, "rep", "with") ? "in, not enrolled"
                                                                             : "in",
                              by(d, &cause, in, style, s->e)};
        rc = profiles_add(s, cell);
    }
    return rc;
}

enum err_code profiles_one(const struct deployment *d, const struct table *t,
                           const struct profiles_style *style, struct buf *out, struct err *e)
{
    static const char *const header[] = {"what", "name", "is", "by"};
    const struct table_row *left = NULL;
    struct profiles_sheet s;
    struct count all = {0, 0};
    enum err_code rc = deployment_rows(d, t, &left, e);
    if (rc == ERR_OK && style->format == PROFILES_TABLE)
        rc = d->code[0] != '\0'
                 ? buf_printf(out, e, "%s\n\n", d->code)
                 : buf_puts(out, "No profile that the document names decides so.\n\n", e);
    profiles_begin(&s, header, 4, e);
    if (rc == ERR_OK)
        rc = add_decisions(d, style, &s);
    if (rc == ERR_OK)
        rc = add_use_cases(d, t, left, style, &s, &all);
    if (rc == ERR_OK)
        rc = add_actors(d, style, &s);
    rc = profiles_end(&s, rc, style, false, out);
    if (rc == ERR_OK && style->format == PROFILES_TABLE)
        rc = buf_printf(out, e,
                        "\n%zu of %zu rows, each under each of its use cases, have something left; "
                        "--rows lists them.\n",
                        all.left, all.all);
    if (rc == ERR_OK && all.left == 0)
        rc = err_set(e, ERR_SCOPE, "these decisions leave no row of the requirement table");
    return rc;
}

enum err_code profiles_rows(const struct deployment *d, const struct table *t,
                            const struct profiles_style *style, struct buf *out, struct err *e)
{
    static const char *const header[] = {"row", "use case", "is", "why"};
    const struct table_row *left = NULL;
    struct profiles_sheet s;
    size_t n = 0;
    enum err_code rc = deployment_rows(d, t, &left, e);
    profiles_begin(&s, header, 4, e);
    for (size_t i = 0; i < t->n_row && rc == ERR_OK; i++)
        for (size_t u = 0; u < t->row[i].n_use_case && rc == ERR_OK; u++) {
            const char *why = "";
            rc = deployment_row_out(d, &t->row[i], &left[i], t->row[i].use_case[u], &why, e);
            if (rc != ERR_OK)
                break;
            const char *cell[] = {t->row[i].id, t->row[i].use_case[u],
                                  why[0] == '\0' ? "in" : "out", why};
            n += why[0] == '\0';
            rc = profiles_add(&s, cell);
        }
    rc = profiles_end(&s, rc, style, false, out);
    if (rc == ERR_OK && n == 0)
        rc = err_set(e, ERR_SCOPE, "these decisions leave no row of the requirement table");
    return rc;
}
