/* base64 - bytes as text and back (RFC 4648, section 4), for the zone data in plan.xml. */
#ifndef HARNESS_BASE64_H
#define HARNESS_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"

enum err_code base64_write(const void *data, size_t len, struct buf *out, struct err *e);

/* Room that base64_read may need for a text of that length. */
size_t base64_room(size_t text_len);
/* Blanks and line ends are skipped. False when the text is no base64; *len is then undefined. */
bool base64_read(const char *text, uint8_t *out, size_t *len);

#endif
