#include "harness/scope/deployment.h"

#include <stdio.h>
#include <string.h>

#include "harness/table/table.h"

#define LONGEST_CODE 100

static bool holds(const struct deployment *d, const struct deployment_condition *c)
{
    return deployment_arises(d, c->choice) && (d->chosen[c->choice] & c->any) != 0;
}

bool deployment_arises(const struct deployment *d, size_t choice)
{
    const struct deployment_choice *c = &d->book->choice[choice];
    for (size_t i = 0; i < c->n_when; i++)
        if (!holds(d, &c->when[i])) /* its choice stands before this one: no circles */
            return false;
    return true;
}

void deployment_start(struct deployment *d, const struct deployment_book *b, struct arena *a)
{
    *d = (struct deployment){.book = b, .code = "", .arena = a};
}

static const struct deployment_code *code_of(const struct deployment_book *b, const char *name,
                                             size_t len)
{
    for (size_t i = 0; i < b->n_code; i++)
        if (strlen(b->code[i].name) == len && memcmp(b->code[i].name, name, len) == 0)
            return &b->code[i];
    return NULL;
}

const char *deployment_family(const struct deployment_book *b, const struct deployment_code *c)
{
    for (size_t i = 0; i < b->choice[0].n_option; i++)
        if (c->chosen[0] & UINT64_C(1) << i)
            return b->choice[0].option[i].value;
    return "";
}

static enum err_code no_memory(struct err *e)
{
    return err_set(e, ERR_NOMEM, "no memory for the deployment");
}

enum err_code deployment_take_code(struct deployment *d, const char *code, const char *what,
                                   struct err *e)
{
    const struct deployment_book *b = d->book;
    const struct deployment_code *part[2] = {NULL, NULL};
    size_t n = 0;
    char source[LONGEST_CODE + 10];
    for (const char *p = code; n < 2; n++) {
        size_t len = strcspn(p, "+");
        part[n] = code_of(b, p, len);
        if (part[n] == NULL || len > LONGEST_CODE)
            return err_set(e, ERR_DATA,
                           "%s: \"%.*s\" is no deployment profile that the document names, "
                           "expected one of \"gridassay profiles\", or one of AMI + one of DA",
                           what, len > LONGEST_CODE ? LONGEST_CODE : (int)len, p);
        if (p[len] == '\0') {
            n++;
            break;
        }
        p += len + 1;
        if (n == 1)
            return err_set(e, ERR_DATA, "%s: \"%s\": expected one profile of AMI + one of DA", what,
                           code);
    }
    if (n == 2 && (strcmp(deployment_family(b, part[0]), b->choice[0].option[0].value) != 0 ||
                   strcmp(deployment_family(b, part[1]), b->choice[0].option[0].value) == 0))
        return err_set(e, ERR_DATA, "%s: \"%s\": expected one profile of AMI + one of DA", what,
                       code);
    d->code = arena_strdup(d->arena, code);
    for (size_t k = 0; k < n; k++) {
        (void)snprintf(source, sizeof source, "code %s", part[k]->name);
        const char *copy = arena_strdup(d->arena, source);
        if (copy == NULL || d->code == NULL)
            return no_memory(e);
        for (size_t i = 0; i < b->n_choice; i++)
            if (part[k]->chosen[i] != 0) {
                d->chosen[i] |= part[k]->chosen[i];
                d->source[i] = i == 0 && k == 1 ? d->code : copy;
            }
    }
    return ERR_OK;
}

int deployment_option_at(const struct deployment_book *b, const char *letter, const char *value,
                         size_t *option)
{
    for (size_t i = 0; i < b->n_choice; i++)
        for (size_t k = 0; strcmp(b->choice[i].letter, letter) == 0 && k < b->choice[i].n_option;
             k++)
            if (table_same_name(b->choice[i].option[k].value, value)) {
                *option = k;
                return (int)i;
            }
    return -1;
}

bool deployment_is(const struct deployment *d, const char *choice, const char *value)
{
    for (size_t i = 0; i < d->book->n_choice; i++)
        for (size_t k = 0;
             strcmp(d->book->choice[i].id, choice) == 0 && k < d->book->choice[i].n_option; k++)
            if (strcmp(d->book->choice[i].option[k].value, value) == 0)
                return deployment_arises(d, i) && (d->chosen[i] & UINT64_C(1) << k) != 0;
    return false;
}

