#ifndef CMPI_H
#define CMPI_H

#include <stdbool.h>
#include <stdint.h>

// What the ranks of a run need of MPI, in functions: its communicators and data types are macros, which Swift
// cannot import. All calls of a process are made by one thread. The package's trait MPI decides whether they are
// there; without it the file is empty.

/// A transfer that is under way.
typedef struct flora_mpi_transfer flora_mpi_transfer;

/// Starts MPI. Errors of later calls are returned instead of ending the process.
///
/// Returns whether it could.
bool flora_mpi_start(int *rank, int *count);

/// Whether a message with a tag has come from a rank, and how many bytes it has.
///
/// Returns 1 or 0, or -1 where MPI reports an error.
int flora_mpi_probe(int source, int tag, int64_t *bytes);

/// Begins to send bytes, which stay as they are until the transfer is done; more than 2^30 go in pieces.
///
/// Returns NULL where MPI reports an error.
flora_mpi_transfer *flora_mpi_send(const void *bytes, int64_t count, int destination, int tag);

/// The same for bytes that are to be received.
flora_mpi_transfer *flora_mpi_receive(void *bytes, int64_t count, int source, int tag);

/// Whether a transfer is done, after which it is gone.
///
/// Returns 1 or 0, or -1 where MPI reports an error.
int flora_mpi_is_done(flora_mpi_transfer *transfer);

/// Ends MPI; waits for all ranks to do the same.
void flora_mpi_end(void);

#endif
