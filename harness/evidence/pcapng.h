/* pcapng - writes the evidence file.
 *
 * Nanosecond stamps, one section. Blocks are buffered and reach the file whole on pcapng_flush, so
 * that a reader that follows the file never waits inside one for long.
 * Errors:    ERR_SYS (full disk included): the file then ends with the last whole block that
 * fitted; ERR_USAGE for an undeclared interface or a time before 1970; ERR_LIMIT. Spec:
 * draft-ietf-opsawg-pcapng.
 */
#ifndef HARNESS_PCAPNG_H
#define HARNESS_PCAPNG_H

#include "harness/base/err.h"
#include "harness/evidence/frame.h"

struct pcapng;

struct pcapng_interface {
    const char *name, *description, *filter, *os; /* NULL: left out */
    uint32_t link_type, snap_bytes;
};

/* application and hardware go into the section header (NULL: left out). */
enum err_code pcapng_create(const char *path, const char *application, const char *hardware,
                            struct pcapng **out, struct err *e);
enum err_code pcapng_interface(struct pcapng *p, const struct pcapng_interface *i, struct err *e);
/* comment NULL: none. */
enum err_code pcapng_frame(struct pcapng *p, const struct frame *f, const char *comment,
                           struct err *e);
enum err_code pcapng_stats(struct pcapng *p, const struct capture_stats *s, struct err *e);
enum err_code pcapng_flush(struct pcapng *p, struct err *e);
/* Flushes, syncs and closes; p is freed also on an error. NULL is fine. */
enum err_code pcapng_close(struct pcapng *p, struct err *e);

#endif
