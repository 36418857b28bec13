#include <inttypes.h>
#include <string.h>

#include "harness/pics/document.h"
#include "harness/pics/secret.h"
#include "harness/report/html.h"

/* Beside the report's own style. */
static const char pics_css[] =
    ".items{font-size:.87rem;table-layout:fixed}\n"
    ".items th,.items td{padding:6px 10px;border-top:1px solid var(--line);vertical-align:top;\n"
    "overflow-wrap:anywhere}\n"
    ".items thead th{border-top:0;font-size:.76rem;color:var(--mute);font-weight:600;\n"
    "background:var(--soft);border-bottom:1px solid var(--line)}\n"
    ".items tbody th{font-weight:400}\n"
    ".items th:first-child{width:30%}.items th:nth-child(2){width:22%}\n"
    ".items th:nth-child(3){width:11%}.items th:nth-child(4){width:12%}\n"
    ".items small{display:block;color:var(--mute);font-size:.76rem}\n"
    ".items .group th{font-weight:620;font-size:.8rem;color:var(--mute);padding-top:14px}\n"
    ".items code{font-size:11.5px}\n"
    ".items .idle>*{color:var(--mute)}\n"
    ".msgs{font-size:.9rem}\n"
    ".msgs th,.msgs td{padding:5px 10px;border-top:1px solid var(--line);vertical-align:top}\n"
    ".msgs tr:first-child>*{border-top:0}\n"
    ".msgs th{font-weight:650;white-space:nowrap;width:1%}\n"
    ".msgs .e{color:var(--fail)}.msgs .w{color:var(--inc)}\n"
    "td.line{white-space:nowrap;width:1%;color:var(--mute)}\n"
    ".ends{font-size:.87rem}\n"
    ".ends th,.ends td{padding:5px 14px 5px 0;border-top:1px solid var(--line);\n"
    "vertical-align:top}\n"
    ".ends thead th{border-top:0;font-size:.76rem;color:var(--mute);font-weight:600}\n"
    ".ends tbody th{font-weight:600}\n"
    ".ends .num{padding-right:0}\n"
    ".card>h3{font-size:.95rem;margin:18px 0 6px}\n"
    ".card>h2+h3{margin-top:0}\n"
    "@media screen and (max-width:900px){.items,.items tbody,.items tr,.items td,.items th{\n"
    "display:block;width:auto!important}.items thead{display:none}.items td{border:0;\n"
    "padding:0 10px 4px}}\n";

static void esc(struct text *t, const char *s)
{
    text_clip(t, TEXT_MARKUP, s, 1000);
}

