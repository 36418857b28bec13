/* limits - every ceiling on what comes from outside, in one place.
 *
 * Whoever reads bytes from the wire, a capture, a file or a script takes its bound from here.
 */
#ifndef HARNESS_LIMITS_H
#define HARNESS_LIMITS_H

/* Files that people write: table, profile, statement, scenario, plan, result. */
#define LIMIT_XML_FILE_BYTES (64u * 1024 * 1024)
#define LIMIT_SCRIPT_FILE_BYTES (1024u * 1024)
#define LIMIT_IMAGE_BYTES (64u * 1024 * 1024) /* a vendor's firmware or program */

/* Of each kind in what documents the method. */
#define LIMIT_METHOD_ITEMS 65536

/* Pseudo code of communication paths. */
#define LIMIT_PATH_BYTES 4096
#define LIMIT_PATH_DEPTH 32       /* of brackets */
#define LIMIT_PATH_NAMES 64       /* of one single path */
#define LIMIT_PATH_WAYS 4096      /* single paths of an expression */
#define LIMIT_PATH_BUDGETS 262144 /* paths of all rows of a table */

/* Captures. */
#define LIMIT_PCAPNG_BLOCK_BYTES (16u * 1024 * 1024)
#define LIMIT_FRAME_BYTES (256u * 1024) /* largest captured frame taken (offload-sized included) */
#define LIMIT_INTERFACES 64

/* Journal. */
#define LIMIT_JOURNAL_RECORD_BYTES (64u * 1024)

/* Ledger of a campaign. */
#define LIMIT_LEDGER_BYTES (16u * 1024 * 1024)
#define LIMIT_LEDGER_LINE_BYTES (256u * 1024)
#define LIMIT_LEDGER_ROWS 4096 /* that failed, of all runs together */

/* Bundles. */
#define LIMIT_BUNDLE_FILES 4096
#define LIMIT_BUNDLE_NAME_BYTES 200
#define LIMIT_BUNDLE_BYTES (64ull * 1024 * 1024 * 1024) /* unpacked, all files together */

/* Zips of all kinds. */
#define LIMIT_ZIP_RATIO 400                       /* unpacked to packed, of one file */
#define LIMIT_ZIP_RATIO_FROM_BYTES (1024u * 1024) /* a smaller one may have any */

/* Spreadsheets. */
#define LIMIT_SHEET_FILE_BYTES (256u * 1024 * 1024) /* a CSV file; a workbook unpacked */
#define LIMIT_SHEET_FILES 4096                      /* in a workbook */
#define LIMIT_SHEET_RECORDS (1024u * 1024)          /* rows of a sheet, as Excel has them */
#define LIMIT_SHEET_COLUMNS 256
#define LIMIT_SHEET_CELL_BYTES (256u * 1024)
#define LIMIT_SHEET_TEXT_BYTES (128u * 1024 * 1024) /* all cells of a file together */
#define LIMIT_SHEET_STYLES (64u * 1024)

/* TCP reassembly. */
#define LIMIT_FLOWS (256u * 1024)             /* connections open at a time */
#define LIMIT_FLOW_AHEAD_BYTES (1024u * 1024) /* out-of-order bytes kept per direction */
#define LIMIT_AHEAD_TOTAL_BYTES (256u * 1024 * 1024)

/* HTTP and its XML bodies. */
#define LIMIT_HTTP_HEAD_BYTES (64u * 1024)
#define LIMIT_HTTP_BODY_BYTES (8u * 1024 * 1024)
#define LIMIT_HTTP_SMALL_BYTES (64u * 1024) /* a body up to this is taken, however many are held */
#define LIMIT_HTTP_HELD_BYTES (128u * 1024 * 1024) /* unfinished bodies of one process together */
#define LIMIT_HTTP_PIPELINE 1024 /* requests without an answer on one connection */
#define LIMIT_BODY_XML_DEPTH 32
#define LIMIT_BODY_XML_ELEMENTS 20000
#define LIMIT_BODY_XML_ATTRIBUTES 128 /* of one element */
#define LIMIT_BODY_FIELDS 4096
#define LIMIT_BODY_FIELD_BYTES (64u * 1024)

/* Correlation. */
#define LIMIT_CORRELATION_BYTES 96
#define LIMIT_OPEN_ATTEMPTS (4u * 1024 * 1024)

/* Scripts. */
#define LIMIT_SCRIPT_MEMORY_BYTES (256u * 1024 * 1024)
#define LIMIT_SCRIPT_INSTRUCTIONS 20000000u /* in one stretch without waiting */
#define LIMIT_SCRIPT_STALL_MS 2000          /* work without a heartbeat: the driver is killed */

#endif
