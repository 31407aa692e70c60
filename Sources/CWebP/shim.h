// The WebP library libwebp, found through pkg-config.
#include <webp/decode.h>
#include <webp/demux.h>
