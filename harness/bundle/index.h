/* index - bundle.xml: what a bundle holds, and what ISO/IEC 17025, 7.8.2 asks of a report.
 *
 * Its text follows from the bundled files, the list of what was left out and the versions in
 * <tools> alone, so whoever has these makes the same bytes; what is signed is this text.
 * Ownership: everything lives in the index's arena, until index_release.
 * Errors:    index_read ERR_DATA (file, line) for another schema, ERR_DATA for a newer version;
 *            ERR_NOMEM.
 * Spec:      README.md in this folder.
 */
#ifndef HARNESS_INDEX_H
#define HARNESS_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/sha256.h"
#include "harness/score/result.h"

#define INDEX_NAME "bundle.xml"
#define INDEX_SIGNATURE "bundle.p7s"
#define INDEX_VERSION "1"

struct index_file {
    const char *name;   /* in the bundle */
    const char *role;   /* "plan", "capture", "source"...: README.md lists them */
    const char *kind;   /* of a source: "table", "profile"...; NULL */
    const char *source; /* of a source: its path as the plan names it; NULL */
    const char *path;   /* where its bytes lie now; not in the index */
    bool left_out;      /* only its digest is given */
    uint64_t bytes;
    char sha256[SHA256_HEX_BYTES];
};

#define INDEX_TOOLS 5
extern const char *const index_tool_name[INDEX_TOOLS]; /* "gridassay", "libxml2"... */

struct index {
    struct arena arena;
    bool publishable;
    const char *tool[INDEX_TOOLS]; /* versions that made the result */
    const char *synchronised;      /* of the clock, "yes" or "no" */
    struct index_file *file;       /* in byte order of names */
    size_t n, room;
};

void index_init(struct index *x);
void index_release(struct index *x);

/* A further file; its strings are copied. */
enum err_code index_add(struct index *x, const struct index_file *f, struct err *e);
/* Brings the files into the order of the index. */
void index_sort(struct index *x);
const struct index_file *index_find(const struct index *x, const char *name);

/* Appends the text of bundle.xml. r is the bundled result, table the bundled requirement table. */
enum err_code index_format(const struct index *x, const struct result *r, const char *table,
                           struct buf *out, struct err *e);

enum err_code index_read(const char *path, struct index *out, struct err *e);

#endif
