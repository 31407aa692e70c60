// The PNG library libpng, found through pkg-config.
#include <png.h>
