#ifndef CMPI_H
#define CMPI_H

#include <stdbool.h>
#include <stdint.h>

// The MPI functions that the ranks of a run need. Swift cannot import MPI's communicators and data
// types, which are macros. A process makes all calls from one thread. The functions exist only if
// the package's trait MPI is enabled; otherwise this file is empty.

/// A transfer in progress.
typedef struct flora_mpi_transfer flora_mpi_transfer;

/// Starts MPI. Errors of later calls are returned instead of ending the process.
///
/// Returns whether MPI started.
bool flora_mpi_start(int *rank, int *count);

/// Whether a message with a tag has arrived from a rank, and its size in bytes; from any rank if
/// the source is negative.
///
/// Returns 1 or 0, or -1 if MPI reports an error.
int flora_mpi_probe(int source, int tag, int64_t *bytes);

/// Starts to send bytes, which must not change until the transfer is done; more than 2^30 are sent
/// in pieces.
///
/// Returns NULL if MPI reports an error.
flora_mpi_transfer *flora_mpi_send(const void *bytes, int64_t count, int destination, int tag);

/// Starts to receive bytes, likewise.
flora_mpi_transfer *flora_mpi_receive(void *bytes, int64_t count, int source, int tag);

/// Whether a transfer is done; if so, frees it.
///
/// Returns 1 or 0, or -1 if MPI reports an error.
int flora_mpi_is_done(flora_mpi_transfer *transfer);

/// Ends MPI; waits until all ranks do the same.
void flora_mpi_end(void);

#endif
