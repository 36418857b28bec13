/* Codes and decisions as people type them, a line each: any bytes. What is taken encodes again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/scope/deployment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct deployment_book *book;

static enum err_code take_line(struct deployment *d, size_t n, char *line, struct err *e)
{
    char letter[2] = {line[0], '\0'};
    if (n == 0 && line[0] != '\0')
        return deployment_take_code(d, line, "fuzz:1", e);
    if (line[0] == '\0' || line[1] != '=')
        return ERR_OK;
    enum err_code rc = deployment_take(d, letter, line + 2, "fuzz", "fuzz:2", e);
    return rc == ERR_OK && (n & 1) ? deployment_enrol(d, letter, line + 2, n & 2, "fuzz:2", e) : rc;
}

static void check(struct deployment *d, const char *first)
{
    for (size_t i = 0; i < book->n_actor; i++)
        (void)deployment_has_actor(d, book->actor[i].name, NULL);
    for (size_t i = 0; i < book->n_choice; i++)
        (void)deployment_because(d, i, NULL);
    struct deployment again = *d;
    struct err e = ERR_INIT;
    again.code = "";
    if (first[0] != '\0' &&
        (deployment_settle(&again, "fuzz", &e) != ERR_OK || strcmp(again.code, first) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT;
    struct deployment d;
    struct err e = ERR_INIT;
    if (book == NULL && deployment_book_load(NULL, &book, &e) != ERR_OK)
        abort();
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    deployment_start(&d, book, &arena);
    enum err_code rc = ERR_OK;
    char *line = text;
    for (size_t n = 0; rc == ERR_OK && line != NULL && n < 100; n++) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        rc = take_line(&d, n, line, &e);
        line = end == NULL ? NULL : end + 1;
    }
    if (rc == ERR_OK)
        rc = deployment_settle(&d, "fuzz:3", &e);
    if (rc == ERR_OK)
        check(&d, text);
    free(text);
    arena_release(&arena);
    return 0;
}
