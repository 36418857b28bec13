/* profile_parts - what the files that read a profile share. For profile*.c only. */
#ifndef HARNESS_PROFILE_PARTS_H
#define HARNESS_PROFILE_PARTS_H

#include "harness/base/take.h"
#include "harness/profile/profile.h"

/* <rule> and <laboratory>. */
void profile_take_rule(struct take *t, xmlNodePtr root, struct profile *p);
void profile_take_laboratory(struct take *t, xmlNodePtr root, struct profile *p);
/* profile_endpoints.c: how many devices of each kind. */
void profile_take_endpoints(struct take *t, xmlNodePtr root, struct profile *p);
/* <traffic>. */
void profile_take_traffic(struct take *t, xmlNodePtr root, struct profile *p);

/* <deployment>. */
void profile_take_deployment(struct take *t, xmlNodePtr root, struct profile *p);

#endif
