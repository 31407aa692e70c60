#ifndef CPICTURES_H
#define CPICTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The room that the functions below need for what libpng says.
enum { FLORA_PNG_MESSAGE_SIZE = 160 };

/// Reads the size of the PNG picture in the `count` bytes at `bytes`.
///
/// Returns false where that fails, with libpng's words in `message`.
bool flora_png_read_size(const uint8_t *bytes, size_t count, uint32_t *height, uint32_t *width,
                         char *message);

/// Decodes the PNG picture in the `count` bytes at `bytes` into `pixels`, [height, width, 3], for the
/// height and width that `flora_png_read_size` gave.
///
/// Alpha is dropped, gamma ignored; of 16-bit samples the high byte is kept, but those of pictures of
/// grey alone are clamped to 255, as Pillow's conversion of such a picture to RGB does.
///
/// Returns false where that fails, with libpng's words in `message`.
bool flora_png_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels, char *message);

#endif
