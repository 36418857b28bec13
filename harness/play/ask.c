/* Requests of ours whose answer is awaited: those that we make, and those that we pass on. */
#include <stdlib.h>
#include <string.h>

#include "harness/play/inside.h"

#define ASKS_MAX 16384u

struct ask *ask_new(struct play *p)
{
    struct ask *a = p->n_ask < ASKS_MAX ? calloc(1, sizeof *a) : NULL;
    if (a == NULL)
        return NULL;
    a->play = p;
    a->next = p->asks;
    if (a->next != NULL)
        a->next->prev = a;
    p->asks = a;
    p->n_ask++;
    return a;
}

static void ask_free(struct ask *a)
{
    struct play *p = a->play;
    if (a->prev != NULL)
        a->prev->next = a->next;
    else
        p->asks = a->next;
    if (a->next != NULL)
        a->next->prev = a->prev;
    p->n_ask--;
    free(a);
}

void ask_done(struct ask *a, const struct speaker_outcome *o)
{
    struct play *p = a->play;
    bool arrived = o != NULL && o->code == 0 && o->status != 0;
    if (a->image != NULL) {
        image_goes_on(a->image, arrived && o->status / 100 == 2);
    } else if (!arrived) {
        play_tell_failure(p, a);
    } else if (a->own) {
        if (o->status == HTTP_OK && o->len > 0)
            play_receive_answer(p, o->body, o->len);
    } else {
        forward_answer(a, o);
    }
    ask_free(a);
}

void ask_close_all(struct play *p)
{
    while (p->asks != NULL)
        ask_free(p->asks);
}
