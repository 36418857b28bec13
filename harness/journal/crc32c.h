/* crc32c - the checksum of journal records (Castagnoli polynomial, reflected 0x82F63B78).
 *
 * Spec: RFC 3720 appendix B.4 (test values), RFC 3385.
 */
#ifndef HARNESS_CRC32C_H
#define HARNESS_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(const void *data, size_t len);

#endif
