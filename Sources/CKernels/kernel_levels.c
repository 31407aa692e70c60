#include "kernel_levels.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "CKernels.h"

static const char *const names[] = {
#if defined(__x86_64__)
    "baseline", "avx2", "avx512"
#else
    "baseline"
#endif
};
enum { COUNT = sizeof names / sizeof *names };

// The highest level that the processor supports.
static Level highest(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return LEVEL_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return LEVEL_AVX2;
#endif
  return LEVEL_BASELINE;
}

// A level that the processor supports, or -1 if the name is not one.
static int level_named(const char *name, size_t length) {
  for (int level = 0; level < COUNT && level <= (int)highest(); level++)
    if (strlen(names[level]) == length && !strncmp(names[level], name, length)) return level;
  return -1;
}

static const char *const emulation = "emulate-bfloat16";

// Reads the level that the environment requests, and whether it requests the emulation. Returns
// false if a name is not available.
static bool read_environment(Level *level, bool *emulates) {
  *level = highest();
  *emulates = false;
  const char *wish = getenv("FLORA_KERNELS");
  while (wish && *wish) {
    size_t length = strcspn(wish, ",");
    int named = level_named(wish, length);
    if (named >= 0)
      *level = (Level)named;
    else if (strlen(emulation) == length && !strncmp(wish, emulation, length))
      *emulates = true;
    else
      return false;
    wish += length + (wish[length] == ',');
  }
  return true;
}

static _Atomic int chosen = -1;

Level kernel_level(void) {
  int known = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (__builtin_expect(known >= 0, 1)) return (Level)known;
  Level level;
  bool emulates;
  if (!read_environment(&level, &emulates)) level = highest();
  atomic_store_explicit(&chosen, level, memory_order_relaxed);
  return level;
}

bool flora_kernels_environment_is_valid(void) {
  Level level;
  bool emulates;
  return read_environment(&level, &emulates);
}

bool flora_kernels_emulate_bfloat16(void) {
  Level level;
  bool emulates;
  return read_environment(&level, &emulates) && emulates;
}

const char *flora_kernels_level(void) { return names[kernel_level()]; }

const char *flora_kernels_available(size_t index) {
  return index <= highest() ? names[index] : NULL;
}

bool flora_kernels_use(const char *name) {
  int level = level_named(name, strlen(name));
  if (level < 0) return false;
  atomic_store_explicit(&chosen, level, memory_order_relaxed);
  return true;
}
