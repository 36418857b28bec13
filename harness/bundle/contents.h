/* contents - which files belong to the bundle of a run, under which names, and where they lie.
 *
 * The names follow from the plan alone, so whoever checks a bundle knows what has to be in it.
 * Errors: ERR_DATA when a file of the run is not there; ERR_EVIDENCE when one is not what the plan
 *         or the manifest names (its digest differs); ERR_SYS, ERR_NOMEM.
 */
#ifndef HARNESS_CONTENTS_H
#define HARNESS_CONTENTS_H

#include "harness/bundle/index.h"
#include "harness/plan/plan.h"

/* The files of a run's full bundle into x, without place, size and digest. driven: it has a
 * journal; else the capture came from elsewhere. */
enum err_code contents_name(const struct plan *p, bool driven, struct index *x, struct err *e);

/* Where they lie for a run in folder: evidence in it, sources where the plan found them; sizes and
 * digests of all. ledger: path of the part of it that belongs to the run, NULL none; capture: of
 * one that came from elsewhere, NULL: the run's own. */
enum err_code contents_locate(const struct plan *p, const char *folder, const char *ledger,
                              const char *capture, struct index *x, struct err *e);

/* Copies of the plan's sources into folder/sources, but for those that come with this release, so
 * that a bundle can be made when the originals have long changed. A source that is no longer what
 * the plan was made from is ERR_EVIDENCE. */
enum err_code contents_keep(const struct plan *p, const char *folder, struct err *e);
/* Takes them back. */
void contents_unkeep(const struct plan *p, const char *folder);

/* From a full bundle's list to a publishable one's: all but the requirement table is left out, and
 * the reduced files (publish.h) are added, without place, size and digest. */
enum err_code contents_publish(const struct plan *p, struct index *x, struct err *e);
/* Place, size and digest of the reduced files, which lie in folder/published. */
enum err_code contents_measure_published(const char *folder, struct index *x, struct err *e);

/* What the manifest says of tools and clock into x, and that its digests are those of the bundle's
 * files. manifest: its path. */
enum err_code contents_manifest(const char *manifest, struct index *x, struct err *e);

/* That the sources in x are those that the plan froze. */
enum err_code contents_sources(const struct plan *p, const struct index *x, struct err *e);

#endif
