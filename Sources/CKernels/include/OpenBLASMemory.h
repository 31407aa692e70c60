#ifndef FLORA_OPENBLAS_MEMORY_H
#define FLORA_OPENBLAS_MEMORY_H

// OpenBLAS allocates memory at the first product of each concurrent thread, and keeps it for later
// products. If the allocation fails, it retries forever.

#include <stdbool.h>

// Allocates the memory for this many threads before they start; false if there is not enough.
bool flora_openblas_reserve(int threads);

#endif
