// The TIFF library libtiff, found through pkg-config.
#include <tiffio.h>
