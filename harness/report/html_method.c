/* The method, as 4.20.2 of the specification wants it documented: whoever has the report alone can
 * tell by what choices, values and tools the solution was shown to meet the requirements. */
#include <inttypes.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/plan/method_io.h"
#include "harness/report/html.h"

#define DIGEST_SHOWN 80

/* Names of columns; a number's begins with "#". */
static void head(struct text *t, const char *kind, const char *const *name, size_t n)
{
    text_f(t, "<div class=\"scroll\"><table class=\"mt%s\"><thead><tr>", kind);
    for (size_t i = 0; i < n; i++)
        text_f(t, "<th scope=\"col\"%s>%s</th>", name[i][0] == '#' ? " class=\"num\"" : "",
               name[i] + (name[i][0] == '#'));
    text_raw(t, "</tr></thead><tbody>\n");
}

static void foot(struct text *t)
{
    text_raw(t, "</tbody></table></div>\n");
}

static void cell(struct text *t, const char *tag, const char *text)
{
    text_f(t, "<%s>", tag);
    text_esc(t, TEXT_MARKUP, text);
    text_f(t, "</%.2s>", tag);
}

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* ---- what the claim is about -------------------------------------------------------------------
 */

static void fact_code(struct text *t, const char *name, const char *code)
{
    if (code == NULL || code[0] == '\0')
        return;
    text_f(t, "<div><dt>%s</dt><dd><code>", name);
    text_clip(t, TEXT_MARKUP, code, DIGEST_SHOWN);
    text_raw(t, "</code></dd></div>");
}

static void basis(struct text *t, const struct result *r)
{
    const struct method *m = &r->method;
    text_raw(t, "<section class=\"card wide\"><h3>What was shown, and against what</h3>\n"
                "<dl class=\"facts two\">");
    text_raw(t, "<div><dt>Requirements</dt><dd>");
    text_clip(t, TEXT_MARKUP, m->table, 300);
    if (m->table_edition[0] != '\0')
        text_raw(t, ", edition ");
    text_clip(t, TEXT_MARKUP, m->table_edition, 80);
    text_raw(t, "</dd></div>");
    fact_code(t, "Table, SHA-256", result_source_digest(r, "table"));
    html_fact(t, "Deployment profile", r->profile_name);
    html_fact(t, "Deployment, by its code",
              m->deployment[0] == '\0' ? "none declared" : m->deployment);
    html_fact(t, "Actors of the equipment", r->eut_actors);
    text_raw(t, "<div><dt>Planned by</dt><dd>gridassay ");
    text_clip(t, TEXT_MARKUP, m->tool, 120);
    text_raw(t, "</dd></div>");
    fact_code(t, "Plan, SHA-256", r->plan_digest);
    html_fact(t, "Settings",
              m->certification ? "fixed for certification" : "those of the profile, not fixed");
    text_raw(t, "</dl>");
    if (m->actors[0] != '\0') {
        text_raw(t, "<h4>Actors of the profile&#39;s rows</h4><p>");
        text_esc(t, TEXT_MARKUP, m->actors);
        text_raw(t, "</p>");
    }
    if (m->n_limit > 0)
        text_raw(t, "<h4>What keeps a claim from being whole, whatever the verdicts</h4>"
                    "<ul class=\"dots\">");
    for (size_t i = 0; i < m->n_limit; i++)
        cell(t, "li", m->limit[i].text);
    text_raw(t, m->n_limit > 0 ? "</ul></section>\n" : "</section>\n");
}

/* ---- deployment, paths, quantities, use cases --------------------------------------------------
 */

static void decisions(struct text *t, const struct method *m)
{
    static const char *const column[] = {"", "Decision", "Chosen", "Source"};
    if (m->n_decision == 0)
        return;
    text_raw(t, "<section class=\"card wide\"><h3>Deployment: decisions of 4.20.3</h3>\n");
    head(t, "", column, 4);
    for (size_t i = 0; i < m->n_decision; i++) {
        text_raw(t, "<tr>");
        cell(t, "th", m->decision[i].letter);
        cell(t, "td", m->decision[i].about);
        cell(t, "td", m->decision[i].chosen);
        cell(t, "td", m->decision[i].source);
        text_raw(t, "</tr>\n");
    }
    foot(t);
    text_raw(t, "</section>\n");
}

static void ways(struct text *t, const struct method *m)
{
    static const char *const column[] = {"Use case", "Rows", "Data flow", "Through"};
    if (m->n_way == 0)
        return;
    text_raw(t, "<section class=\"card wide\"><h3>Communication paths</h3>\n");
    head(t, "", column, 4);
    for (size_t i = 0; i < m->n_way; i++) {
        const struct method_way *w = &m->way[i];
        text_raw(t, "<tr>");
        cell(t, "th", w->use_case);
        cell(t, "td", same(w->where, "*") ? "all" : w->where);
        text_raw(t, "<td>");
        text_raw(t, w->dataflow[0] == '\0' ? "by its actors" : "<code>");
        text_esc(t, TEXT_MARKUP, w->dataflow);
        text_raw(t, w->dataflow[0] == '\0' ? "</td>" : "</code></td>");
        cell(t, "td", w->via);
        text_raw(t, "</tr>\n");
    }
    foot(t);
    text_raw(t, "</section>\n");
}

