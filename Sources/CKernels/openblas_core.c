#include "OpenBLASCore.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#if defined(__x86_64__) && defined(__ELF__)

// OpenBLAS itself selects its kernels with the last two; its header does not declare them, and
// single-processor builds do not have them. Declared weak, so that such a build links and keeps its
// only kernels.
extern char *openblas_get_corename(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));

static const char *const variable = "OPENBLAS_CORETYPE";

static bool can_change(void) {
  return openblas_get_corename && gotoblas_dynamic_quit && gotoblas_dynamic_init;
}

// Repeats the selection with the environment variable set to `core`, then restores the variable.
static void initialize(const char *core) {
  const char *current = getenv(variable);
  char *previous = current ? strdup(current) : NULL;
  setenv(variable, core, 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  if (previous)
    setenv(variable, previous, 1);
  else
    unsetenv(variable);
  free(previous);
}

bool flora_openblas_use_core(const char *core) {
  if (!can_change()) return false;
  char previous[32];
  strncpy(previous, openblas_get_corename(), sizeof previous - 1);
  previous[sizeof previous - 1] = 0;
  initialize(core);
  if (!strcasecmp(openblas_get_corename(), core)) return true;
  initialize(previous);
  return false;
}

// The cores that OpenBLAS 0.3 falls back to on a processor that it does not know, or knows without
// AVX-512. Other names may be cores newer than this list.
static bool lacks_avx512(const char *core) {
  static const char *const cores[] = {"Prescott",    "Core2",   "Nehalem", "Barcelona",
                                      "Sandybridge", "Haswell", "Zen"};
  for (size_t i = 0; i < sizeof cores / sizeof *cores; i++)
    if (!strcasecmp(core, cores[i])) return true;
  return false;
}

void flora_openblas_choose_core(void) {
  if (getenv(variable) || !can_change() || !lacks_avx512(openblas_get_corename())) return;
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    flora_openblas_use_core("SkylakeX");
}

// Runs after the library's own initialiser, which ran at load time, and before any thread or
// product.
__attribute__((constructor)) static void choose_before_main(void) { flora_openblas_choose_core(); }

#else

void flora_openblas_choose_core(void) {}

bool flora_openblas_use_core(const char *core) {
  (void)core;
  return false;
}

#endif
