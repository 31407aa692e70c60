#ifndef FLORA_COPENBLAS_SHIM_H
#define FLORA_COPENBLAS_SHIM_H
#include <cblas.h>
#endif