static void quantities(struct text *t, const struct method *m)
{
    static const char *const column[] = {"Actor", "Class", "#In the deployment", "#In this run",
                                         "Source"};
    if (m->n_quantity == 0)
        return;
    text_raw(t, "<section class=\"card wide\"><h3>Endpoint quantities</h3>\n");
    head(t, "", column, 5);
    for (size_t i = 0; i < m->n_quantity; i++) {
        const struct method_quantity *q = &m->quantity[i];
        text_raw(t, "<tr>");
        cell(t, "th", q->actor);
        cell(t, "td", q->device_class);
        text_raw(t, "<td class=\"num\">");
        if (q->deployment == 0)
            text_raw(t, "not given");
        else
            html_count(t, q->deployment);
        text_raw(t, "</td><td class=\"num\">");
        html_count(t, q->tested);
        text_raw(t, "</td>");
        cell(t, "td", q->source);
        text_raw(t, "</tr>\n");
    }
    foot(t);
    text_raw(t, "</section>\n");
}

static void closure(struct text *t, const struct method *m)
{
    static const char *const column[] = {"Use case", "Needed by", "In the profile"};
    if (m->n_prerequisite == 0)
        return;
    text_raw(t, "<section class=\"card wide\"><h3>Use cases, with what they need</h3>\n");
    head(t, "", column, 3);
    for (size_t i = 0; i < m->n_prerequisite; i++) {
        const struct method_prerequisite *p = &m->prerequisite[i];
        text_raw(t, p->in_scope ? "<tr>" : "<tr class=\"miss\">");
        cell(t, "th", p->use_case);
        cell(t, "td", p->needed_by[0] == '\0' ? "the profile's own choice" : p->needed_by);
        cell(t, "td", p->in_scope ? "yes" : "no");
        text_raw(t, "</tr>\n");
    }
    foot(t);
    text_raw(t, "</section>\n");
}

/* ---- values ------------------------------------------------------------------------------------
 */

static const char *kind_title(const char *kind)
{
    static const char *const title[][2] = {
        {METHOD_OWN_TABLE, "Requirement table of the lab's own"},
        {"scope", "Scope"},
        {"selection", "Selected for this run alone"},
        {"parameter", "What the document leaves to the deployment"},
        {"campaign", "Hours of campaigns"},
        {"extrapolation", "Extrapolation"},
        {"interpretation", "Readings chosen"},
        {"share", "Shares of the latency budget"},
        {"overlay", "Limits overlaid"},
        {"rule", "Decision rule and risks"},
        {"policy", "Policies"},
        {"clock", "Time"},
        {METHOD_CLOCK_FACTOR, "The deployment's clock"},
        {"pace", "Pace and load"},
        {"give-up", "When a message counts as lost"},
        {"trials", "Trials asked for"},
        {"capture", "Capture"},
        {"equipment", "What the equipment declares"},
        {"duty", "What the equipment bears"},
        {"image", "Images of the vendor"},
    };
    for (size_t i = 0; i < sizeof title / sizeof *title; i++)
        if (same(title[i][0], kind))
            return title[i][1];
    return kind;
}

/* A line differs from the one before in its text alone: both are one. */
static bool goes_on(const struct method_value *a, const struct method_value *b)
{
    return same(a->kind, b->kind) && same(a->where, b->where) && same(a->name, b->name) &&
           same(a->source, b->source);
}

static void values(struct text *t, const struct method *m)
{
    static const char *const column[] = {"Where", "What", "Value", "Source"};
    if (m->n_value == 0)
        return;
    text_raw(t, "<section class=\"card wide\"><h3>Values, with their sources</h3>\n");
    head(t, " val", column, 4);
    for (size_t i = 0; i < m->n_value; i++) {
        const struct method_value *v = &m->value[i];
        if (i == 0 || !same(v->kind, v[-1].kind)) {
            text_raw(t, "<tr class=\"group\"><th colspan=\"4\" scope=\"rowgroup\">");
            text_esc(t, TEXT_MARKUP, kind_title(v->kind));
            text_raw(t, "</th></tr>\n");
        }
        text_raw(t, "<tr>");
        cell(t, "td", same(v->where, "*") ? "all" : v->where);
        cell(t, "td", v->name);
        text_raw(t, "<td>");
        text_esc(t, TEXT_MARKUP, v->text);
        while (i + 1 < m->n_value && goes_on(v, &m->value[i + 1])) {
            text_raw(t, "; ");
            text_esc(t, TEXT_MARKUP, m->value[++i].text);
        }
        text_raw(t, "</td>");
        cell(t, "td", v->source[0] == '\0' ? "none given" : v->source);
        text_raw(t, "</tr>\n");
    }
    foot(t);
    text_raw(t, "</section>\n");
}

