/* claim_words - the sentences of a claim. For claim*.c only. */
#ifndef HARNESS_CLAIM_WORDS_H
#define HARNESS_CLAIM_WORDS_H

#include "harness/score/claim.h"

struct claim_making {
    const struct result *result;
    struct claim *claim;
    struct method_limit *limit;
    size_t n_limit, cap_limit;
    bool no_memory;
};

/* "" for none: results that nobody wrote to a file have gaps. */
static inline const char *claim_text(const char *text)
{
    return text == NULL ? "" : text;
}

/* What is satisfied: the document's requirements, or those of another table in their place. */
const char *claim_whose(const struct result *r);

/* In the claim's arena; "" without memory. */
const char *claim_say(struct claim_making *m, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Actors, taps, spans, endpoints, conditions and the wording, once the kind is known. */
void claim_words(struct claim_making *m);

#endif
