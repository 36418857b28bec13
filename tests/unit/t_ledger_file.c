/* Appending to a ledger: by many at once, behind what a power cut left, and where nothing can be
 * written. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness/campaign/ledger_file.h"
#include "tests/tap.h"
#include "tests/unit/ledger_make.h"

#define CHILDREN 4
#define APPENDS 12

static char path[96];

static enum err_code append_begin(const char *nonce, struct err *e)
{
    struct ledger_file f;
    enum err_code rc = ledger_lock(path, &f, e);
    if (rc == ERR_OK) {
        const struct ledger_entry x = {.kind = LEDGER_BEGIN,
                                       .nonce = nonce,
                                       .submission = f.ledger->submissions + 1,
                                       .plan_digest = MADE_SHA,
                                       .profile_digest = MADE_SHA,
                                       .table_digest = MADE_SHA,
                                       .statement_digest = MADE_SHA,
                                       .folder = "../lab"};
        rc = ledger_append(&f, &x, e);
    }
    ledger_unlock(&f);
    return rc;
}

static struct ledger *reread(void)
{
    struct ledger *l = NULL;
    struct err e = ERR_INIT;
    if (ledger_read(path, NULL, &l, &e) != ERR_OK)
        printf("# %s\n", e.text);
    return l;
}

static void created(void)
{
    struct err e = ERR_INIT;
    is_int(ledger_create(path, &made_identity, &e), ERR_OK, "a ledger is made, with its folder");
    struct ledger *l = reread();
    ok(l != NULL && l->n_entry == 1 && l->submissions == 0, "and holds its first entry alone");
    ledger_free(l);
    is_int(append_begin("11111111", &e), ERR_OK, "an entry is appended");
    is_int(ledger_create(path, &made_identity, &e), ERR_OK, "making it once more is fine");
    l = reread();
    ok(l != NULL && l->n_entry == 2, "and changes nothing");
    ledger_free(l);
}

static void at_once(void)
{
    pid_t pid[CHILDREN];
    int failed = 0;
    for (int i = 0; i < CHILDREN; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            struct err e = ERR_INIT;
            for (int k = 0; k < APPENDS; k++) {
                char nonce[9];
                (void)snprintf(nonce, sizeof nonce, "%08x", (unsigned)(i * 100 + k));
                if (append_begin(nonce, &e) != ERR_OK) {
                    printf("# %s\n", e.text);
                    _exit(1);
                }
            }
            _exit(0);
        }
    }
    for (int i = 0; i < CHILDREN; i++) {
        int status = 1;
        (void)waitpid(pid[i], &status, 0);
        failed += status != 0;
    }
    is_int(failed, 0, "four processes append at once");
    struct ledger *l = reread();
    ok(l != NULL && l->submissions == CHILDREN * APPENDS + 1 &&
           l->entry[l->n_entry - 1].submission == CHILDREN * APPENDS + 1,
       "the chain holds, and each submission has a number of its own");
    ledger_free(l);
}

/* What is there now cut to len bytes, then appended to. */
static bool mended(const struct buf *all, size_t len, size_t *cuts)
{
    struct err e = ERR_INIT;
    struct ledger *before = NULL, *after = NULL;
    bool good = buf_write_file(path, all->data, len, &e) == ERR_OK && (before = reread()) != NULL &&
                append_begin("ffffffff", &e) == ERR_OK && (after = reread()) != NULL;
    if (good) {
        const bool cut = before->tail_bytes > 0;
        const struct ledger_entry *x = &after->entry[before->n_entry];
        *cuts += cut;
        good = after->n_entry == before->n_entry + 1 + cut && after->tail_bytes == 0 &&
               (!cut || (x->kind == LEDGER_CUT && x->cut_begin == before->tail_begin &&
                         strcmp(x->cut_digest, before->tail_digest) == 0)) &&
               after->submissions == before->submissions + 1;
    }
    struct buf now; /* nothing that was there is lost */
    buf_init(&now, 1 << 20);
    good = good && buf_read_file(&now, path, &e) == ERR_OK && now.len > len &&
           memcmp(now.data, all->data, len) == 0;
    if (!good)
        printf("# %zu bytes: %s\n", len, e.text);
    buf_release(&now);
    ledger_free(before);
    ledger_free(after);
    return good;
}

