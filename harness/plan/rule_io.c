#include "harness/plan/rule_io.h"

#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/limits.h"

const char *const rule_kind_word[RULE_KIND_COUNT] = {"short", "fixed", "sequential"};

/* The next number of a list; -1 at its end, -2 when it is none or above most. */
static int64_t next_number(const char **at, uint32_t most)
{
    const char *p = *at;
    while (*p == ' ')
        p++;
    if (*p == '\0')
        return -1;
    uint64_t n = 0;
    for (; *p >= '0' && *p <= '9' && n <= most; p++)
        n = n * 10 + (uint64_t)(*p - '0');
    if ((*p != ' ' && *p != '\0') || p == *at || n > most)
        return -2;
    *at = p;
    return (int64_t)n;
}

/* How many numbers, none above most; written to out unless that is NULL. 0: it is no such list. */
static uint32_t read_list(const char *text, uint32_t most, uint32_t *out)
{
    uint32_t n = 0;
    int64_t v;
    while ((v = next_number(&text, most)) >= 0 && n < RULE_MOST_STEPS) {
        if (out != NULL)
            out[n] = (uint32_t)v;
        n++;
    }
    return v == -1 ? n : 0;
}

enum err_code rule_of_lists(struct arena *a, enum rule_kind kind, uint32_t n, const char *accepts,
                            const char *rejects, struct rule *out, struct err *e)
{
    uint32_t steps = read_list(accepts, n, NULL);
    if (steps == 0 || read_list(rejects, n, NULL) != steps)
        return err_set(e, ERR_DATA,
                       "accepts, rejects: expected as many numbers in both, 1 to %u, none above "
                       "n=%u",
                       RULE_MOST_STEPS, n);
    uint32_t *table = arena_alloc(a, 2 * (size_t)steps * sizeof *table);
    if (table == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a rule of %u steps", steps);
    (void)read_list(accepts, n, table);
    (void)read_list(rejects, n, table + steps);
    *out = (struct rule){kind, n, steps, table, table + steps};
    return ERR_OK;
}

static void take_tables(struct take *t, xmlNodePtr node, struct rule *out)
{
    const char *accepts = take_text(t, node, "accepts"), *rejects = take_text(t, node, "rejects");
    struct err e = ERR_INIT;
    if (t->rc != ERR_OK)
        return;
    enum err_code rc = rule_of_lists(t->arena, out->kind, out->n, accepts, rejects, out, &e);
    if (rc == ERR_DATA)
        take_fault(t, node, "%s", e.text);
    else if (rc != ERR_OK)
        t->rc = err_set(t->e, rc, "%s", e.text);
}

void rule_take(struct take *t, xmlNodePtr node, struct rule *out)
{
    *out = (struct rule){.kind = RULE_SHORT};
    if (xmlHasProp(node, BAD_CAST "kind") != NULL)
        out->kind = (enum rule_kind)take_word(t, node, "kind", rule_kind_word, RULE_KIND_COUNT);
    out->n = (uint32_t)take_i64(t, node, "n", 1, RULE_MOST_TRIALS);
    if (out->kind != RULE_SHORT) {
        take_tables(t, node, out);
        return;
    }
    int64_t fail_at = take_i64(t, node, "fail-at", 1, (int64_t)out->n + 1);
    int64_t accept = take_i64_or(t, node, "accept", 1, fail_at - 1, 0);
    if (t->rc == ERR_OK &&
        rule_short_of(t->arena, out->n, (uint32_t)fail_at, (uint32_t)accept, out, t->e) != ERR_OK)
        t->rc = t->e == NULL ? ERR_LIMIT : t->e->code;
}

static void put_list(struct xmlw *w, const char *name, const uint32_t *value, uint32_t n)
{
    struct buf text;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    for (uint32_t i = 0; i < n; i++)
        (void)buf_printf(&text, NULL, "%s%u", i == 0 ? "" : " ", value[i]);
    xmlw_attr(w, name, text.data == NULL ? "" : (const char *)text.data);
    buf_release(&text);
}

void rule_put(struct xmlw *w, const struct rule *r)
{
    if (r->kind != RULE_SHORT)
        xmlw_attr(w, "kind", rule_kind_word[r->kind]);
    xmlw_attr_u64(w, "n", r->n);
    if (r->kind == RULE_SHORT) {
        xmlw_attr_u64(w, "fail-at", rule_rejects_from(r));
        if (rule_accepts_up_to(r) > 0)
            xmlw_attr_u64(w, "accept", rule_accepts_up_to(r));
    } else {
        put_list(w, "accepts", r->accept, r->steps);
        put_list(w, "rejects", r->reject, r->steps);
    }
}