/* ---- capture, readings, inputs -----------------------------------------------------------------
 */

static void capture(struct text *t, const struct result *r)
{
    char a[WORDS_SIZE];
    text_raw(t, "<section class=\"card wide\"><h3>How the capture was made</h3>\n<p>");
    if (r->driven) {
        text_raw(t, "By this harness, while it drove the trials: all packets of the filter on the "
                    "interface ");
        text_clip(t, TEXT_MARKUP, r->interface, 120);
        text_raw(t,
                 ", with the kernel's time stamps. What was to be sent was written into a "
                 "journal before it went out; verdicts come of plan, journal and capture alone.");
    } else {
        text_raw(t, "By others: an imported capture, judged by the plan; the harness drove nothing "
                    "and has no journal of what was attempted.");
    }
    text_raw(t, "</p>\n<dl class=\"facts two\">");
    fact_code(t, "Filter", r->filter);
    text_raw(t, "<div><dt>Frames, of these dropped</dt><dd>");
    html_count(t, r->frames);
    text_raw(t, ", ");
    html_count(t, r->capture_dropped);
    text_raw(t, "</dd></div>");
    html_fact(t, "From", r->first_ns != 0 ? clock_iso(r->first_ns, a, sizeof a) : "");
    html_fact(t, "To", r->last_ns != 0 ? clock_iso(r->last_ns, a, sizeof a) : "");
    html_fact(t, "Uncertainty of a latency", words_duration(r->uncertainty_ns, a, sizeof a));
    html_fact(t, "which is", r->uncertainty_from);
    html_fact(t, "Clock traceable to",
              r->clock_traced == NULL || r->clock_traced[0] == '\0' ? "not declared"
                                                                    : r->clock_traced);
    text_raw(t, "</dl></section>\n");
}

static void readings(struct text *t, const struct result *r)
{
    if (r->n_interpretation == 0)
        return;
    text_raw(t, "<section class=\"card wide\"><h3>Interpretations used</h3>\n<dl class=\"reads\">");
    for (size_t i = 0; i < r->n_interpretation; i++) {
        const struct result_text *x = &r->interpretation[i];
        text_raw(t, "<dt>");
        text_esc(t, TEXT_MARKUP, x->id);
        text_raw(t, " <small>");
        text_esc(t, TEXT_MARKUP, x->section);
        text_raw(t, "</small></dt><dd>");
        text_esc(t, TEXT_MARKUP, x->reading);
        text_raw(t, " <span class=\"ground\">");
        text_esc(t, TEXT_MARKUP, x->ground);
        text_raw(t, "</span></dd>");
    }
    text_raw(t, "</dl></section>\n");
}

static void inputs(struct text *t, const struct result *r)
{
    if (r->n_source == 0)
        return;
    text_f(t,
           "<section class=\"card wide\"><h3>Inputs and their digests (SHA-256)</h3>\n"
           "<p class=\"small\">Every file that had a say in the plan, %zu in all.</p>\n"
           "<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Inputs\">"
           "<table class=\"mt\"><thead><tr><th scope=\"col\">Kind</th><th scope=\"col\">File</th>"
           "<th scope=\"col\">SHA-256</th></tr></thead><tbody>\n",
           r->n_source);
    for (size_t i = 0; i < r->n_source; i++) {
        text_raw(t, "<tr>");
        cell(t, "td", r->source[i].kind);
        cell(t, "td", r->source[i].path);
        text_raw(t, "<td><code>");
        text_clip(t, TEXT_MARKUP, r->source[i].digest, DIGEST_SHOWN);
        text_raw(t, "</code></td></tr>\n");
    }
    foot(t);
    text_raw(t, "</section>\n");
}

void html_method(struct text *t, const struct result *r)
{
    const struct method *m = &r->method;
    text_raw(t, "<section id=\"method\"><h2 class=\"part\">Method</h2>\n<p class=\"lead\">How it "
                "was shown what this report says: the choices, values, paths and tools behind it, "
                "each with its source.");
    if (!method_given(m))
        text_raw(t, " This run was planned by a gridassay that did not document them all.");
    text_raw(t, "</p>\n<div class=\"cards\">\n");
    if (method_given(m)) {
        basis(t, r);
        decisions(t, m);
        ways(t, m);
        quantities(t, m);
        closure(t, m);
        values(t, m);
    }
    capture(t, r);
    html_rules(t, r);
    readings(t, r);
    inputs(t, r);
    text_raw(t, "</div>\n</section>\n");
}