static void cut(void)
{
    struct made m;
    size_t wrong = 0, cuts = 0;
    made_open(&m);
    size_t first = m.text.len;
    made_begin(&m, "11111111", 1);
    made_end(&m, "11111111", 2);
    made_begin(&m, "22222222", 2);
    for (size_t len = first; len <= m.text.len; len += len % 5 == 0 ? 3 : 11)
        wrong += !mended(&m.text, len, &cuts);
    is_int(wrong, 0, "what a cut append left stays, is named by the next one, and the chain holds");
    ok(cuts > 50, "in %zu places", cuts);
    /* Zero bytes where the file had grown before its contents were there. */
    char *zeros = calloc(1, 60);
    struct buf padded;
    buf_init(&padded, 1 << 20);
    (void)buf_append(&padded, m.text.data, m.text.len, NULL);
    (void)buf_append(&padded, zeros, 60, NULL);
    ok(mended(&padded, padded.len, &cuts), "zero bytes at the end are what a cut append left");
    free(zeros);
    /* The line that was named is part of the chain from then on. */
    struct buf now;
    struct err e = ERR_INIT;
    struct ledger *l = NULL;
    buf_init(&now, 1 << 20);
    (void)mended(&m.text, first + 200, &cuts);
    (void)buf_read_file(&now, path, &e);
    now.data[first + 150] ^= 1;
    is_int(ledger_parse("a.ledger", now.data, now.len, NULL, &l, &e), ERR_EVIDENCE,
           "a change of what was left is found afterwards");
    ledger_free(l);
    buf_release(&now);
    buf_release(&padded);
    buf_release(&m.text);
}

static void unusable(void)
{
    struct ledger_file f;
    struct err e = ERR_INIT;
    char other[128];
    (void)snprintf(other, sizeof other, "%s/x.ledger", path); /* a file stands for a folder */
    is_int(ledger_create(other, &made_identity, &e), ERR_SYS, "no folder can be made in a file");
    ok(strstr(e.text, path) != NULL, "which is named");
    is_int(ledger_lock(other, &f, &e), ERR_SYS, "and nothing opened there");
    (void)snprintf(other, sizeof other, "%s/pipe.ledger", made_folder);
    if (mkfifo(other, 0600) == 0) {
        is_int(ledger_lock(other, &f, &e), ERR_DATA, "a pipe is no ledger");
        struct ledger *l = NULL;
        is_int(ledger_read(other, NULL, &l, &e), ERR_DATA, "and not waited for");
        (void)unlink(other);
    }
    (void)buf_write_file(path, "", 0, &e);
    is_int(append_begin("11111111", &e), ERR_EVIDENCE, "nothing is appended to an emptied ledger");
    struct stat st = {.st_size = -1};
    (void)stat(path, &st);
    is_int(st.st_size, 0, "which stays as it is");
    (void)buf_write_file(path, "hello\n", 6, &e);
    is_int(append_begin("11111111", &e), ERR_DATA, "nor to what is no ledger");
    (void)stat(path, &st);
    is_int(st.st_size, 6, "which stays as it is too");
}

int main(void)
{
    char inner[80];
    if (!made_lab())
        return tap_skip_all("no folder");
    (void)snprintf(inner, sizeof inner, "%s/results", made_folder);
    (void)snprintf(path, sizeof path, "%s/ledger/x.ledger", inner);
    (void)fflush(stdout);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    created();
    at_once();
    cut();
    unusable();
    (void)unlink(path);
    *strrchr(path, '/') = '\0';
    (void)rmdir(path);
    (void)rmdir(inner);
    made_clean();
    return done_testing();
}
