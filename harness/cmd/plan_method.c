/* What shapes the plan beside its rows: requirements, deployment, paths, quantities, and what keeps
 * a claim partial. */
#include "harness/cmd/plan_text.h"
#include "harness/plan/method_io.h"
#include "harness/report/text.h"

/* Begins a line; the block's name stands before its first one alone. */
static void begin(struct text *t, const char **name)
{
    text_f(t, "%-10s", *name);
    *name = "";
}

static void say(struct text *t, const char *s)
{
    text_esc(t, TEXT_PLAIN, s);
}

static void deployment(struct text *t, const struct method *m)
{
    const char *table = "table", *name = "deployed";
    begin(t, &table);
    say(t, m->table);
    text_raw(t, ", edition ");
    say(t, m->table_edition);
    text_raw(t, "\n");
    begin(t, &name);
    say(t, m->deployment[0] == '\0' ? "as the profile lists it, without a code" : m->deployment);
    text_raw(t, "\n");
    for (size_t i = 0; i < m->n_decision; i++) {
        begin(t, &name);
        say(t, m->decision[i].letter);
        text_raw(t, ") ");
        say(t, m->decision[i].about);
        text_raw(t, ": ");
        say(t, m->decision[i].chosen);
        text_raw(t, " (");
        say(t, m->decision[i].source);
        text_raw(t, ")\n");
    }
}

static void paths(struct text *t, const struct method *m)
{
    const char *name = "paths";
    for (size_t i = 0; i < m->n_way; i++) {
        const struct method_way *w = &m->way[i];
        begin(t, &name);
        say(t, w->use_case);
        if (w->where[0] != '*') {
            text_raw(t, ", ");
            say(t, w->where);
        }
        text_raw(t, ": ");
        say(t, w->dataflow);
        text_raw(t, w->dataflow[0] == '\0' ? "through " : ", through ");
        say(t, w->via);
        text_raw(t, "\n");
    }
}

static void quantities(struct text *t, const struct method *m)
{
    const char *name = "endpoints";
    for (size_t i = 0; i < m->n_quantity; i++) {
        const struct method_quantity *q = &m->quantity[i];
        if (q->deployment == 0)
            continue;
        begin(t, &name);
        say(t, q->actor);
        text_raw(t, q->device_class[0] == '\0' ? "" : ", ");
        say(t, q->device_class);
        text_f(t, ": %llu in the deployment, %llu in this plan (",
               (unsigned long long)q->deployment, (unsigned long long)q->tested);
        say(t, q->source);
        text_raw(t, ")\n");
    }
    if (name[0] != '\0') {
        begin(t, &name);
        text_raw(t, "the profile gives no quantities\n");
    }
}

enum err_code plan_method_text(const struct method *m, struct buf *out, struct err *e)
{
    struct text t;
    const char *name = "partial";
    if (!method_given(m))
        return ERR_OK;
    text_init(&t);
    deployment(&t, m);
    paths(&t, m);
    quantities(&t, m);
    for (size_t i = 0; i < m->n_limit; i++) {
        begin(&t, &name);
        say(&t, m->limit[i].text);
        text_raw(&t, "\n");
    }
    enum err_code rc = text_done(&t, e);
    if (rc == ERR_OK)
        rc = buf_append(out, t.buf.data, t.buf.len, e);
    text_release(&t);
    return rc;
}
