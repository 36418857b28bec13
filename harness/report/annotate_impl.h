/* annotate_impl - what the parts of the annotation share. */
#ifndef HARNESS_ANNOTATE_IMPL_H
#define HARNESS_ANNOTATE_IMPL_H

#include "harness/report/marks.h"
#include "harness/score/result.h"

/* First and last packet of each exchange of the file. */
enum err_code annotate_marks(const struct result *r, const char *exchanges, struct marks *m,
                             struct err *e);

#endif
