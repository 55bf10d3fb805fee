#ifndef ALMRUN_FAULTS_H
#define ALMRUN_FAULTS_H

#include <stdint.h>

/// What the library tells about the process it is loaded into, in the file that FAULT_REPORT names.
struct fault_report {
    /// Operations that change files: writes, syncs, new names, removed names.
    uint64_t points;
    /// Those that write data.
    uint64_t writes;
    /// Those that may find the disk full.
    uint64_t growing;
    /// How often the fault happened.
    uint64_t fired;
    /// The operation it happened to, and its path; ends with a zero byte.
    char what[992];
};

#endif
