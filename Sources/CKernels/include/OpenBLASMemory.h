#ifndef FLORA_OPENBLAS_MEMORY_H
#define FLORA_OPENBLAS_MEMORY_H

// OpenBLAS takes memory at the first product of each thread that multiplies beside others, and keeps it for
// later ones. Where it gets none it asks again for ever.

#include <stdbool.h>

// Takes that of so many threads before they start; false where there is not as much.
bool flora_openblas_reserve(int threads);

#endif
