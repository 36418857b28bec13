#include "harness/evidence/merge.h"

#include <stdlib.h>

/* One of the two files: the item read ahead from it, not given yet. */
struct side {
    enum err_code state; /* ERR_OK: an item is ready; ERR_AGAIN: none yet; ERR_CLOSED: ended */
    bool cut;            /* the ready item is the cut end */
    bool given;          /* the ready item was given: borrowed until the next call, then read on */
    bool any;            /* an item came before */
    int64_t key_ns;      /* running maximum of the times */
    struct err fault;    /* of the cut end */
};

struct merge {
    struct capfile *capfile;
    struct journal_reader *reader; /* NULL: no journal */
    struct side capture, journal;
    struct cap_item item;
    struct journal_record record;
};

enum err_code merge_open(const char *capture_path, const char *journal_path, bool follow,
                         struct merge **out, struct err *e)
{
    *out = NULL;
    struct merge *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to read it", capture_path);
    m->capture = m->journal = (struct side){.state = ERR_AGAIN, .key_ns = INT64_MIN};
    enum err_code rc = journal_path == NULL
                           ? capfile_open(capture_path, follow, &m->capfile, e)
                           : capfile_open_part(capture_path, follow, &m->capfile, e);
    if (rc != ERR_OK)
        goto fail;
    if (journal_path == NULL) {
        m->journal.state = ERR_CLOSED;
    } else {
        rc = journal_open(journal_path, follow, &m->reader, e);
        if (rc != ERR_OK)
            goto fail;
    }
    *out = m;
    return ERR_OK;
fail:
    merge_close(m);
    return rc;
}

/* What reading gave, into the side's state. A fault at the very start makes the file useless; later
 * it is a cut end, an item like the others, and so it is (part) where a run of ours was killed
 * before the file held anything. */
static enum err_code settle(struct side *s, enum err_code rc, int64_t ts_ns, bool part,
                            const struct err *fault, struct err *e)
{
    s->given = false;
    s->state = rc;
    if (rc == ERR_OK) {
        s->any = true;
        if (ts_ns > s->key_ns)
            s->key_ns = ts_ns;
    } else if (rc == ERR_DATA && (s->any || part)) {
        s->cut = true;
        s->fault = *fault;
        s->state = ERR_OK;
    } else if (rc != ERR_AGAIN && rc != ERR_CLOSED) {
        if (e != NULL)
            *e = *fault;
        return rc;
    }
    return ERR_OK;
}

/* Whether the side needs reading: its item was given, or there was none yet. */
static bool wants(struct side *s)
{
    if (s->state == ERR_OK && s->given && s->cut)
        s->state = ERR_CLOSED; /* nothing comes behind a cut */
    return s->state == ERR_AGAIN || (s->state == ERR_OK && s->given);
}

static enum err_code read_capture(struct merge *m, struct err *e)
{
    if (!wants(&m->capture))
        return ERR_OK;
    struct err fault = ERR_INIT;
    int64_t ts_ns = 0;
    enum err_code rc = capfile_next(m->capfile, &m->item, &fault);
    if (rc == ERR_OK)
        ts_ns = m->item.kind == CAP_FRAME ? m->item.frame.ts_ns : m->item.stats.ts_ns;
    return settle(&m->capture, rc, ts_ns, m->reader != NULL && capfile_is_cut(m->capfile), &fault,
                  e);
}

static enum err_code read_journal(struct merge *m, struct err *e)
{
    if (!wants(&m->journal))
        return ERR_OK;
    struct err fault = ERR_INIT;
    enum err_code rc = journal_next(m->reader, &m->record, &fault);
    return settle(&m->journal, rc, rc == ERR_OK ? m->record.real_ns : 0, journal_is_cut(m->reader),
                  &fault, e);
}

enum err_code merge_next(struct merge *m, struct merge_item *item, struct err *e)
{
    enum err_code rc = read_capture(m, e);
    if (rc == ERR_OK)
        rc = read_journal(m, e);
    if (rc != ERR_OK)
        return rc;
    struct side *c = &m->capture, *j = &m->journal;
    if (c->state == ERR_CLOSED && j->state == ERR_CLOSED)
        return ERR_CLOSED;
    /* A side without an item may still get one that comes first. */
    if (c->state == ERR_AGAIN || j->state == ERR_AGAIN)
        return ERR_AGAIN;
    bool journal = j->state == ERR_OK && (c->state == ERR_CLOSED || j->key_ns <= c->key_ns);
    struct side *s = journal ? j : c;
    s->given = true;
    item->now_ns = s->key_ns;
    if (s->cut) {
        item->kind = MERGE_CUT;
        item->u.cut = (struct merge_cut){journal, s->fault.text};
    } else if (journal) {
        item->kind = MERGE_JOURNAL;
        item->u.journal = &m->record;
    } else if (m->item.kind == CAP_FRAME) {
        item->kind = MERGE_FRAME;
        item->u.frame = &m->item.frame;
    } else {
        item->kind = MERGE_STATS;
        item->u.stats = &m->item.stats;
    }
    return ERR_OK;
}

void merge_finish(struct merge *m)
{
    capfile_finish(m->capfile);
    if (m->reader != NULL)
        journal_finish(m->reader);
}

void merge_close(struct merge *m)
{
    if (m == NULL)
        return;
    capfile_close(m->capfile);
    journal_reader_close(m->reader);
    free(m);
}
