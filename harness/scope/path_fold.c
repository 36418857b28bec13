/* Single paths folded into one expression. The paths are a tree by their beginnings; places of the
 * tree from which the same endings follow are one state; a state that all paths pass cuts them, and
 * what lies between two cuts is a choice. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/scope/path_expr.h"

#define NONE UINT32_MAX

struct place {
    const char *name;    /* of the flow that leads here */
    uint32_t next, part; /* beside it, first below it; NONE */
    uint32_t last;       /* last below it */
    bool ends;           /* a path ends here */
    uint32_t state;      /* the first place from which the same endings follow */
};

struct state {
    uint64_t here;  /* places that are in it */
    uint64_t below; /* endings from it */
};

struct folding {
    struct place *place; /* 0: where all begin; each before those below it */
    size_t n;
    struct state *state; /* by place */
    uint32_t *bucket;    /* of states, by what follows */
    size_t buckets;
    size_t paths;
    struct buf *out;
    struct err *e;
};

static uint32_t add_place(struct folding *f, uint32_t at, const char *name)
{
    struct place *p = &f->place[at];
    for (uint32_t k = p->part; k != NONE; k = f->place[k].next)
        if (strcmp(f->place[k].name, name) == 0)
            return k;
    uint32_t made = (uint32_t)f->n++;
    f->place[made] = (struct place){name, NONE, NONE, NONE, false, NONE};
    if (p->part == NONE)
        p->part = made;
    else
        f->place[p->last].next = made;
    p->last = made;
    return made;
}

static uint64_t hash_of(const struct folding *f, const struct place *p)
{
    /* A sum: the order of what is below does not matter. */
    uint64_t h = p->ends ? 7 : 3;
    for (uint32_t k = p->part; k != NONE; k = f->place[k].next) {
        uint64_t one = 14695981039346656037u ^ f->place[k].state;
        for (const char *c = f->place[k].name; *c != '\0'; c++)
            one = (one ^ (unsigned char)*c) * 1099511628211u;
        h += (one ^ one >> 29) * 1099511628211u;
    }
    return h;
}

static bool same_endings(const struct folding *f, const struct place *a, const struct place *b)
{
    size_t n = 0, m = 0;
    if (a->ends != b->ends)
        return false;
    for (uint32_t k = b->part; k != NONE; k = f->place[k].next)
        m++;
    for (uint32_t i = a->part; i != NONE; i = f->place[i].next, n++) {
        uint32_t k = b->part;
        while (k != NONE && (f->place[k].state != f->place[i].state ||
                             strcmp(f->place[k].name, f->place[i].name) != 0))
            k = f->place[k].next;
        if (k == NONE)
            return false;
    }
    return n == m;
}

/* What is below a place has its states already. */
static void give_state(struct folding *f, uint32_t at)
{
    struct place *p = &f->place[at];
    size_t b = hash_of(f, p) % f->buckets;
    while (f->bucket[b] != NONE && !same_endings(f, &f->place[f->bucket[b]], p))
        b = (b + 1) % f->buckets;
    if (f->bucket[b] == NONE) {
        f->bucket[b] = at;
        f->state[at].below = p->ends;
        for (uint32_t k = p->part; k != NONE; k = f->place[k].next)
            f->state[at].below += f->state[f->place[k].state].below;
    }
    p->state = f->bucket[b];
    f->state[p->state].here++;
}

/* Whether every path passes this state, and goes on behind it. */
static bool cuts(const struct folding *f, uint32_t state)
{
    return !f->place[state].ends && f->state[state].here * f->state[state].below == f->paths;
}

/* The ways from a place to the next cut or an end, one after the other; *cut a place there. */
struct span {
    struct folding *f;
    bool write;
    size_t n;     /* of them, counted first */
    uint32_t cut; /* place where they end, if there is more behind; NONE */
    const char **stack;
};

static enum err_code put_way(struct span *s, size_t depth)
{
    struct path way = {s->stack, depth};
    bool alone = s->n == 1, many = depth > 1 && !alone;
    enum err_code rc = buf_puts(s->f->out, many ? "(" : "", s->f->e);
    if (rc == ERR_OK)
        rc = path_write(&way, s->f->out, s->f->e);
    return rc == ERR_OK ? buf_puts(s->f->out, many ? ")" : "", s->f->e) : rc;
}

static enum err_code walk(struct span *s, uint32_t at, size_t depth, size_t *nth)
{
    enum err_code rc = ERR_OK;
    for (uint32_t k = s->f->place[at].part; k != NONE && rc == ERR_OK; k = s->f->place[k].next) {
        const struct place *p = &s->f->place[k];
        bool cut = cuts(s->f, p->state);
        s->stack[depth] = p->name;
        if (cut || p->ends) {
            if (s->write && (*nth)++ > 0)
                rc = buf_puts(s->f->out, " or ", s->f->e);
            if (s->write && rc == ERR_OK)
                rc = put_way(s, depth + 1);
            if (!s->write)
                s->n++;
        }
        if (cut)
            s->cut = k;
        else if (rc == ERR_OK)
            rc = walk(s, k, depth + 1, nth);
    }
    return rc;
}

static enum err_code fold_from(struct folding *f, const char **stack)
{
    enum err_code rc = ERR_OK;
    for (uint32_t at = 0; at != NONE && rc == ERR_OK;) {
        struct span s = {f, false, 0, NONE, stack};
        size_t nth = 0;
        (void)walk(&s, at, 0, &nth);
        if (at != 0)
            rc = buf_puts(f->out, " + ", f->e);
        if (rc == ERR_OK && s.n > 1)
            rc = buf_puts(f->out, "[", f->e);
        s.write = true;
        if (rc == ERR_OK)
            rc = walk(&s, at, 0, &nth);
        if (rc == ERR_OK && s.n > 1)
            rc = buf_puts(f->out, "]", f->e);
        at = s.cut;
    }
    return rc;
}

enum err_code path_fold(const struct path_set *set, struct buf *out, struct err *e)
{
    struct folding f = {.paths = set->n, .out = out, .e = e};
    size_t most = 1, longest = 0;
    for (size_t i = 0; i < set->n; i++) {
        most += set->path[i].n;
        longest = set->path[i].n > longest ? set->path[i].n : longest;
    }
    f.buckets = 2 * most + 1;
    f.place = calloc(most, sizeof *f.place);
    f.state = calloc(most, sizeof *f.state);
    f.bucket = malloc(f.buckets * sizeof *f.bucket);
    const char **stack = calloc(longest + 1, sizeof *stack);
    enum err_code rc = ERR_OK;
    if (f.place == NULL || f.state == NULL || f.bucket == NULL || stack == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory to fold %zu communication paths", set->n);
    if (rc == ERR_OK) {
        memset(f.bucket, 0xFF, f.buckets * sizeof *f.bucket);
        f.place[f.n++] = (struct place){"", NONE, NONE, NONE, false, NONE};
        for (size_t i = 0; i < set->n; i++) {
            uint32_t at = 0;
            for (size_t k = 0; k < set->path[i].n; k++)
                at = add_place(&f, at, set->path[i].name[k]);
            f.place[at].ends = true;
        }
        for (size_t i = f.n; i-- > 0;)
            give_state(&f, (uint32_t)i);
        rc = fold_from(&f, stack);
    }
    free(f.place);
    free(f.state);
    free(f.bucket);
    free((void *)stack);
    return rc;
}
