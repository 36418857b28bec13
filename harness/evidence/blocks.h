/* blocks - numbers of the capture file formats, for the reader and the writer.
 *
 * Spec: draft-ietf-opsawg-pcap section 4, draft-ietf-opsawg-pcapng sections 3 and 4.
 */
#ifndef HARNESS_BLOCKS_H
#define HARNESS_BLOCKS_H

#define PCAP_MAGIC_US 0xa1b2c3d4u
#define PCAP_MAGIC_NS 0xa1b23c4du
#define PCAP_MAGIC_KUZNETZOV 0xa1b2cd34u
#define PCAP_HEADER_BYTES 24
#define PCAP_RECORD_BYTES 16

#define BLOCK_SECTION 0x0a0d0d0au
#define BLOCK_INTERFACE 1u
#define BLOCK_PACKET_OLD 2u
#define BLOCK_SIMPLE 3u
#define BLOCK_STATS 5u
#define BLOCK_PACKET 6u
#define BLOCK_JOURNAL_EXPORT 9u /* systemd: Wireshark gives it a frame number */
#define BLOCK_CUSTOM 0x00000bad
#define BLOCK_CUSTOM_KEEP 0x40000bad
#define BLOCK_BYTE_ORDER 0x1a2b3c4du
#define BLOCK_MIN_BYTES 12

#define OPTION_END 0
#define OPTION_COMMENT 1
#define SECTION_HARDWARE 2
#define SECTION_OS 3
#define SECTION_APPLICATION 4
#define INTERFACE_NAME 2
#define INTERFACE_DESCRIPTION 3
#define INTERFACE_RESOLUTION 9
#define INTERFACE_FILTER 11
#define INTERFACE_OS 12
#define INTERFACE_OFFSET 14
#define PACKET_DROPS 4
#define STATS_RECEIVED 4
#define STATS_IF_DROPPED 5
#define STATS_OS_DROPPED 7

#endif
