/* The pseudo code of communication paths: the document's own examples, what is wrong told with its
 * column, and properties over made-up expressions: folded and expanded again, the paths are
 * the same. */
#include <stdint.h>

#include "harness/base/limits.h"
#include "harness/scope/path_expr.h"
#include "tests/tap.h"

/* As 4.19 writes it, the options of the second decision in the order of the text. */
#define DATA_FLOW                                                                                  \
    "[(1Aa + 1B) or 1Ab] +\n[1Ca or (1Cba + 1Cb) or (1Cba + 1Cc)] +\n[1D or 1Dg or 1Dw]"

static uint64_t seed = 20110517;

static unsigned pick(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static bool expanded(const char *text, struct path_set *set, struct err *e)
{
    struct path_expr x;
    *set = (struct path_set){.path = NULL};
    if (path_expr_parse(text, &x, e) != ERR_OK)
        return false;
    enum err_code rc = path_expand(&x, set, e);
    path_expr_release(&x);
    return rc == ERR_OK;
}

static void folds_to(const char *text, const char *want)
{
    struct err e = ERR_INIT;
    struct path_set set, again;
    struct buf out;
    buf_init(&out, 1 << 20);
    ok(expanded(text, &set, &e), "what is to become %s expands", want);
    ok(path_fold(&set, &out, &e) == ERR_OK, "and is folded");
    is_str(out.data, want, "to the form that 4.19 has");
    ok(expanded(out.data, &again, &e) && path_set_equal(&set, &again), "of the same paths");
    path_set_release(&set);
    path_set_release(&again);
    buf_release(&out);
}

static void refused(const char *text, enum err_code code, const char *why)
{
    struct err e = ERR_INIT;
    struct path_expr x;
    enum err_code rc = path_expr_parse(text, &x, &e);
    is_int(rc, code, "\"%.40s\" is refused", text);
    is_str(e.text, why, "with the column and what was expected");
    ok(x.root == NULL, "and leaves nothing behind");
    path_expr_release(&x);
}

static void own_examples(void)
{
    struct err e = ERR_INIT;
    struct path_set set;
    struct buf out;
    buf_init(&out, 4096);
    ok(expanded(DATA_FLOW, &set, &e), "the data flow of 4.19 is read: %s", e.text);
    is_int(set.n, 18, "it holds 2 x 3 x 3 single paths");
    (void)path_write(&set.path[3], &out, &e);
    is_str(out.data, "1Aa + 1B + 1Cba + 1Cb + 1D", "in the order in which it lists them");
    path_set_release(&set);
    buf_release(&out);
    ok(expanded("1Ab + 1Ca + 1D", &set, &e) && set.n == 1 && set.path[0].n == 3,
       "the example of 4.18 is one path of three flows");
    path_set_release(&set);
    ok(expanded("[1 or 2 or 3 or 4 or 5 or 6]", &set, &e) && set.n == 6 && set.path[0].n == 1,
       "the graphic options are six");
    path_set_release(&set);
    ok(expanded("[(1a or 1b) + (2a or 2b or 2c) +<D>]", &set, &e) && set.n == 6 &&
           strcmp(set.path[5].name[2], "<D>") == 0,
       "a group stays a name of its own");
    path_set_release(&set);
    ok(expanded("1a or 1a", &set, &e) && set.n == 1, "a path that is listed twice is one");
    path_set_release(&set);
    ok(expanded("[x or (x + x)] + [x or (x + x)]", &set, &e) && set.n == 3,
       "also when two ways of reading give it");
    path_set_release(&set);
}

static void folding(void)
{
    folds_to(DATA_FLOW, "[(1Aa + 1B) or 1Ab] + [1Ca or (1Cba + 1Cb) or (1Cba + 1Cc)] + "
                        "[1D or 1Dg or 1Dw]");
    folds_to("(1a or 1b) + (2a or 2b or 2c) + (D1 or D2 or D3)",
             "[1a or 1b] + [2a or 2b or 2c] + [D1 or D2 or D3]");
    folds_to("(ACdW or ACvIW)", "[ACdW or ACvIW]");
    folds_to("((1D)) + 5Bb + 16Ab", "1D + 5Bb + 16Ab");
    folds_to("(a + c + d) or (b + c + d) or (a + c + e) or (b + c + e)", "[a or b] + c + [d or e]");
    folds_to("(a + x) or (b + y)", "[(a + x) or (b + y)]");
    folds_to("a or (a + b)", "[a or (a + b)]");
}

static void bad_input(void)
{
    char deep[LIMIT_PATH_BYTES + 2];
    refused("", ERR_DATA,
            "column 1: the path ends, expected a name of letters and digits, \"(\" or \"[\"");
    refused(
        "[1Ca or 1Cb", ERR_DATA,
        "column 12: the path ends, expected \"+\", \"or\" or the \"]\" to the \"[\" of column 1");
    refused("[(1Aa + 1B] or 1Ab)", ERR_DATA,
            "column 11: \"]\", expected \"+\", \"or\" or the \")\" to the \"(\" of column 2");
    refused("1Aa + 1B)", ERR_DATA, "column 9: \")\", expected \"+\", \"or\" or the end");
    refused("1Ab 1Ca", ERR_DATA, "column 5: \"1Ca\", expected \"+\", \"or\" or the end");
    refused("1Ab + or 1Ca", ERR_DATA,
            "column 7: \"or\", expected a name of letters and digits, \"(\" or \"[\"");
    refused("1Ab +", ERR_DATA,
            "column 6: the path ends, expected a name of letters and digits, \"(\" or \"[\"");
    refused("a + b or c", ERR_DATA,
            "column 7: \"or\", expected \"+\": brackets tell what belongs together");
    refused("a + <D", ERR_DATA, "column 7: the path ends, expected \">\" behind the group's name");
    refused("a + <>", ERR_DATA, "column 5: \"<\", expected a group's name as in <D>");
    refused("a # b", ERR_DATA, "column 3: \"#\", expected \"+\", \"or\" or the end");
    memset(deep, '(', sizeof deep);
    deep[LIMIT_PATH_DEPTH + 1] = '\0';
    refused(deep, ERR_LIMIT, "column 33: brackets deeper than 32");
    memset(deep, 'a', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    refused(deep, ERR_LIMIT, "a communication path of 4097 bytes, at most 4096");
}

static void ceilings(void)
{
    struct err e = ERR_INIT;
    struct path_set set;
    char text[600] = "(a or b)";
    for (int i = 1; i < 13; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), " + (a or b)");
    ok(!expanded(text, &set, &e) && e.code == ERR_LIMIT, "8192 single paths are too many: %s",
       e.text);
    (void)snprintf(text, sizeof text, "a");
    for (int i = 1; i <= LIMIT_PATH_NAMES; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), " + a");
    ok(!expanded(text, &set, &e) && e.code == ERR_LIMIT, "and 65 flows one behind the other");
}

