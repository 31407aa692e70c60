#include "CKernels.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ADDRESS_SANITIZER
#endif
#endif

#ifdef UNDER_ADDRESS_SANITIZER
void __asan_poison_memory_region(void const volatile *address, size_t size);
void __asan_unpoison_memory_region(void const volatile *address, size_t size);

void flora_forbid_use(const void *bytes, size_t count) { __asan_poison_memory_region(bytes, count); }
void flora_allow_use(const void *bytes, size_t count) {
  __asan_unpoison_memory_region(bytes, count);
}
bool flora_use_is_watched(void) { return true; }
#else
void flora_forbid_use(const void *bytes, size_t count) {
  (void)bytes;
  (void)count;
}
void flora_allow_use(const void *bytes, size_t count) {
  (void)bytes;
  (void)count;
}
bool flora_use_is_watched(void) { return false; }
#endif
