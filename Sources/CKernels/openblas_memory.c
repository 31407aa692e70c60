#include "OpenBLASMemory.h"

#include <stdlib.h>

#if defined(__ELF__)

#include <sys/mman.h>

// OpenBLAS itself allocates and frees a thread's memory with these; its header does not declare
// them. Declared weak, so that a build that hides them links.
extern void *blas_memory_alloc(int position) __attribute__((weak));
extern void blas_memory_free(void *memory) __attribute__((weak));

// The buffer size on x86-64, the largest of all processors, plus a thread's stack and heap.
static const size_t buffer_size = ((size_t)128 << 20) + 4096;
static const size_t thread_size = (size_t)32 << 20;

bool flora_openblas_reserve(int threads) {
  size_t size = (buffer_size + thread_size) * threads;
  void *trial = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (trial == MAP_FAILED) return false;
  munmap(trial, size);
  if (!blas_memory_alloc || !blas_memory_free) return true;
  void **taken = malloc(threads * sizeof *taken);
  if (!taken) return false;
  for (int thread = 0; thread < threads; thread++) taken[thread] = blas_memory_alloc(0);
  for (int thread = 0; thread < threads; thread++) blas_memory_free(taken[thread]);
  free(taken);
  return true;
}

#else

bool flora_openblas_reserve(int threads) { return true; }

#endif