static void head(const struct statement *s, struct text *t)
{
    text_raw(
        t, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    html_digest_source(t, html_css);
    text_raw(t, " ");
    html_digest_source(t, pics_css);
    text_raw(t, "; base-uri 'none'; form-action 'none'\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    esc(t, s->vendor);
    text_raw(t, " ");
    esc(t, s->model);
    text_raw(t, " - conformance statement</title>\n<style>");
    text_raw(t, html_css);
    text_raw(t, "</style>\n<style>");
    text_raw(t, pics_css);
    text_raw(t, "</style>\n</head>\n<body>\n");
    html_sprite(t);
    text_raw(t, "<a class=\"skip\" href=\"#items\">To the items</a>\n<header class=\"top\"><div "
                "class=\"wrap\"><p class=\"brand\"><svg aria-hidden=\"true\" viewBox=\"0 0 24 "
                "24\"><path d=\"M2 13h4l3-8 5 14 3-6h5\"/></svg>gridassay <span>conformance "
                "statement, PICS and PIXIT</span></p>\n<h1>");
    esc(t, s->vendor);
    text_raw(t, " ");
    esc(t, s->model);
    text_raw(t, "</h1>\n<p class=\"sub\">Firmware ");
    esc(t, s->firmware);
    text_raw(t, " &middot; ");
    esc(t, s->hardware);
    text_raw(t, "</p></div></header>\n");
}

static void tile(struct text *t, enum outcome o, size_t n, const char *what)
{
    text_f(t, "<li class=\"o-%s%s\"><b>%zu</b><span>", outcome_name(o), n == 0 ? " nil" : "", n);
    html_icon(t, o);
    text_f(t, "%s</span></li>", what);
}

static void hero(const struct pics_document *d, struct text *t)
{
    const char *state = pics_state(d);
    struct pics_count n = pics_count(d->items);
    const struct {
        const char *state, *word, *what;
        enum outcome o;
    } known[] = {
        {"errors", "In error", "The statement contradicts its items or itself.", OUTCOME_FAIL},
        {"unset", "Incomplete", "Answers are unset: a claim can only be partial.",
         OUTCOME_INCONCLUSIVE},
        {"partial", "Partial", "Something mandatory is not supported: a claim can only be partial.",
         OUTCOME_INCONCLUSIVE},
        {"complete", "Complete", "Every item is answered.", OUTCOME_PASS},
    };
    size_t k = 0;
    while (strcmp(known[k].state, state) != 0)
        k++;
    text_f(t, "<section class=\"hero o-%s\" aria-label=\"State\">\n<div class=\"word\">",
           outcome_name(known[k].o));
    html_icon(t, known[k].o);
    text_f(t, "<div><p class=\"big\">%s</p><p>%s</p></div></div>\n<ul class=\"tiles\">",
           known[k].word, known[k].what);
    tile(t, OUTCOME_PASS, n.yes, "supported");
    tile(t, OUTCOME_INFORMATION, n.no, "not supported");
    tile(t, OUTCOME_INCONCLUSIVE, n.unset, "unset");
    tile(t, OUTCOME_NOT_APPLICABLE, n.not_applicable, "not applicable");
    if (d->found.errors > 0)
        tile(t, OUTCOME_FAIL, d->found.errors, d->found.errors == 1 ? "error" : "errors");
    text_f(t,
           "</ul>\n<p class=\"scope\">%zu items follow from the requirement table for what this "
           "equipment is.</p>\n</section>\n",
           n.items);
}

static void code_fact(struct text *t, const char *name, const char *value)
{
    text_f(t, "<div><dt>%s</dt><dd><code>", name);
    esc(t, value);
    text_raw(t, "</code></dd></div>");
}

static void identity(const struct statement *s, struct text *t)
{
    text_raw(t, "<section class=\"card\"><h2>Identity</h2><dl class=\"facts\">");
    html_fact(t, "Vendor", s->vendor);
    html_fact(t, "Model", s->model);
    html_fact(t, "Hardware", s->hardware);
    html_fact(t, "Firmware", s->firmware);
    code_fact(t, "Firmware SHA-256", s->firmware_digest);
    code_fact(t, "This statement's SHA-256", s->digest);
    text_raw(t, "</dl></section>\n");
}

static void roles(const struct statement *s, struct text *t)
{
    text_raw(t,
             "<section class=\"card wide\"><h2>Roles</h2><table class=\"ends\"><thead><tr><th>Actor"
             "</th><th>Class</th><th>First id</th><th class=\"num\">Devices</th></tr></thead>"
             "<tbody>");
    for (size_t i = 0; i < s->n_group; i++) {
        const struct statement_group *g = &s->group[i];
        text_raw(t, "<tr><th scope=\"row\">");
        esc(t, g->actor);
        text_raw(t, "</th><td>");
        esc(t, g->device_class[0] == '\0' ? "any" : g->device_class);
        text_f(t,
               "</td><td><code>%016" PRIX64 "</code></td><td class=\"num\">%" PRIu32 "</td></tr>\n",
               g->first_id, g->count);
    }
    text_raw(t, "</tbody></table></section>\n");
}

static void place(struct text *t, const struct statement_endpoint *p)
{
    text_raw(t, "<code>");
    text_raw(t, p->tls ? "https://" : "http://");
    bool six = strchr(p->address, ':') != NULL;
    text_raw(t, six ? "[" : "");
    esc(t, p->address);
    text_f(t, "%s:%u", six ? "]" : "", p->port);
    esc(t, p->path);
    text_raw(t, "</code>");
}

static void reached(const struct statement *s, struct text *t)
{
    text_raw(t, "<section class=\"card\"><h2>Protocols and endpoint</h2><dl class=\"facts\">");
    for (size_t i = 0; i < s->n_protocol; i++) {
        const struct statement_protocol *p = &s->protocol[i];
        text_raw(t, "<div><dt>");
        esc(t, p->name);
        text_raw(t, " ");
        esc(t, p->version);
        text_raw(t, "</dt><dd>");
        esc(t, strcmp(p->role, "both") == 0 ? "server and client" : p->role);
        text_raw(t, "</dd></div>");
    }
    text_raw(t, "<div><dt>Reached at</dt><dd>");
    place(t, &s->eut);
    text_raw(t, "</dd></div>");
    html_fact(t, "Connections", s->connection_per_exchange ? "one for each exchange" : "kept open");
    html_fact(t, "Answers",
              s->reply_by_request ? "by a request to the reply address" : "in the HTTP response");
    html_fact(t, "Read-back", s->read_back ? "yes" : "no");
    html_fact(t, "Interval data",
              s->push && s->poll ? "pushed and polled"
              : s->push          ? "pushed"
                                 : "polled");
    html_fact(t, "Scheduled payloads", s->own_schedule ? "by itself" : "when provoked");
    text_raw(t, "</dl></section>\n");
}

static void secrets(const struct statement *s, struct text *t)
{
    if (s->n_credential == 0 && s->tls_ca == NULL)
        return;
    text_raw(t, "<h3>Credentials, by reference</h3><dl class=\"facts two\">");
    for (size_t i = 0; i < s->n_credential; i++) {
        const struct statement_credential *c = &s->credential[i];
        text_raw(t, "<div><dt>");
        esc(t, c->name);
        text_raw(t, ": ");
        esc(t, c->purpose);
        text_f(t, "</dt><dd>%s <code>", c->file != NULL ? "file" : "environment");
        esc(t, c->file != NULL ? c->file : c->env);
        text_raw(t, "</code></dd></div>");
    }
    if (s->tls_ca != NULL)
        code_fact(t, "TLS authority", s->tls_ca);
    if (s->tls_certificate != NULL) {
        code_fact(t, "TLS certificate", s->tls_certificate);
        code_fact(t, "TLS key", s->tls_key);
    }
    text_raw(t, "</dl>\n");
}

static void stimuli(const struct statement *s, struct text *t)
{
    if (s->n_stimulus == 0)
        return;
    text_raw(t, "<h3>Stimuli</h3><table class=\"ends\"><thead><tr><th>What</th><th>How</th>"
                "</tr></thead><tbody>");
    for (size_t i = 0; i < s->n_stimulus; i++) {
        const struct statement_stimulus *m = &s->stimulus[i];
        bool prompt = strcmp(m->method, "prompt") == 0;
        text_raw(t, "<tr><th scope=\"row\">");
        esc(t, strcmp(m->name, "*") == 0 ? "any other" : m->name);
        text_raw(t, prompt ? "</th><td>a person: " : "</th><td><code>POST ");
        esc(t, !prompt && pics_secret(m->url) != NULL ? "(withheld: it holds a secret)" : m->url);
        text_raw(t, prompt ? "</td></tr>\n" : "</code></td></tr>\n");
    }
    text_raw(t, "</tbody></table>\n");
}

static void bears(const struct statement *s, struct text *t)
{
    if (s->n_duty > 0)
        text_raw(t, "<h3>What it bears</h3><table class=\"ends\"><thead><tr><th>Payload</th>"
                    "<th>Operations at most</th><th>Apart</th><th>Why</th></tr></thead><tbody>");
    for (size_t i = 0; i < s->n_duty; i++) {
        const struct statement_duty *u = &s->duty[i];
        text_raw(t, "<tr><th scope=\"row\">");
        esc(t, u->payload);
        text_raw(t, "</th><td>");
        if (u->most > 0)
            html_count(t, u->most);
        text_raw(t, u->most > 0 ? "</td><td>" : "any number</td><td>");
        if (u->spacing_ns > 0)
            text_f(t, "%.3g s", (double)u->spacing_ns / 1e9);
        text_raw(t, "</td><td>");
        esc(t, u->why);
        text_raw(t, "</td></tr>\n");
    }
    text_raw(t, s->n_duty > 0 ? "</tbody></table>\n" : "");
    if (s->n_image > 0)
        text_raw(t, "<h3>What is written into it</h3><dl class=\"facts\">");
    for (size_t i = 0; i < s->n_image; i++) {
        const struct statement_image *m = &s->image[i];
        text_raw(t, "<div><dt>");
        esc(t, m->payload);
        text_raw(t, "</dt><dd>");
        esc(t, m->file);
        text_raw(t, ", version ");
        esc(t, m->version);
        text_f(t, ", %" PRIu64 " bytes, SHA-256 <code>%s</code></dd></div>", m->bytes, m->digest);
    }
    text_raw(t, s->n_image > 0 ? "</dl>\n" : "");
}

static void peers(const struct statement *s, struct text *t)
{
    text_raw(t, "<h3>Played by the harness</h3><table class=\"ends\"><thead><tr><th>Actor</th>"
                "<th>Listens at</th><th>Class</th><th class=\"num\">Devices</th></tr></thead>"
                "<tbody>");
    for (size_t i = 0; i < s->n_peer; i++) {
        const struct statement_endpoint *p = &s->peer[i];
        text_raw(t, "<tr><th scope=\"row\">");
        esc(t, p->actor);
        text_raw(t, "</th><td>");
        place(t, p);
        text_raw(t, "</td><td>");
        esc(t, p->device_class[0] == '\0' ? "any" : p->device_class);
        text_f(t, "</td><td class=\"num\">%" PRIu32 "</td></tr>\n", p->count);
    }
    text_raw(t, "</tbody></table>\n");
}

static void messages(const struct pics_document *d, struct text *t)
{
    if (d->found.n == 0)
        return;
    text_raw(t,
             "<section class=\"card wide\"><h2>To be looked at</h2><table class=\"msgs\"><tbody>");
    for (size_t i = 0; i < d->found.n; i++) {
        const struct pics_message *m = &d->found.message[i];
        char code[8];
        text_f(t, "<tr><th scope=\"row\" class=\"%c\">%s</th><td>", m->error ? 'e' : 'w',
               pics_code(m, code));
        esc(t, m->text);
        text_f(t, "</td><td class=\"line\">line %ld</td></tr>\n", m->line);
    }
    text_raw(t, "</tbody></table></section>\n");
}

void pics_html(const struct pics_document *d, struct text *out)
{
    const struct statement *s = d->statement;
    head(s, out);
    text_raw(out, "<main class=\"wrap\">\n");
    hero(d, out);
    text_raw(out, "<div class=\"cards\">\n");
    messages(d, out);
    identity(s, out);
    reached(s, out);
    roles(s, out);
    text_raw(out, "<section class=\"card wide\"><h2>How it is tested</h2>\n");
    stimuli(s, out);
    bears(s, out);
    secrets(s, out);
    text_raw(out, "</section>\n<section class=\"card wide\"><h2>Other ends</h2>\n");
    peers(s, out);
    text_raw(out, "</section>\n</div>\n<div class=\"cards\" id=\"items\">\n");
    pics_html_items(d, out);
    text_raw(out, "</div>\n</main>\n<footer class=\"wrap\"><p>Statement <code>");
    text_clip(out, TEXT_MARKUP, s->digest, 80);
    text_raw(out, "</code>, requirement table <code>");
    text_clip(out, TEXT_MARKUP, d->table->digest, 80);
    text_raw(out, "</code>.</p><p>End of the statement.</p></footer>\n</body>\n</html>\n");
}
