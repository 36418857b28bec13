/* deployment_profile - the deployment that a profile declares.
 *
 * Errors: ERR_DATA, ERR_SCOPE with file and line.
 * Spec:   4.20.3.
 */
#ifndef HARNESS_DEPLOYMENT_PROFILE_H
#define HARNESS_DEPLOYMENT_PROFILE_H

#include "harness/profile/profile.h"
#include "harness/scope/deployment.h"
#include "harness/table/table.h"

/* p->deployment is not NULL. Where no decision k stands, the profile's use cases are it. */
enum err_code deployment_of_profile(struct deployment *d, const struct profile *p,
                                    const struct table *t, const struct deployment_book *b,
                                    struct arena *a, struct err *e);

#endif
