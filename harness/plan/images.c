#include <inttypes.h>
#include <string.h>

#include "harness/plan/build_parts.h"

static void freeze(struct build *b)
{
    const struct statement *s = b->statement;
    struct plan_image *m = build_room(b, s->n_image * sizeof *m);
    for (size_t i = 0; i < s->n_image && b->rc == ERR_OK; i++) {
        const struct statement_image *x = &s->image[i];
        int binding = plan_binding_by_payload(b->plan, x->payload);
        if (binding < 0 || binding_image(&b->plan->binding[binding]) < 0)
            build_fault(b, ERR_SCOPE, "%s:%ld: image for \"%s\", which carries none", s->path,
                        x->line, x->payload);
        m[i] = (struct plan_image){build_copy(b, x->payload), build_copy(b, x->path),
                                   build_copy(b, x->version), build_copy(b, x->digest), x->bytes};
    }
    b->plan->image = m;
    b->plan->n_image = b->rc == ERR_OK ? s->n_image : 0;
}

/* What is odd about its size is told, not refused: it is the vendor's to say what is written. */
static const char *size_of(struct build *b, const struct statement_image *m,
                           const struct plan_variant *v)
{
    int64_t bytes = (int64_t)m->bytes;
    if (v->size_max_bytes != -1 && bytes > v->size_max_bytes)
        return build_text(b, ", more than the row's %" PRId64, v->size_max_bytes);
    if (v->size_min_bytes != -1 && bytes < v->size_min_bytes)
        return build_text(b, ", less than the row's %" PRId64, v->size_min_bytes);
    return "";
}

static void tell(struct build *b, const struct statement_image *m, struct plan_row *p,
                 struct plan_variant *v, bool first)
{
    if (m == NULL) {
        build_note(b, v, "the image is made up: the statement names none");
        if (first)
            p->reason = build_text(b, "%s; made-up image", p->reason);
        return;
    }
    const char *size = size_of(b, m, v);
    build_note(b, v,
               build_text(b, "image %s, version %s, %" PRIu64 " bytes%s, SHA-256 %s", m->file,
                          m->version, m->bytes, size, m->digest));
    if (first)
        p->reason = build_text(b, "%s; image %s, version %s, %" PRIu64 " bytes%s", p->reason,
                               m->file, m->version, m->bytes, size);
}

void build_images(struct build *b)
{
    freeze(b);
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++) {
        struct plan_row *p = &b->plan_row[i];
        bool first = true;
        if (p->binding < 0 || binding_image(&b->plan->binding[p->binding]) < 0)
            continue;
        for (size_t k = 0; k < p->n_variant; k++) {
            struct plan_variant *v = &b->variant[i][k];
            if (v->role != PLAN_TO_EUT && v->role != PLAN_THROUGH_EUT)
                continue;
            tell(b, statement_image_for(b->statement, p->payload), p, v, first);
            first = false;
        }
    }
}
