/* cell_names - members of the attribute, flag and actor columns. */
#include <string.h>

#include "harness/table/cell_scan.h"

/* "HAN device (IHD, Cust EMS) ID" is the attribute "HAN device ID" with a detail; brackets that
 * touch letters on their left belong to the name, as in "group(cycle)ID". */
bool item_attribute(struct arena *a, const char *text, struct cell_item *out)
{
    if (strncmp(text, "for ", 4) == 0) {
        out->kind = ITEM_ABOUT;
        return true;
    }
    out->kind = ITEM_ATTRIBUTE;
    size_t len = strlen(text);
    if (len > 3 && strcmp(text + len - 3, "(s)") == 0) {
        out->as.attribute.many = true;
        return scan_keep(a, text, len - 3, &out->as.attribute.name, out);
    }
    const char *open = strstr(text, " (");
    if (open == NULL) {
        out->as.attribute.name = text;
        return true;
    }
    struct scan s = {open, text + len};
    const char *detail;
    size_t n;
    if (!scan_bracket(&s, &detail, &n)) {
        out->why = "a bracket is opened and not closed";
        return false;
    }
    size_t head = (size_t)(open - text);
    if (!scan_keep(a, detail, n, &out->as.attribute.detail, out) ||
        (scan_word(&s, "-") && !scan_rest(&s, a, &out->as.attribute.note, out)))
        return false;
    char *name = arena_alloc(a, len + 1);
    if (name == NULL)
        return false;
    memcpy(name, text, head);
    memcpy(name + head, s.p, (size_t)(s.end - s.p));
    out->as.attribute.name = name;
    return true;
}

bool item_flag(struct arena *a, const char *text, struct cell_item *out)
{
    struct scan s = scan_make(text);
    out->kind = ITEM_FLAG;
    if (scan_word(&s, "0")) {
        out->why = scan_done(&s) ? NULL : "something stands behind the 0";
        return out->why == NULL;
    }
    if (!scan_word(&s, "X")) {
        out->why = "neither X nor 0";
        return false;
    }
    out->as.flag.set = true;
    if (scan_done(&s))
        return true;
    if (!scan_word(&s, "-") && !scan_word(&s, "\xe2\x80\x93")) {
        out->why = "a dash and a mode are expected behind the X";
        return false;
    }
    if (!scan_rest(&s, a, &out->as.flag.mode, out))
        return false;
    if (out->as.flag.mode[0] == '\0')
        out->why = "a mode is expected behind the dash";
    return out->why == NULL;
}

bool item_actor(struct arena *a, const char *text, struct cell_item *out)
{
    (void)a;
    out->kind = ITEM_ACTOR;
    out->as.actor.name = text;
    if (text[0] == '\0')
        out->why = "no actor named";
    return text[0] != '\0';
}
