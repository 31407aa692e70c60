// The GIF library giflib, found through pkg-config.
#include <gif_lib.h>
