/* Any bytes as a capture file: read to the end, every byte of every frame touched. */
#include <stdlib.h>

#include "harness/evidence/capfile.h"
#include "harness/evidence/mark.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct capfile *c = NULL;
    struct cap_item item;
    struct err e = ERR_INIT;
    uint64_t last = 0;
    volatile uint8_t sum = 0;
    enum err_code rc = capfile_open_memory(data, size, &c, &e);
    while (rc == ERR_OK && (rc = capfile_next(c, &item, &e)) == ERR_OK) {
        if (item.kind != CAP_FRAME)
            continue;
        size_t n;
        struct mark m;
        (void)capfile_interfaces(c, &n);
        if (item.frame.number <= last || item.frame.interface >= n)
            abort();
        last = item.frame.number;
        for (uint32_t i = 0; i < item.frame.captured_bytes; i++)
            sum = (uint8_t)(sum + item.frame.data[i]);
        (void)mark_parse(&item.frame, &m);
    }
    capfile_close(c);
    if (rc != ERR_CLOSED && rc != ERR_DATA)
        abort();
    return 0;
}
