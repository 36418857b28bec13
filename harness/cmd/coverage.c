#include "harness/cmd/coverage.h"

#include <stdlib.h>
#include <string.h>

static struct coverage_row *find(struct coverage *c, const struct plan_row *r)
{
    for (size_t i = 0; i < c->n_row; i++)
        if (strcmp(c->row[i].id, r->id) == 0 && strcmp(c->row[i].use_case, r->use_case) == 0)
            return &c->row[i];
    return NULL;
}

static enum err_code no_memory(struct err *e)
{
    return err_set(e, ERR_NOMEM, "no memory for the coverage table");
}

static const char *keep(struct coverage *c, const char *text)
{
    return text == NULL ? NULL : arena_strdup(&c->arena, text);
}

static struct coverage_row *append(struct coverage *c, const struct plan_row *r)
{
    if (c->n_row == c->cap_row) {
        size_t cap = c->cap_row == 0 ? 256 : c->cap_row * 2;
        struct coverage_row *more = realloc(c->row, cap * sizeof *more);
        if (more == NULL)
            return NULL;
        c->row = more;
        c->cap_row = cap;
    }
    struct coverage_row *x = &c->row[c->n_row];
    *x = (struct coverage_row){.id = keep(c, r->id),
                               .use_case = keep(c, r->use_case),
                               .unlisted = r->unlisted,
                               .by = {"", "", "", ""},
                               .reason = keep(c, r->reason)};
    if (x->id == NULL || x->use_case == NULL)
        return NULL;
    c->n_row++;
    return x;
}

static bool add_name(struct coverage *c, const char **list, const char *name)
{
    size_t have = strlen(*list), len = strlen(name);
    if (have >= len && strcmp(*list + have - len, name) == 0 &&
        (have == len || (*list)[have - len - 1] == ' '))
        return true; /* it is the last one already: several variants */
    char *text = arena_alloc(&c->arena, have + len + 3);
    if (text == NULL)
        return false;
    memcpy(text, *list, have);
    memcpy(text + have, ", ", 2);
    memcpy(text + have + (have == 0 ? 0 : 2), name, len + 1);
    *list = text;
    return true;
}

static bool in_blocks(const struct plan *p, const struct plan_row *r)
{
    const struct binding *b = r->binding < 0 ? NULL : &p->binding[r->binding];
    for (size_t i = 0; b != NULL && i < b->n_field; i++) {
        const char *type = field_type_name(b->field[i].type);
        if (type != NULL && strcmp(type, "image") == 0)
            return true;
    }
    return false;
}

/* The same reading towards another destination. */
static bool copied(const struct plan_row *r)
{
    for (size_t i = 0; i < r->n_variant; i++)
        for (size_t k = 0; k < i; k++) {
            const struct plan_variant *x = &r->variant[i], *y = &r->variant[k];
            if (x->role == PLAN_FROM_EUT && y->role == x->role && strcmp(x->mode, y->mode) == 0 &&
                strcmp(x->device_class, y->device_class) == 0 && strcmp(x->from, y->from) == 0 &&
                strcmp(x->to, y->to) != 0)
                return true;
        }
    return false;
}

static enum coverage_kind course(const struct plan_row *r, const struct plan_variant *v)
{
    switch (v->role) {
    case PLAN_THROUGH_EUT:
        return KIND_FORWARDED;
    case PLAN_FROM_EUT:
        return v->cause == PLAN_CAUSE_COMMAND ? KIND_REPLY
               : v->cause == PLAN_CAUSE_OWN   ? KIND_OWN_TIME
                                              : KIND_EVENT;
    default:
        return r->command != NULL                 ? KIND_ANSWER
               : r->proof == PLAN_PROOF_REPLY     ? KIND_ANSWERED
               : r->proof == PLAN_PROOF_READ_BACK ? KIND_READ_BACK
                                                  : KIND_UNPROVED;
    }
}

static void add_variant(struct coverage *c, struct coverage_row *x, const struct plan_row *r,
                        const struct plan_variant *v)
{
    const enum plan_scored scored[SCORED_COUNT] = {
        v->scored_reliability, v->scored_latency, v->scored_size,
        v->scored_window,      v->scored_rate,    v->scored_confidentiality};
    const char *const why[SCORED_COUNT] = {v->why_reliability, v->why_latency,
                                           v->why_size,        v->why_window,
                                           v->why_rate,        v->why_confidentiality};
    x->kinds |= 1u << course(r, v);
    x->kinds |= v->population > 0 ? 1u << KIND_POPULATION : 0;
    x->kinds |= v->after_ns != -1 ? 1u << KIND_AFTER : 0;
    for (size_t i = 0; i < v->n_clause; i++)
        x->kinds |= v->clause[i].period_ns > 0 ? 1u << KIND_COVERAGE : 0;
    for (int i = 0; i < SCORED_COUNT; i++) {
        if (scored[i] == PLAN_SCORED)
            x->scored |= 1u << i;
        else if (why[i] != NULL && (x->why[i] == NULL || scored[i] == PLAN_SCORED_NOT_SCORABLE))
            x->why[i] = keep(c, why[i]);
    }
}

enum err_code coverage_add(struct coverage *c, const struct plan *p, const char *name,
                           struct err *e)
{
    c->n_statement++;
    for (size_t i = 0; i < p->n_row; i++) {
        const struct plan_row *r = &p->row[i];
        struct coverage_row *x = find(c, r);
        x = x == NULL ? append(c, r) : x;
        if (x == NULL)
            return no_memory(e);
        if (r->role == PLAN_NOT_APPLICABLE || r->scenario < 0) {
            if (r->role != PLAN_NOT_APPLICABLE && !coverage_exercised(x))
                x->reason = keep(c, r->reason); /* says more than that it concerns others */
            continue;
        }
        if (x->file == NULL)
            x->file = keep(c, p->scenario[r->scenario].file);
        for (size_t k = 0; k < r->n_variant; k++) {
            add_variant(c, x, r, &r->variant[k]);
            if (!add_name(c, &x->by[r->variant[k].role], name))
                return no_memory(e);
        }
        x->kinds |= in_blocks(p, r) ? 1u << KIND_IMAGE : 0;
        x->kinds |= copied(r) ? 1u << KIND_COPIES : 0;
    }
    return ERR_OK;
}

bool coverage_exercised(const struct coverage_row *r)
{
    return r->by[PLAN_TO_EUT][0] != '\0' || r->by[PLAN_FROM_EUT][0] != '\0' ||
           r->by[PLAN_THROUGH_EUT][0] != '\0';
}

void coverage_release(struct coverage *c)
{
    free(c->row);
    arena_release(&c->arena);
    *c = (struct coverage){0};
}
