/* The vendor's images: read before anything is sent, and held. */
#include <string.h>

#include "harness/base/blob.h"
#include "harness/drive/image.h"

/* "firmware version number", "program version information" */
static int version_field(const struct plan *p, const char *payload)
{
    int at = plan_binding_by_payload(p, payload);
    const struct binding *b = at < 0 ? NULL : &p->binding[at];
    for (size_t i = 0; b != NULL && i < b->n_field; i++)
        if (b->field[i].type == FIELD_TEXT && strstr(b->field[i].name, " version ") != NULL)
            return (int)i;
    return -1;
}

static enum err_code load(struct image_file *f, struct err *e)
{
    char digest[SHA256_HEX_BYTES];
    const struct plan_image *m = f->plan;
    enum err_code rc = blob_read(m->path, &f->own, digest, e);
    if (rc != ERR_OK)
        return err_wrap(e, "image for %s", m->payload);
    if (strcmp(digest, m->digest) != 0 || f->own.len != m->bytes)
        return err_set(e, ERR_DATA,
                       "image for %s: %s has changed since the plan was made: its SHA-256 is %s, "
                       "expected %s",
                       m->payload, m->path, digest, m->digest);
    f->data = (const uint8_t *)f->own.data;
    return ERR_OK;
}

enum err_code image_files_load(struct drive *d, struct err *e)
{
    const struct plan *p = d->plan;
    enum err_code rc = ERR_OK;
    d->image_file = arena_alloc(&d->arena, (p->n_image + 1) * sizeof *d->image_file);
    if (d->image_file == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu images", p->n_image);
    for (size_t i = 0; i < p->n_image && rc == ERR_OK; i++) {
        struct image_file *f = &d->image_file[d->n_image_file++];
        *f = (struct image_file){.plan = &p->image[i]};
        f->version = version_field(p, f->plan->payload);
        for (size_t k = 0; k < i && f->data == NULL; k++)
            if (strcmp(p->image[k].path, p->image[i].path) == 0 &&
                strcmp(p->image[k].digest, p->image[i].digest) == 0)
                f->data = d->image_file[k].data;
        if (f->data == NULL)
            rc = load(f, e);
    }
    return rc;
}

const struct image_file *image_file_for(const struct drive *d, const char *payload)
{
    for (size_t i = 0; i < d->n_image_file; i++)
        if (strcmp(d->image_file[i].plan->payload, payload) == 0)
            return &d->image_file[i];
    return NULL;
}

void image_files_free(struct drive *d)
{
    for (size_t i = 0; i < d->n_image_file; i++)
        buf_release(&d->image_file[i].own);
}