/* An expression of names a0 to a5, brackets at random. */
static void make_up(char *out, size_t size, unsigned depth)
{
    size_t n = strlen(out);
    unsigned parts = depth == 0 ? 1 : 1 + pick(3);
    const char *by = pick(2) == 0 ? " + " : " or ";
    for (unsigned i = 0; i < parts && n + 32 < size; i++) {
        bool bracket = depth > 0 && pick(3) > 0, square = pick(2) == 0;
        n += (size_t)snprintf(out + n, size - n, "%s%s", i == 0 ? "" : by,
                              !bracket ? ""
                              : square ? "["
                                       : "(");
        if (bracket) {
            make_up(out, size - 8, depth - 1);
            n = strlen(out);
            n += (size_t)snprintf(out + n, size - n, square ? "]" : ")");
        } else {
            n += (size_t)snprintf(out + n, size - n, "a%u", pick(6));
        }
    }
}

static void properties(void)
{
    unsigned made = 0, folded = 0, sets = 0, cut = 0;
    struct err e = ERR_INIT;
    struct buf out;
    buf_init(&out, 1 << 22);
    for (unsigned i = 0; i < 3000; i++) {
        char text[900] = "";
        struct path_set set, again;
        make_up(text, sizeof text, 1 + pick(4));
        if (!expanded(text, &set, &e)) {
            cut += e.code == ERR_LIMIT;
            continue;
        }
        made++;
        buf_reset(&out);
        (void)path_fold(&set, &out, &e);
        /* What is folded from very many paths may be longer than what people write. */
        if (out.len > LIMIT_PATH_BYTES)
            cut++;
        else if (expanded(out.data, &again, &e)) {
            folded += path_set_equal(&set, &again);
            path_set_release(&again);
        }
        path_set_release(&set);
    }
    is_int(folded + cut, 3000,
           "of 3000 expressions every one folds into the same paths (or is cut)");
    ok(folded > 2500 && made > 2500, "%u of them folded, %u beyond a ceiling", folded, cut);
    folded = 0;
    for (unsigned i = 0; i < 1000; i++) {
        static const char *const name[] = {"1Aa", "1B", "1Ab", "1Ca", "D1"};
        const char *stack[40][6];
        struct path path[40];
        struct path_set set, again = {.path = NULL};
        size_t n = 1 + pick(40);
        for (size_t k = 0; k < n; k++) {
            path[k] = (struct path){stack[k], 1 + pick(6)};
            for (size_t m = 0; m < path[k].n; m++)
                stack[k][m] = name[pick(5)];
        }
        if (path_set_of(path, n, &set, &e) != ERR_OK)
            continue;
        buf_reset(&out);
        (void)path_fold(&set, &out, &e);
        sets++;
        if (out.len > LIMIT_PATH_BYTES || !expanded(out.data, &again, &e) ||
            !path_set_equal(&set, &again))
            printf("# %s\n", out.data);
        else
            folded++;
        path_set_release(&again);
        path_set_release(&set);
    }
    is_int(folded, sets, "a set of paths at random is what its folded form expands into");
    is_int(sets, 1000, "in 1000 sets");
    buf_release(&out);
}

int main(void)
{
    own_examples();
    folding();
    bad_input();
    ceilings();
    properties();
    return done_testing();
}
