/* fuzz_condition - any text as a condition, and as values against themselves. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/items/condition.h"
#include "harness/items/values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Three values by the first letter, so that all are met. */
static enum condition_value by_letter(void *arg, const char *id, size_t len)
{
    if (len == 0)
        abort();
    (void)arg;
    return (enum condition_value)((unsigned char)id[0] % 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum condition_value value, not ;
    size_t len = 0;
    char *text = malloc(size + 7);
    if (text == NULL)
        return 0;
    memcpy(text, "NOT (", 5);
    memcpy(text + 5, data, size);
    text[5 + size] = '\0';
    if (strlen(text) != size + 5) { /* a zero byte ends it before */
        free(text);
        return 0;
    }
    bool good = condition_value(text + 5, by_letter, NULL, &value, NULL) == ERR_OK;
    memcpy(text + 5 + size, ")", 2);
    if (good && condition_value(text, by_letter, NULL, &not, NULL) == ERR_OK) {
        if (value == CONDITION_OPEN ? not != CONDITION_OPEN : not == value)
            abort();
    }
    text[5 + size] = '\0';
    if (values_beyond(text + 5, text + 5, &len) != NULL)
        abort();
    (void)values_hold(text + 5, 7);
    free(text);
    return 0;
}
