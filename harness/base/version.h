/* version - of the tool; it stands in manifests and --version, never in a result. */
#ifndef HARNESS_VERSION_H
#define HARNESS_VERSION_H

#define GRIDASSAY_VERSION "0.1.0"

#endif
