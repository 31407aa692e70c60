#include "pictures_common.h"

#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// libpng reports errors by longjmp, which must not cross Swift frames.

typedef struct {
  const uint8_t *next;
  size_t left;
  png_structp png;
  png_infop info;
} reader;

static void on_error(png_structp png, png_const_charp words) {
  char *message = png_get_error_ptr(png);
  strncpy(message, words, FLORA_PICTURE_MESSAGE_SIZE - 1);
  message[FLORA_PICTURE_MESSAGE_SIZE - 1] = 0;
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp words) {
  (void)png;
  (void)words;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  reader *source = png_get_io_ptr(png);
  if (count > source->left) png_error(png, "the file ends too early");
  memcpy(target, source->next, count);
  source->next += count;
  source->left -= count;
}

static bool open_reader(reader *reader, const uint8_t *bytes, size_t count, char *message) {
  reader->next = bytes;
  reader->left = count;
  reader->info = NULL;
  strcpy(message, "there is not enough memory");
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
  if (reader->png == NULL) return false;
  reader->info = png_create_info_struct(reader->png);
  if (reader->info != NULL) return true;
  png_destroy_read_struct(&reader->png, NULL, NULL);
  return false;
}

static void close_reader(reader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
}

static void read_header(reader *reader) {
  png_set_read_fn(reader->png, reader, read_bytes);
  // The caller limits the number of pixels, so neither side needs a limit of its own.
  png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(reader->png, reader->info);
}

flora_picture_status flora_png_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                         uint32_t *width, char *message) {
  reader reader;
  if (!open_reader(&reader, bytes, count, message)) return FLORA_PICTURE_DAMAGED;
  if (setjmp(png_jmpbuf(reader.png))) {
    close_reader(&reader);
    return FLORA_PICTURE_DAMAGED;
  }
  read_header(&reader);
  *height = png_get_image_height(reader.png, reader.info);
  *width = png_get_image_width(reader.png, reader.info);
  close_reader(&reader);
  return FLORA_PICTURE_READ;
}

static bool is_wide_grey(const reader *reader) {
  return png_get_color_type(reader->png, reader->info) == PNG_COLOR_TYPE_GRAY &&
         png_get_bit_depth(reader->png, reader->info) == 16;
}

static void request_8_bit(reader *reader) {
  png_byte colour = png_get_color_type(reader->png, reader->info);
  if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(reader->png);
  if (!(colour & PNG_COLOR_MASK_COLOR)) {
    png_set_expand_gray_1_2_4_to_8(reader->png);
    png_set_gray_to_rgb(reader->png);
  }
  if (png_get_valid(reader->png, reader->info, PNG_INFO_tRNS)) {
    png_set_tRNS_to_alpha(reader->png);
  }
  png_set_strip_16(reader->png);
}

// Blends a row of RGBA pixels with white.
static void blend_with_white(uint8_t *rgb, const uint8_t *rgba, size_t width) {
  for (size_t x = 0; x < width; x++) {
    unsigned alpha = rgba[4 * x + 3];
    for (size_t channel = 0; channel < 3; channel++) {
      rgb[3 * x + channel] = on_white(rgba[4 * x + channel], alpha);
    }
  }
}

/// Expands the 16-bit grey samples at the start of a row to RGB in place, starting from the last
/// pixel because RGB takes more space.
static void clamp_row(uint8_t *row, size_t width) {
  for (size_t x = width; x-- > 0;) {
    uint8_t value = row[2 * x] == 0 ? row[2 * x + 1] : 255;
    memset(row + 3 * x, value, 3);
  }
}

flora_picture_status flora_png_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                           char *message) {
  reader reader;
  uint8_t *volatile blended = NULL;
  if (!open_reader(&reader, bytes, count, message)) return FLORA_PICTURE_DAMAGED;
  if (setjmp(png_jmpbuf(reader.png))) {
    free(blended);
    close_reader(&reader);
    return FLORA_PICTURE_DAMAGED;
  }
  read_header(&reader);
  size_t height = png_get_image_height(reader.png, reader.info);
  size_t width = png_get_image_width(reader.png, reader.info);
  bool wide = is_wide_grey(&reader);
  if (!wide) request_8_bit(&reader);
  int passes = png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  size_t channels = png_get_rowbytes(reader.png, reader.info) / width;
  if (channels == 4) {
    blended = malloc(height * width * 4);
    if (blended == NULL) png_error(reader.png, "there is not enough memory");
  } else if (channels != (wide ? 2 : 3)) {
    png_error(reader.png, "a row has an unexpected length");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) {
      uint8_t *row = channels == 4 ? blended + y * width * 4 : pixels + y * width * 3;
      png_read_row(reader.png, row, NULL);
    }
  }
  png_read_end(reader.png, NULL);
  for (size_t y = 0; y < height; y++) {
    if (channels == 4) blend_with_white(pixels + y * width * 3, blended + y * width * 4, width);
    if (wide) clamp_row(pixels + y * width * 3, width);
  }
  free(blended);
  close_reader(&reader);
  return FLORA_PICTURE_READ;
}
