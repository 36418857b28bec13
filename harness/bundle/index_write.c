#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/xml.h"
#include "harness/base/xmlw.h"
#include "harness/bundle/index.h"

static const char about[] = "These results relate only to the item tested.";
static const char whole[] = "This report is not to be reproduced but as a whole.";

static void put(struct xmlw *w, const char *element, const char *text)
{
    xmlw_open(w, element);
    xmlw_text(w, text);
    xmlw_close(w, element);
}

/* "" says nothing: no attribute. */
static void attr(struct xmlw *w, const char *name, const char *value)
{
    xmlw_attr(w, name, value == NULL || value[0] == '\0' ? NULL : value);
}

static void write_people(struct xmlw *w, const struct result *r)
{
    xmlw_open(w, "laboratory");
    attr(w, "name", r->laboratory);
    attr(w, "address", r->laboratory_address);
    attr(w, "accreditation", r->accreditation);
    attr(w, "authorised-by", r->authorised_by);
    xmlw_close(w, "laboratory");
    xmlw_open(w, "customer");
    attr(w, "name", r->customer);
    xmlw_close(w, "customer");
    xmlw_open(w, "item");
    attr(w, "vendor", r->vendor);
    attr(w, "model", r->model);
    attr(w, "hardware", r->hardware);
    attr(w, "firmware", r->firmware);
    attr(w, "firmware-sha256", r->firmware_digest);
    attr(w, "actors", r->eut_actors);
    xmlw_close(w, "item");
}

static void source_digest(struct xmlw *w, const struct index *x, const char *kind, const char *name)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->file[i].kind != NULL && strcmp(x->file[i].kind, kind) == 0) {
            xmlw_attr(w, name, x->file[i].sha256);
            return;
        }
}

/* The document that the table renders: attributes of its root. */
static void write_method(struct xmlw *w, const struct index *x, const struct result *r,
                         const char *table)
{
    struct buf text;
    xmlDocPtr doc = NULL;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    enum err_code rc = buf_read_file(&text, table, w->e);
    if (rc == ERR_OK)
        rc = xml_parse(table, 0, text.data == NULL ? "" : text.data, text.len, &doc, w->e);
    xmlNodePtr root = rc == ERR_OK ? xmlDocGetRootElement(doc) : NULL;
    xmlw_open(w, "method");
    if (root != NULL) {
        xmlw_attr(w, "document", xml_attr(root, "document"));
        xmlw_attr(w, "edition", xml_attr(root, "edition"));
    }
    source_digest(w, x, "table", "table-sha256");
    attr(w, "profile", r->profile_name);
    attr(w, "deviations", r->profile_label); /* why no claim can be made of it */
    source_digest(w, x, "profile", "profile-sha256");
    source_digest(w, x, "statement", "statement-sha256");
    xmlw_close(w, "method");
    if (w->rc == ERR_OK)
        w->rc = rc;
    xmlFreeDoc(doc);
    buf_release(&text);
}

static void write_rule(struct xmlw *w, const struct index *x, const struct result *r)
{
    char from[40], to[40];
    xmlw_open(w, "dates");
    xmlw_attr(w, "from", clock_iso(r->first_ns, from, sizeof from));
    xmlw_attr(w, "to", clock_iso(r->last_ns, to, sizeof to));
    xmlw_close(w, "dates");
    xmlw_open(w, "decision-rule");
    attr(w, "kind", r->rule);
    xmlw_attr_i64(w, "consumer-risk-ppm", r->consumer_ppm);
    xmlw_attr_i64(w, "producer-risk-ppm", r->producer_ppm);
    xmlw_attr_i64(w, "discrimination-milli", r->discrimination_milli);
    xmlw_attr_i64(w, "confidence-ppm", r->confidence_ppm);
    xmlw_attr_i64(w, "uncertainty-ns", r->uncertainty_ns);
    attr(w, "uncertainty-from", r->uncertainty_from);
    xmlw_close(w, "decision-rule");
    xmlw_open(w, "clock");
    attr(w, "traced-to", r->clock_traced);
    attr(w, "synchronised", x->synchronised);
    xmlw_close(w, "clock");
    xmlw_open(w, "campaign");
    attr(w, "id", r->campaign);
    xmlw_attr_u64(w, "submission", r->submission);
    xmlw_attr_u64(w, "generation", r->generation);
    attr(w, "ledger-head", r->ledger_head);
    xmlw_close(w, "campaign");
}

static void write_conclusion(struct xmlw *w, const struct result *r)
{
    const struct result_summary *s = &r->summary;
    xmlw_open(w, "conclusion");
    xmlw_attr(w, "verdict", verdict_name(s->verdict));
    xmlw_attr_i64(w, "exit-status", s->exit_status);
    xmlw_attr_bool(w, "claimable", r->claimable);
    xmlw_attr_u64(w, "rows", s->rows);
    xmlw_attr_u64(w, "pass", s->pass);
    xmlw_attr_u64(w, "fail", s->fail);
    xmlw_attr_u64(w, "inconclusive", s->inconclusive);
    xmlw_attr_u64(w, "error", s->error);
    xmlw_attr_u64(w, "not-exercised", s->not_exercised);
    xmlw_attr_u64(w, "not-scorable", s->not_scorable);
    xmlw_attr_u64(w, "not-run", s->not_run);
    xmlw_attr_u64(w, "not-applicable", s->not_applicable);
    xmlw_close(w, "conclusion");
}

static void write_report(struct xmlw *w, const struct index *x, const struct result *r,
                         const char *table)
{
    char id[40];
    (void)snprintf(id, sizeof id, "%s-%.16s", r->nonce, r->plan_digest);
    xmlw_open(w, "report");
    xmlw_attr(w, "title", "Test report: conformance to the OpenSG SG-Network requirements");
    xmlw_attr(w, "id", id);
    write_people(w, r);
    write_method(w, x, r, table);
    write_rule(w, x, r);
    write_conclusion(w, r);
    put(w, "statement", about);
    put(w, "statement", whole);
    xmlw_close(w, "report");
}

enum err_code index_format(const struct index *x, const struct result *r, const char *table,
                           struct buf *out, struct err *e)
{
    struct xmlw w;
    xmlw_begin(&w, out, e);
    xmlw_open(&w, "bundle");
    xmlw_attr(&w, "xmlns", "urn:gridassay:bundle:1");
    xmlw_attr(&w, "version", INDEX_VERSION);
    xmlw_attr(&w, "kind", x->publishable ? "publishable" : "full");
    write_report(&w, x, r, table);
    xmlw_open(&w, "tools");
    for (size_t i = 0; i < INDEX_TOOLS; i++)
        attr(&w, index_tool_name[i], x->tool[i]);
    attr(&w, "clock-synchronised", x->synchronised);
    xmlw_close(&w, "tools");
    for (size_t i = 0; i < x->n; i++) {
        const struct index_file *f = &x->file[i];
        const char *element = f->left_out ? "left-out" : "file";
        xmlw_open(&w, element);
        xmlw_attr(&w, "name", f->name);
        xmlw_attr(&w, "role", f->role);
        xmlw_attr(&w, "kind", f->kind);
        xmlw_attr(&w, "source", f->source);
        xmlw_attr_u64(&w, "bytes", f->bytes);
        xmlw_attr(&w, "sha256", f->sha256);
        xmlw_close(&w, element);
    }
    xmlw_close(&w, "bundle");
    return w.rc;
}
