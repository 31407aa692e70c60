#ifndef CPICTURES_H
#define CPICTURES_H

#include <stddef.h>
#include <stdint.h>

/// The result of reading a picture.
typedef enum {
  FLORA_PICTURE_READ,
  /// The file is truncated or inconsistent; `message` has the reason.
  FLORA_PICTURE_DAMAGED,
  /// The variant of the format is not supported; `message` completes a sentence that starts with
  /// "is a picture".
  FLORA_PICTURE_UNSUPPORTED,
} flora_picture_status;

/// The size of a message buffer for the functions below, including the terminating null.
enum { FLORA_PICTURE_MESSAGE_SIZE = 160 };

// Each library has two functions. The first reads the picture's size from the `count` bytes at
// `bytes`. The second decodes it into `pixels`, [height, width, 3] in 8 bits, with the height and
// width from the first. It overwrites all of `pixels` if it returns `FLORA_PICTURE_READ`; otherwise
// their contents are undefined.
//
// The pixels match Pillow's, with transparency blended with white and each channel rounded to
// nearest. Gamma and colour profiles are ignored. 16-bit samples keep their high byte, except that
// grey-only pictures are clamped to 255, as in Pillow's conversion of such a picture to RGB.

/// libpng.
flora_picture_status flora_png_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                         uint32_t *width, char *message);
flora_picture_status flora_png_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                           char *message);

/// libwebp; for an animation, the first frame on its canvas.
flora_picture_status flora_webp_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                          uint32_t *width, char *message);
flora_picture_status flora_webp_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                            char *message);

/// giflib; for an animation, the first frame on a screen that covers both the frame and the
/// header's size.
flora_picture_status flora_gif_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                         uint32_t *width, char *message);
flora_picture_status flora_gif_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                           char *message);

/// libtiff; the first picture of a file, rotated according to its orientation. Supports grey of 1,
/// 2, 4, 8 and 16 bits, palettes, and RGB of 8 and 16 bits, with or without alpha, in strips or
/// tiles, uncompressed or with LZW, Deflate or PackBits; all else is unsupported.
flora_picture_status flora_tiff_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                          uint32_t *width, char *message);
flora_picture_status flora_tiff_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                            char *message);

#endif
