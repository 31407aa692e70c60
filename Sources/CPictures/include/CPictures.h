#ifndef CPICTURES_H
#define CPICTURES_H

#include <stddef.h>
#include <stdint.h>

/// What became of a picture that was to be read.
typedef enum {
  FLORA_PICTURE_READ,
  /// The file breaks off or contradicts itself; `message` has the reason.
  FLORA_PICTURE_DAMAGED,
  /// The file is of a form that is not read; `message` goes on after "is a picture".
  FLORA_PICTURE_UNSUPPORTED,
} flora_picture_status;

/// The room that the functions below need for a message, with its last zero.
enum { FLORA_PICTURE_MESSAGE_SIZE = 160 };

// A pair of functions for each library. The first reads the size of the picture in the `count` bytes at `bytes`. The
// second decodes it into `pixels`, [height, width, 3] in 8 bits, for the height and width that the first gave; what
// stood there is overwritten where it returns `FLORA_PICTURE_READ`, and undefined elsewhere.
//
// The pixels are those that Pillow reads, with what is transparent blended with white, each channel rounded to the
// nearest level. Gamma and colour profiles are ignored; of 16-bit samples the high byte is kept, but those of pictures
// of grey alone are clamped to 255, as Pillow's conversion of such a picture to RGB does.

/// libpng.
flora_picture_status flora_png_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                         uint32_t *width, char *message);
flora_picture_status flora_png_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                           char *message);

/// libwebp; of an animation the first frame, on its canvas.
flora_picture_status flora_webp_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                          uint32_t *width, char *message);
flora_picture_status flora_webp_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                            char *message);

/// giflib; of an animation the first frame, on the screen that it and the header span.
flora_picture_status flora_gif_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                         uint32_t *width, char *message);
flora_picture_status flora_gif_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                           char *message);

/// libtiff; the first picture of a file, turned as its orientation says. Grey of 1, 2, 4, 8 and 16 bits, palettes, RGB
/// of 8 and 16 bits, with alpha or without, in strips or tiles, plain or compressed by LZW, Deflate or PackBits; all
/// else is unsupported.
flora_picture_status flora_tiff_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                          uint32_t *width, char *message);
flora_picture_status flora_tiff_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                            char *message);

#endif
