#include "harness/cmd/json.h"

#include <inttypes.h>

#include "harness/cmd/grid.h"

void json_raw(struct json *j, const char *text)
{
    if (j->rc == ERR_OK)
        j->rc = buf_puts(j->out, text, j->e);
}

static void name(struct json *j, const char *key)
{
    json_raw(j, j->comma ? ", " : "");
    if (key != NULL && j->rc == ERR_OK)
        j->rc = put_json_string(j->out, key, j->e);
    json_raw(j, key == NULL ? "" : ": ");
    j->comma = true;
}

void json_text(struct json *j, const char *key, const char *value)
{
    name(j, key);
    if (j->rc == ERR_OK)
        j->rc = put_json_string(j->out, value, j->e);
}

void json_number(struct json *j, const char *key, uint64_t value)
{
    name(j, key);
    if (j->rc == ERR_OK)
        j->rc = buf_printf(j->out, j->e, "%" PRIu64, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
    name(j, key);
    json_raw(j, value ? "true" : "false");
}

void json_begin(struct json *j, const char *key, const char *bracket)
{
    name(j, key);
    json_raw(j, bracket);
    j->comma = false;
}

void json_end(struct json *j, const char *bracket)
{
    json_raw(j, bracket);
    j->comma = true;
}

void json_begin_line(struct json *j)
{
    json_raw(j, j->comma ? ",\n  " : "\n  ");
    j->comma = false;
    json_begin(j, NULL, "{");
}