/* "via WAN", "via MDMS": the options that a letter has. */
static void list_options(const struct deployment_book *b, const char *letter, char *out,
                         size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < b->n_choice; i++)
        for (size_t k = 0;
             strcmp(b->choice[i].letter, letter) == 0 && k < b->choice[i].n_option && used < size;
             k++)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ", ",
                                     b->choice[i].option[k].value);
}

/* The choice and option that a letter and a value mean; -1 with the fault told. */
static int find(const struct deployment *d, const char *letter, const char *value, const char *what,
                size_t *option, struct err *e)
{
    char list[700];
    int at = deployment_option_at(d->book, letter, value, option);
    if (at != -1)
        return at;
    list_options(d->book, letter, list, sizeof list);
    if (list[0] == '\0')
        (void)err_set(e, ERR_DATA, "%s: \"%s\" is no decision of 4.20.3, expected a to k", what,
                      letter);
    else
        (void)err_set(e, ERR_DATA, "%s: \"%s\" is no option of decision %s, expected %s", what,
                      value, letter, list);
    return -1;
}

enum err_code deployment_take(struct deployment *d, const char *letter, const char *value,
                              const char *source, const char *what, struct err *e)
{
    size_t option;
    int at = find(d, letter, value, what, &option, e);
    if (at == -1)
        return ERR_DATA;
    const struct deployment_choice *c = &d->book->choice[at];
    uint64_t bit = UINT64_C(1) << option;
    if (d->source[at] != NULL && d->code[0] != '\0' && !c->open)
        return err_set(e, ERR_SCOPE, "%s: decision %s, \"%s\": %s has settled that as \"%s\"", what,
                       letter, value, d->source[at], deployment_chosen(d, (size_t)at, NULL));
    if (d->chosen[at] != 0 && !c->many)
        return err_set(e, ERR_SCOPE, "%s: decision %s, \"%s\": it is \"%s\" already", what, letter,
                       value, deployment_chosen(d, (size_t)at, NULL));
    if (d->chosen[at] & bit)
        return err_set(e, ERR_DATA, "%s: decision %s, \"%s\" is chosen twice", what, letter, value);
    d->chosen[at] |= bit;
    if (d->source[at] == NULL && (d->source[at] = arena_strdup(d->arena, source)) == NULL)
        return no_memory(e);
    return ERR_OK;
}

enum err_code deployment_enrol(struct deployment *d, const char *letter, const char *value,
                               bool enrolled, const char *what, struct err *e)
{
    size_t option;
    int at = find(d, letter, value, what, &option, e);
    if (at == -1)
        return ERR_DATA;
    if (!d->book->choice[at].enrols)
        return err_set(e, ERR_DATA, "%s: decision %s has nothing that can be enrolled", what,
                       letter);
    d->enrolment[at] = true;
    if (enrolled)
        d->enrolled[at] |= UINT64_C(1) << option;
    return ERR_OK;
}

static uint64_t all_of(const struct deployment_choice *c)
{
    return c->n_option == 64 ? UINT64_MAX : (UINT64_C(1) << c->n_option) - 1;
}

/* Retail providers take part: some actor of theirs is in play. */
static bool providers_in_play(const struct deployment *d)
{
    for (size_t i = 0; i < d->book->n_actor; i++)
        if (d->book->actor[i].provider && deployment_has_actor(d, d->book->actor[i].name, NULL))
            return true;
    return false;
}

static enum err_code settle_choice(struct deployment *d, size_t i, const char *what, struct err *e)
{
    const struct deployment_choice *c = &d->book->choice[i];
    char list[700];
    bool arises = deployment_arises(d, i);
    if (!arises && d->chosen[i] != 0)
        return err_set(e, ERR_SCOPE,
                       "%s: decision %s (%s) is \"%s\", but does not arise with the others", what,
                       c->letter, c->about, deployment_chosen(d, i, NULL));
    if (!arises || d->chosen[i] != 0)
        return ERR_OK;
    list_options(d->book, c->letter, list, sizeof list);
    if (!c->open)
        return err_set(e, ERR_DATA, "%s: decision %s (%s) is not made, expected one of %s", what,
                       c->letter, c->about, list);
    d->chosen[i] = all_of(c);
    d->source[i] = DEPLOYMENT_OPEN;
    for (size_t k = 0; k < c->n_option && c->use_cases; k++) /* of those that the others leave */
        if (!deployment_has_use_case(d, c->option[k].value, NULL))
            d->chosen[i] &= ~(UINT64_C(1) << k);
    return ERR_OK;
}

