/* fuzz_cell - any bytes in any column: parse, and write what came out. The first byte picks the
 * column. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/xmlw.h"
#include "harness/table/cell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Characters that a file could hold; others are parsed, and refused by the writer. */
static bool is_xml(const char *text)
{
    size_t n = 1;
    while (*text != '\0' && n > 0)
        text += n = xmlw_char_bytes(text);
    return n > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena a = ARENA_INIT;
    struct cell cell;
    struct buf out;
    char *text = malloc(size);
    if (text == NULL)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    buf_init(&out, 1 << 20);
    enum err_code rc = cell_parse((enum table_cell)(data[0] % CELL_COUNT), text, &a, &cell, NULL);
    if (rc != ERR_OK && rc != ERR_LIMIT)
        abort();
    for (size_t i = 0; rc == ERR_OK && i < cell.n_item; i++) {
        const struct cell_item *it = &cell.item[i];
        if ((it->kind == ITEM_UNRESOLVED && it->why == NULL) || it->text == NULL)
            abort();
        if (cell_item_write(it, &out, NULL) != ERR_OK && is_xml(text))
            abort();
    }
    buf_release(&out);
    arena_release(&a);
    free(text);
    return 0;
}
