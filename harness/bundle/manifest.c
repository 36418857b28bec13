#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/xml.h"
#include "harness/bundle/contents.h"

static enum err_code take_tools(xmlNodePtr root, struct index *x, struct err *e)
{
    xmlNodePtr made = xml_child(root, "made"), clock = xml_child(root, "clock");
    bool memory = true;
    for (size_t i = 0; i < INDEX_TOOLS; i++) {
        const char *value = made == NULL ? "" : xml_attr_or(made, index_tool_name[i], "");
        x->tool[i] = arena_strdup(&x->arena, value);
        memory = memory && x->tool[i] != NULL;
    }
    const char *state = clock == NULL ? "" : xml_attr_or(clock, "synchronised", "");
    x->synchronised = arena_strdup(&x->arena, state);
    if (!memory || x->synchronised == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the versions of the manifest");
    return ERR_OK;
}

static enum err_code check_file(xmlNodePtr node, const char *manifest, const struct index *x,
                                struct err *e)
{
    const char *name = xml_attr_or(node, "name", "");
    const struct index_file *f = index_find(x, name);
    if (f != NULL && strcmp(f->sha256, xml_attr_or(node, "sha256", "")) != 0)
        return err_set(e, ERR_EVIDENCE,
                       "%s:%ld: says that %s has SHA-256 %.16s..., it has %.16s...", manifest,
                       xmlGetLineNo(node), name, xml_attr_or(node, "sha256", ""), f->sha256);
    return ERR_OK;
}

enum err_code contents_manifest(const char *manifest, struct index *x, struct err *e)
{
    struct buf text;
    xmlDocPtr doc = NULL;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    enum err_code rc = buf_read_file(&text, manifest, e);
    if (rc == ERR_OK)
        rc = xml_parse(manifest, 0, text.data == NULL ? "" : text.data, text.len, &doc, e);
    xmlNodePtr root = rc == ERR_OK ? xmlDocGetRootElement(doc) : NULL;
    if (root != NULL)
        rc = take_tools(root, x, e);
    for (xmlNodePtr n = root == NULL ? NULL : xml_child(root, "file"); n != NULL && rc == ERR_OK;
         n = xml_next(n, "file"))
        rc = check_file(n, manifest, x, e);
    xmlFreeDoc(doc);
    buf_release(&text);
    return rc;
}
