#ifdef FLORA_MPI

#include "CMPI.h"

#include <mpi.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// MPI counts are of type int.
static const int64_t piece = (int64_t)1 << 30;

struct flora_mpi_transfer {
  int count;
  MPI_Request requests[];
};

bool flora_mpi_start(int *rank, int *count) {
  int provided;
  if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) return false;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  return MPI_Comm_rank(MPI_COMM_WORLD, rank) == MPI_SUCCESS &&
         MPI_Comm_size(MPI_COMM_WORLD, count) == MPI_SUCCESS;
}

int flora_mpi_probe(int source, int tag, int64_t *bytes) {
  int is_there;
  MPI_Status status;
  if (source < 0) source = MPI_ANY_SOURCE;
  if (MPI_Iprobe(source, tag, MPI_COMM_WORLD, &is_there, &status) != MPI_SUCCESS) return -1;
  if (!is_there) return 0;
  int count;
  if (MPI_Get_count(&status, MPI_BYTE, &count) != MPI_SUCCESS) return -1;
  *bytes = count;
  return 1;
}

static flora_mpi_transfer *transfer_of(int64_t count) {
  int pieces = (int)((count + piece - 1) / piece);
  flora_mpi_transfer *transfer = malloc(sizeof *transfer + (size_t)pieces * sizeof(MPI_Request));
  if (transfer == NULL) abort();
  transfer->count = pieces;
  return transfer;
}

static int length_of_piece(int index, int64_t count) {
  int64_t left = count - index * piece;
  return (int)(left < piece ? left : piece);
}

flora_mpi_transfer *flora_mpi_send(const void *bytes, int64_t count, int destination, int tag) {
  flora_mpi_transfer *transfer = transfer_of(count);
  for (int i = 0; i < transfer->count; i++) {
    if (MPI_Isend((const char *)bytes + i * piece, length_of_piece(i, count), MPI_BYTE, destination,
                  tag, MPI_COMM_WORLD, &transfer->requests[i]) != MPI_SUCCESS) {
      free(transfer);
      return NULL;
    }
  }
  return transfer;
}

flora_mpi_transfer *flora_mpi_receive(void *bytes, int64_t count, int source, int tag) {
  flora_mpi_transfer *transfer = transfer_of(count);
  for (int i = 0; i < transfer->count; i++) {
    if (MPI_Irecv((char *)bytes + i * piece, length_of_piece(i, count), MPI_BYTE, source, tag,
                  MPI_COMM_WORLD, &transfer->requests[i]) != MPI_SUCCESS) {
      free(transfer);
      return NULL;
    }
  }
  return transfer;
}

int flora_mpi_is_done(flora_mpi_transfer *transfer) {
  int is_done;
  if (MPI_Testall(transfer->count, transfer->requests, &is_done, MPI_STATUSES_IGNORE) != MPI_SUCCESS)
    return -1;
  if (is_done) free(transfer);
  return is_done ? 1 : 0;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void flora_mpi_end(void) {
  double start = seconds();
  MPI_Finalize();
  // A process tells mpirun that it disconnects, and waits for the answer for two seconds at most. If it
  // exits before mpirun, on a busy machine, has read the message, mpirun reports a failure
  // (open-mpi/ompi issue 7833).
  if (seconds() - start >= 2) sleep(8);
}

#endif
