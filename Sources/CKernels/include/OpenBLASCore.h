#ifndef FLORA_OPENBLAS_CORE_H
#define FLORA_OPENBLAS_CORE_H

// Which of its kernels OpenBLAS multiplies with. It names each set after the processor that it was
// written for, and chooses one when it is loaded. Not to be called while a product runs.

#include <stdbool.h>

// Takes the AVX-512 kernels where the processor has AVX-512 but OpenBLAS, being older than the
// processor, took others. A choice by OPENBLAS_CORETYPE is left alone. Runs by itself before main.
void flora_openblas_choose_core(void);

// Takes the kernels of the core with this name, such as "Haswell"; false, and nothing changed, where
// the library has no such core or cannot change it.
bool flora_openblas_use_core(const char *core);

#endif
