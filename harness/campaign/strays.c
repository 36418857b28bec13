/* Runs that the ledgers do not have: what a deleted or shortened ledger leaves behind; and
 * campaigns about the same firmware. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/campaign/campaign.h"
#include "harness/campaign/view.h"

#define LOOK_BYTES (256u * 1024) /* the head of a plan: its campaign stands before its tables */

struct strays {
    const char *folder, *id;
    view_stray_fn *tell;
    void *arg;
    struct ledger *ledger; /* of the campaign looked at last */
    char ledger_id[LEDGER_ID_BYTES];
    char *head; /* of the plan looked at */
};

/* An attribute's value between from and its element's end: digits characters, "" none. */
static void value_of(const char *from, const char *name, size_t digits, char *out)
{
    const char *end = strchr(from, '>'), *at = strstr(from, name);
    out[0] = '\0';
    if (end == NULL || at == NULL || at > end)
        return;
    at += strlen(name);
    size_t n = strcspn(at, "\"");
    if (n <= digits && strspn(at, "0123456789abcdef") == n)
        (void)snprintf(out, digits + 1, "%.*s", (int)n, at);
}

static bool read_head(struct strays *s, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1)
        return false;
    ssize_t n = read(fd, s->head, LOOK_BYTES - 1);
    (void)close(fd);
    s->head[n < 0 ? 0 : n] = '\0';
    return n > 0;
}

/* The ledger that such a run would stand in; NULL: it is not there, or does not hold. */
static const struct ledger *ledger_for(struct strays *s, const char *id)
{
    char path[PATH_MAX];
    if (strcmp(s->ledger_id, id) == 0)
        return s->ledger;
    ledger_free(s->ledger);
    s->ledger = NULL;
    (void)snprintf(s->ledger_id, sizeof s->ledger_id, "%s", id);
    if (campaign_locate("", s->folder, id, path, NULL) == ERR_OK)
        (void)ledger_read(path, NULL, &s->ledger, NULL);
    return s->ledger;
}

static enum err_code look(void *arg, const char *runs, const char *name, struct err *e)
{
    struct strays *s = arg;
    char path[PATH_MAX + 300], text[600], id[LEDGER_ID_BYTES], nonce[9], submission[11], head[65];
    (void)snprintf(path, sizeof path, "%s/%s/plan.xml", runs, name);
    const char *plan = read_head(s, path) ? strstr(s->head, "<plan ") : NULL;
    const char *campaign = plan == NULL ? NULL : strstr(plan, "<campaign ");
    if (campaign == NULL)
        return ERR_OK;
    value_of(plan, " nonce=\"", 8, nonce);
    value_of(campaign, " id=\"", LEDGER_ID_BYTES - 1, id);
    value_of(campaign, " submission=\"", 10, submission);
    value_of(campaign, " head=\"", 64, head);
    if (strlen(id) != LEDGER_ID_BYTES - 1 || (s->id != NULL && strcmp(s->id, id) != 0))
        return ERR_OK;
    const struct ledger *l = ledger_for(s, id);
    if (l != NULL && ledger_find(l, LEDGER_BEGIN, nonce) != NULL)
        return ERR_OK;
    (void)snprintf(text, sizeof text,
                   "%.200s/%.100s: is submission %s of campaign %s, begun behind %.16s..., %s",
                   runs, name, submission, id, head,
                   l == NULL ? "whose ledger is not there or does not hold"
                             : "and not in its ledger: entries were removed, or the ledger is "
                               "another");
    return s->tell(s->arg, text, e);
}

static int is_shown(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

typedef enum err_code name_fn(void *arg, const char *folder, const char *name, struct err *e);

/* Every name in a folder, sorted: what is told must not depend on the file system. */
static enum err_code each_name(const char *folder, name_fn *use, void *arg, struct err *e)
{
    struct dirent **name = NULL;
    int n = scandir(folder, &name, is_shown, alphasort);
    enum err_code rc = n == -1 ? err_sys(e, errno, "%s: cannot be looked through", folder) : ERR_OK;
    for (int i = 0; i < n; i++) {
        if (rc == ERR_OK)
            rc = use(arg, folder, name[i]->d_name, e);
        free(name[i]);
    }
    free(name);
    return rc;
}

enum err_code view_strays(const char *ledger_folder, const char *id, view_stray_fn *tell, void *arg,
                          struct err *e)
{
    char runs[PATH_MAX];
    size_t len = strlen(ledger_folder);
    while (len > 1 && ledger_folder[len - 1] == '/')
        len--;
    size_t last = len; /* where its own name begins */
    while (last > 0 && ledger_folder[last - 1] != '/')
        last--;
    bool dots = strspn(ledger_folder + last, ".") == len - last;
    int n = dots ? snprintf(runs, sizeof runs, "%.*s/..", (int)len, ledger_folder)
            : last == 0
                ? snprintf(runs, sizeof runs, ".")
                : snprintf(runs, sizeof runs, "%.*s", last > 1 ? (int)last - 1 : 1, ledger_folder);
    if (n < 0 || (size_t)n >= sizeof runs)
        return err_set(e, ERR_USAGE, "%s: path is too long", ledger_folder);
    struct strays s = {.folder = ledger_folder, .id = id, .tell = tell, .arg = arg};
    s.head = malloc(LOOK_BYTES);
    enum err_code rc = s.head == NULL ? err_set(e, ERR_NOMEM, "no memory to look for runs")
                                      : each_name(runs, look, &s, e);
    free(s.head);
    ledger_free(s.ledger);
    return rc;
}

struct besides {
    const struct ledger *l;
    view_stray_fn *tell;
    void *arg;
};

static enum err_code beside(void *arg, const char *folder, const char *name, struct err *e)
{
    const struct besides *b = arg;
    const struct ledger_identity *own = &b->l->identity;
    char path[PATH_MAX], text[400];
    struct ledger *l = NULL;
    const char *suffix = strstr(name, LEDGER_SUFFIX);
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (suffix == NULL || suffix[sizeof LEDGER_SUFFIX - 1] != '\0' || n < 0 ||
        (size_t)n >= sizeof path || ledger_read(path, NULL, &l, NULL) != ERR_OK)
        return ERR_OK;
    enum err_code rc = ERR_OK;
    if (strcmp(l->id, b->l->id) != 0 && strcmp(l->identity.vendor, own->vendor) == 0 &&
        strcmp(l->identity.model, own->model) == 0 &&
        strcmp(l->identity.firmware_digest, own->firmware_digest) == 0) {
        (void)snprintf(text, sizeof text,
                       "campaign %s is about the same firmware: %u submission%s in generation %u, "
                       "under profile %.100s",
                       l->id, l->submissions, l->submissions == 1 ? "" : "s", l->generation,
                       l->identity.profile);
        rc = b->tell(b->arg, text, e);
    }
    ledger_free(l);
    return rc;
}

enum err_code view_besides(const char *ledger_folder, const struct ledger *l, view_stray_fn *tell,
                           void *arg, struct err *e)
{
    struct besides b = {l, tell, arg};
    return each_name(ledger_folder, beside, &b, e);
}
