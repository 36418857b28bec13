/* view - a campaign as it stands: its ledger, whether the runs' folders agree with it, and what all
 * of them say together about each row.
 *
 * Only the runs of the present generation count. A fail stays, even where the run's folder is gone:
 * the ledger holds it. A submission whose records are not there can hide one: no row passes then.
 * Ownership: view_free frees; the ledger is borrowed.
 * Errors:    ERR_NOMEM, ERR_SYS. What does not agree is no fault of ours: see view.wrong.
 */
#ifndef HARNESS_VIEW_H
#define HARNESS_VIEW_H

#include "harness/campaign/ledger.h"
#include "harness/plan/plan.h"
#include "harness/report/words.h"
#include "harness/score/pool.h"
#include "harness/score/result.h"

enum view_state {
    VIEW_COUNTS = 0, /* its records agree and are in the pool (of its generation) */
    VIEW_NOT_DRIVEN, /* it ended before a trial: nothing to count */
    VIEW_ABSENT,     /* its folder, or what counts of it, is not there */
    VIEW_UNSCORED,   /* evidence without records: scored again it would count */
    VIEW_ALTERED,    /* does not agree with the ledger */
    VIEW_STATE_COUNT
};

struct view_run {
    const struct ledger_entry *begin; /* NULL: a beginning that was cut */
    const struct ledger_entry *end;   /* NULL: interrupted, or still under way */
    uint32_t generation, submission;
    enum view_state state;
    const char *folder; /* as seen from here, "" none */
    const char *note;   /* why it does not count, "" */
    struct plan *plan;  /* NULL: not read */
    const char *exchanges;
};

struct view_row {
    const char *id, *use_case;
    bool shared; /* other rows have this id, for other use cases */
    enum verdict verdict;
    enum no_verdict status;
    const char *reason;              /* "" where the pooled reading tells all */
    uint32_t failed;                 /* the submission that the ledger has as failed, 0 none */
    const struct result_row *pooled; /* NULL: in no run that could be pooled */
};

struct view {
    struct arena arena;
    const struct ledger *ledger;
    struct view_run *run;
    size_t n_run;
    struct pool *pool;      /* private: what pooled borrows from */
    struct result *pooled;  /* NULL: nothing to pool */
    const char *not_pooled; /* why not, "" */
    struct view_row *row;   /* in scope */
    size_t n_row;
    struct result_summary summary;
    const char *
        *wrong; /* each with file, and line where it has one: the evidence does not verify */
    size_t n_wrong, cap_wrong;
};

enum err_code view_new(const struct ledger *l, struct view **out, struct err *e);
void view_free(struct view *v);

/* The campaign in one word. */
enum outcome view_outcome(const struct view *v);

/* Notes that something does not agree. */
enum err_code view_wrong(struct view *v, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* view_rows.c: pools what counts, and fills row and summary. */
enum err_code view_pool(struct view *v, struct err *e);

/* view_claim.c: all that counts as one result, borrowed from the view: what is failed or hidden is
 * so there, too. For a claim: it has no evidence of its own. ERR_DATA where nothing counts. */
enum err_code view_result(struct view *v, const struct result **out, struct err *e);

/* strays.c: runs in the folders beside that of the ledgers which say that they are of a campaign
 * there, and whose ledger is gone or does not have them. id: of this campaign only, NULL any. */
typedef enum err_code view_stray_fn(void *arg, const char *text, struct err *e);
enum err_code view_strays(const char *ledger_folder, const char *id, view_stray_fn *tell, void *arg,
                          struct err *e);

/* Other campaigns of these ledgers about the same firmware: another profile is another campaign,
 * and whoever reads this one should know of it. */
enum err_code view_besides(const char *ledger_folder, const struct ledger *l, view_stray_fn *tell,
                           void *arg, struct err *e);

#endif
