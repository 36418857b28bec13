/* Any bytes as a CSV file: read, and imported as a requirement table that is XML at the least. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/base/xml.h"
#include "harness/import/csv.h"
#include "harness/import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_records(const uint8_t *data, size_t size)
{
    struct sheet s;
    struct err e = ERR_INIT;
    char *text = malloc(size + 1);
    if (text == NULL)
        return;
    memcpy(text, data, size);
    text[size] = '\0';
    enum err_code rc = csv_parse("fuzz", text, size, NULL, &s, &e);
    if (rc != ERR_OK && rc != ERR_DATA && rc != ERR_LIMIT)
        abort();
    for (size_t i = 0; rc == ERR_OK && i < s.n; i++)
        if (s.record[i].n != s.record[0].n || s.record[i].line < 1)
            abort();
    sheet_release(&s);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct err e = ERR_INIT;
    struct import_result r;
    xmlDocPtr doc = NULL;
    read_records(data, size);
    int fd = memfd_create("table", 0);
    if (fd == -1 || write(fd, data, size) != (ssize_t)size)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct import_options o = {.path = path, .keep_unresolved = size % 2 == 0};
    enum err_code rc = import_table(&o, &r, &e);
    if (rc == ERR_OK) {
        if ((r.problems.n == 0) != (r.xml.len > 0) ||
            (r.problems.n == 0 && r.n_parent + r.n_child != r.n_record))
            abort();
        if (r.xml.len > 0 && xml_parse("table", 0, r.xml.data, r.xml.len, &doc, &e) != ERR_OK)
            abort();
        xmlFreeDoc(doc);
        import_release(&r);
    }
    (void)close(fd);
    return 0;
}