enum err_code deployment_settle(struct deployment *d, const char *what, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < d->book->n_choice && rc == ERR_OK; i++)
        rc = settle_choice(d, i, what, e);
    for (size_t i = 0; i < d->book->n_choice && rc == ERR_OK; i++) {
        if ((d->enrolled[i] & d->chosen[i]) != d->enrolled[i] ||
            (d->enrolled[i] != 0 && !providers_in_play(d)))
            rc = err_set(e, ERR_SCOPE,
                         "%s: decision %s: what is enrolled is not chosen, or there are no retail "
                         "providers (decision b)",
                         what, d->book->choice[i].letter);
        if (!d->enrolment[i] && d->book->choice[i].enrols && providers_in_play(d))
            d->enrolled[i] = d->chosen[i];
    }
    if (rc != ERR_OK || d->code[0] != '\0')
        return rc;
    const struct deployment_choice *family = &d->book->choice[0];
    char text[2 * LONGEST_CODE] = "";
    size_t used = 0;
    for (size_t i = 0; i < family->n_option; i++) {
        if (!(d->chosen[0] & UINT64_C(1) << i))
            continue;
        const struct deployment_code *c = deployment_encode(d, family->option[i].value);
        if (c == NULL)
            return ERR_OK;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used == 0 ? "" : "+",
                                 c->name);
    }
    d->code = arena_strdup(d->arena, text);
    return d->code == NULL ? no_memory(e) : ERR_OK;
}

/* Whether the choice is one that profiles of the family settle. */
static bool of_family(const struct deployment_book *b, size_t choice, const char *family)
{
    for (size_t i = 0; i < b->n_code; i++)
        if (strcmp(deployment_family(b, &b->code[i]), family) == 0 &&
            b->code[i].chosen[choice] != 0)
            return true;
    return false;
}

const struct deployment_code *deployment_encode(const struct deployment *d, const char *family)
{
    const struct deployment_book *b = d->book;
    for (size_t i = 0; i < b->n_code; i++) {
        const struct deployment_code *c = &b->code[i];
        bool same = strcmp(deployment_family(b, c), family) == 0 &&
                    (d->chosen[0] & c->chosen[0]) == c->chosen[0];
        for (size_t k = 1; k < b->n_choice && same; k++)
            same = !of_family(b, k, family) || c->chosen[k] == d->chosen[k];
        if (same)
            return c;
    }
    return NULL;
}

/* How many ways there are to choose from there on. Options that stand beside each other count as
 * the sets that the named profiles have. */
static uint64_t ways_on(struct deployment *d, const char *family, size_t choice)
{
    const struct deployment_book *b = d->book;
    uint64_t n = 0;
    if (choice == b->n_choice)
        return 1;
    d->chosen[choice] = 0;
    if (!of_family(b, choice, family) || !deployment_arises(d, choice))
        return ways_on(d, family, choice + 1);
    for (size_t i = 0; i < b->n_code; i++) {
        uint64_t value = b->code[i].chosen[choice];
        bool seen = value == 0 || strcmp(deployment_family(b, &b->code[i]), family) != 0;
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp(deployment_family(b, &b->code[k]), family) == 0 &&
                   b->code[k].chosen[choice] == value;
        if (seen)
            continue;
        d->chosen[choice] = value;
        n += ways_on(d, family, choice + 1);
    }
    d->chosen[choice] = 0;
    return n;
}

uint64_t deployment_product(const struct deployment_book *b, const char *family)
{
    struct deployment d = {.book = b, .code = ""};
    return ways_on(&d, family, 0);
}

const char *deployment_chosen(const struct deployment *d, size_t choice, struct err *e)
{
    const struct deployment_choice *c = &d->book->choice[choice];
    char text[2000] = "";
    size_t used = 0;
    if (!deployment_arises(d, choice))
        return "does not arise";
    for (size_t i = 0; i < c->n_option && used < sizeof text; i++)
        if (d->chosen[choice] & UINT64_C(1) << i)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used == 0 ? "" : ", ",
                                     c->option[i].value);
    const char *copy = arena_strdup(d->arena, text);
    if (copy == NULL)
        (void)no_memory(e);
    return copy == NULL ? "" : copy;
}
