/* capfile_impl - what the parts of the capture file reader share: capfile.c, and a file per format.
 */
#ifndef HARNESS_CAPFILE_IMPL_H
#define HARNESS_CAPFILE_IMPL_H

#include "harness/base/infile.h"
#include "harness/base/limits.h"
#include "harness/evidence/capfile.h"

enum capfile_format { CAPFILE_UNKNOWN = 0, CAPFILE_PCAP, CAPFILE_PCAPNG };

/* How an interface of a pcapng section counts time and drops. */
struct capfile_clock {
    bool power_of_two;
    uint8_t exponent; /* 10^-n or 2^-n seconds a tick */
    int64_t offset_s;
    uint64_t packet_drops;                  /* sum of the counts that packets carried */
    uint64_t received, dropped, if_dropped; /* latest of the statistics blocks */
};

struct capfile {
    struct infile in;
    enum capfile_format format;
    bool swapped;                  /* the section is not in this machine's byte order */
    size_t held;                   /* bytes of the record that the caller has borrowed from */
    uint64_t frames, frame_offset; /* the last whole frame: number, place */
    uint32_t tick_ns;              /* pcap */
    size_t section_first;          /* pcapng: index of the section's first interface */
    bool in_section;
    bool drops_told; /* the drops of the packet block at hand were given already */
    struct cap_interface interfaces[LIMIT_INTERFACES];
    struct capfile_clock clocks[LIMIT_INTERFACES];
    size_t n_interfaces;
    capfile_block_fn *block_fn; /* NULL: nobody asked */
    void *block_arg;
    bool cut;          /* it is broken because the file ends inside of something */
    struct err broken; /* once damaged, always damaged */
};

/* "PATH: byte N: <found and expected> (where the last whole frame is)", kept in broken. */
enum err_code capfile_fault(struct capfile *c, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* infile_need, with an end before n bytes told as a cut; what names the record. */
enum err_code capfile_need(struct capfile *c, size_t n, const char *what, struct err *e);
/* Gives the frame its number and remembers its place. */
void capfile_number(struct capfile *c, struct frame *f);

enum err_code capfile_pcap_header(struct capfile *c, struct err *e);
enum err_code capfile_pcap_next(struct capfile *c, struct cap_item *item, struct err *e);
enum err_code capfile_pcapng_next(struct capfile *c, struct cap_item *item, struct err *e);

#endif
