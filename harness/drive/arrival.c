/* Messages that came before the script asked for them: kept by their trial, found by device. */
#include <stdlib.h>
#include <string.h>

#include "harness/drive/inside.h"

const struct envelope_field *field_at(const struct envelope_field *field, size_t n,
                                      const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < n; i++)
        if (field[i].path.len == len && memcmp(field[i].path.data, path, len) == 0)
            return &field[i];
    return NULL;
}

/* Nothing else tells a message from an older one. A missing value is the judge's business. */
bool values_fit(const struct drive *d, const struct awaited *a, const struct envelope_field *field,
                size_t n)
{
    const struct binding *b = &d->plan->binding[a->binding];
    for (size_t i = 0; i < a->n_value; i++) {
        const struct expected_value *v = &a->value[i];
        const struct envelope_field *f = field_at(field, n, b->field[v->field].path);
        if (f != NULL && f->value.len > 0 &&
            (f->value.len != strlen(v->text) || memcmp(f->value.data, v->text, f->value.len) != 0))
            return false;
    }
    return true;
}

/* The envelope's slices end with its reader's next read: a copy holds its own text. */
struct arrival *arrival_copy(uint32_t binding, const struct envelope *env)
{
    size_t text = 0;
    for (size_t i = 0; i < env->n_field; i++)
        text += env->field[i].path.len + env->field[i].value.len;
    struct arrival *a = malloc(sizeof *a + env->n_field * sizeof a->field[0] + text);
    if (a == NULL)
        return NULL;
    *a = (struct arrival){.binding = binding, .command = -1, .n_field = env->n_field};
    char *p = (char *)&a->field[env->n_field];
    for (size_t i = 0; i < env->n_field; i++) {
        const struct envelope_field *f = &env->field[i];
        if (f->path.len > 0)
            memcpy(p, f->path.data, f->path.len);
        a->field[i].path = (struct slice){p, f->path.len};
        p += f->path.len;
        if (f->value.len > 0)
            memcpy(p, f->value.data, f->value.len);
        a->field[i].value = (struct slice){p, f->value.len};
        p += f->value.len;
    }
    return a;
}

struct arrival *arrival_keep(struct trial *t, int command, uint32_t binding, uint32_t device,
                             size_t listener, const struct envelope *env)
{
    if (t->n_inbox >= DRIVE_MAX_INBOX || t->finished || t->ended)
        return NULL;
    struct arrival *a = arrival_copy(binding, env);
    if (a == NULL)
        return NULL;
    a->trial = t;
    a->command = command;
    a->device = device;
    a->listener = listener;
    a->prev = t->inbox_last;
    if (t->inbox_last != NULL)
        t->inbox_last->next = a;
    else
        t->inbox = a;
    t->inbox_last = a;
    t->n_inbox++;
    if (device != DRIVE_NOBODY) { /* the oldest stays first */
        struct arrival **at = &t->d->device[device].kept;
        while (*at != NULL)
            at = &(*at)->next_kept;
        *at = a;
    }
    return a;
}

static void take_out(struct trial *t, struct arrival *a)
{
    *(a->prev == NULL ? &t->inbox : &a->prev->next) = a->next;
    *(a->next == NULL ? &t->inbox_last : &a->next->prev) = a->prev;
    t->n_inbox--;
    if (a->device == DRIVE_NOBODY)
        return;
    struct arrival **at = &t->d->device[a->device].kept;
    while (*at != NULL && *at != a)
        at = &(*at)->next_kept;
    if (*at != NULL)
        *at = a->next_kept;
}

static bool suits(const struct trial *t, const struct expected *x, const struct arrival *a)
{
    const struct awaited *w = &t->awaited[x->awaited];
    if (a->trial != t || a->binding != w->binding ||
        (w->role != JOURNAL_THROUGH &&
         a->command != (w->role == JOURNAL_REPLY ? x->command : -1)) ||
        (a->device != x->device && a->device != DRIVE_NOBODY))
        return false;
    if (a->command < 0 && !values_fit(t->d, w, a->field, a->n_field))
        return false;
    return t->d->listener_of[w->endpoint] == (int)a->listener;
}

struct arrival *arrival_take(struct trial *t, const struct expected *x)
{
    bool by_device = x->device != DRIVE_NOBODY && t->n_inbox > 16;
    struct arrival *a = by_device ? t->d->device[x->device].kept : t->inbox;
    while (a != NULL && !suits(t, x, a))
        a = by_device ? a->next_kept : a->next;
    if (a != NULL)
        take_out(t, a);
    return a;
}

void arrival_clear(struct trial *t)
{
    while (t->inbox != NULL) {
        struct arrival *a = t->inbox;
        take_out(t, a);
        free(a);
    }
}
