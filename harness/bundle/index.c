#include "harness/bundle/index.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/xml.h"
#include "harness/bundle/unpack.h"

#define SCHEMA "fixtures/schemas/bundle.rng"

const char *const index_tool_name[INDEX_TOOLS] = {"gridassay", "libxml2", "openssl", "lua",
                                                  "system"};

void index_init(struct index *x)
{
    *x = (struct index){.arena = ARENA_INIT, .synchronised = ""};
    for (size_t i = 0; i < INDEX_TOOLS; i++)
        x->tool[i] = "";
}

void index_release(struct index *x)
{
    free(x->file);
    arena_release(&x->arena);
    index_init(x);
}

enum err_code index_add(struct index *x, const struct index_file *f, struct err *e)
{
    if (x->n == x->room) {
        size_t room = x->room == 0 ? 64 : 2 * x->room;
        struct index_file *more = realloc(x->file, room * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "no memory for %zu files of a bundle", room);
        x->file = more;
        x->room = room;
    }
    struct index_file *to = &x->file[x->n];
    *to = *f;
    const char **copied[] = {&to->name, &to->role, &to->kind, &to->source, &to->path};
    for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++)
        if (*copied[i] != NULL && (*copied[i] = arena_strdup(&x->arena, *copied[i])) == NULL)
            return err_set(e, ERR_NOMEM, "no memory for the name of a file");
    x->n++;
    return ERR_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct index_file *)a)->name, ((const struct index_file *)b)->name);
}

void index_sort(struct index *x)
{
    if (x->n > 0)
        qsort(x->file, x->n, sizeof *x->file, by_name);
}

const struct index_file *index_find(const struct index *x, const char *name)
{
    for (size_t i = 0; i < x->n; i++)
        if (strcmp(x->file[i].name, name) == 0)
            return &x->file[i];
    return NULL;
}

static enum err_code read_file(xmlNodePtr node, struct index *x, struct err *e)
{
    struct index_file f = {.name = xml_attr(node, "name"),
                           .role = xml_attr(node, "role"),
                           .kind = xml_attr(node, "kind"),
                           .source = xml_attr(node, "source"),
                           .left_out = xml_is(node, "left-out")};
    int64_t bytes = 0;
    enum err_code rc = xml_attr_i64(node, "bytes", 0, INT64_MAX, 0, &bytes, e);
    if (rc != ERR_OK)
        return rc;
    f.bytes = (uint64_t)bytes;
    memcpy(f.sha256, xml_attr(node, "sha256"), SHA256_HEX_BYTES);
    if (!unpack_name_good(f.name))
        return xml_fault(node, e, "\"%s\" is no name of a bundled file", f.name);
    if (x->n > 0 && strcmp(x->file[x->n - 1].name, f.name) >= 0)
        return xml_fault(node, e, "\"%s\" does not come behind \"%s\" in byte order", f.name,
                         x->file[x->n - 1].name);
    return index_add(x, &f, e);
}

static enum err_code read_all(xmlNodePtr root, struct index *x, struct err *e)
{
    enum err_code rc = ERR_OK;
    x->publishable = strcmp(xml_attr(root, "kind"), "publishable") == 0;
    xmlNodePtr tools = xml_child(root, "tools");
    for (size_t i = 0; i < INDEX_TOOLS; i++)
        x->tool[i] = arena_strdup(&x->arena, xml_attr_or(tools, index_tool_name[i], ""));
    x->synchronised = arena_strdup(&x->arena, xml_attr_or(tools, "clock-synchronised", ""));
    for (size_t i = 0; i < INDEX_TOOLS; i++)
        if (x->tool[i] == NULL || x->synchronised == NULL)
            return err_set(e, ERR_NOMEM, "no memory for the index of a bundle");
    for (xmlNodePtr n = xml_child(root, NULL); n != NULL && rc == ERR_OK; n = xml_next(n, NULL))
        if (xml_is(n, "file") || xml_is(n, "left-out"))
            rc = read_file(n, x, e);
    return rc;
}

enum err_code index_read(const char *path, struct index *out, struct err *e)
{
    xmlDocPtr doc = NULL;
    index_init(out);
    enum err_code rc = xml_load(path, SCHEMA, INDEX_VERSION, &doc, NULL, e);
    if (rc == ERR_OK)
        rc = read_all(xmlDocGetRootElement(doc), out, e);
    xmlFreeDoc(doc);
    if (rc != ERR_OK)
        index_release(out);
    return rc;
}
