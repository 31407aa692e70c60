#ifndef FLORA_OPENBLAS_CORE_H
#define FLORA_OPENBLAS_CORE_H

// Selects OpenBLAS's kernels. OpenBLAS names each set after the processor for which it was written,
// and chooses one at load time. Must not be called during a product.

#include <stdbool.h>

// Selects the AVX-512 kernels if the processor has AVX-512 but OpenBLAS, being older than the
// processor, chose others. Respects OPENBLAS_CORETYPE. Runs automatically before main.
void flora_openblas_choose_core(void);

// Selects the kernels of the named core, such as "Haswell". Returns false, and changes nothing, if
// the library has no such core or cannot switch.
bool flora_openblas_use_core(const char *core);

#endif
