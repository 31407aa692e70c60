// The vector graphics library Cairo, found through pkg-config.
#include <cairo.h>
