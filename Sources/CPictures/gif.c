#include "pictures_common.h"

#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const uint8_t *next;
  size_t left;
} source;

static int read_bytes(GifFileType *gif, GifByteType *target, int count) {
  source *source = gif->UserData;
  size_t taken = (size_t)count < source->left ? (size_t)count : source->left;
  memcpy(target, source->next, taken);
  source->next += taken;
  source->left -= taken;
  return (int)taken;
}

static flora_picture_status fail(char *message, int error) {
  const char *words = GifErrorString(error);
  return damaged(message, words == NULL ? "it has no picture" : words);
}

/// Advances to the image descriptor of the first frame.
///
/// Sets `transparent` to the index of the transparent colour, or to -1.
static bool find_frame(GifFileType *gif, int *transparent) {
  *transparent = -1;
  GifRecordType type;
  while (DGifGetRecordType(gif, &type) == GIF_OK) {
    if (type == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif) == GIF_OK;
    if (type != EXTENSION_RECORD_TYPE) return false;
    int code;
    GifByteType *block;
    if (DGifGetExtension(gif, &code, &block) != GIF_OK) return false;
    if (code == GRAPHICS_EXT_FUNC_CODE && block != NULL && block[0] >= 4 && block[1] & 1) {
      *transparent = block[4];
    }
    while (block != NULL) {
      if (DGifGetExtensionNext(gif, &block) != GIF_OK) return false;
    }
  }
  return false;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t screen_height(const GifFileType *gif) {
  return larger((size_t)gif->SHeight, (size_t)gif->Image.Top + (size_t)gif->Image.Height);
}

static size_t screen_width(const GifFileType *gif) {
  return larger((size_t)gif->SWidth, (size_t)gif->Image.Left + (size_t)gif->Image.Width);
}

flora_picture_status flora_gif_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                         uint32_t *width, char *message) {
  source source = {bytes, count};
  int error = 0, transparent;
  GifFileType *gif = DGifOpen(&source, read_bytes, &error);
  if (gif == NULL) return fail(message, error);
  flora_picture_status status = FLORA_PICTURE_READ;
  if (find_frame(gif, &transparent)) {
    *height = (uint32_t)screen_height(gif);
    *width = (uint32_t)screen_width(gif);
  } else {
    status = fail(message, gif->Error);
  }
  DGifCloseFile(gif, &error);
  return status;
}

// The colour of each index: [256, 3]. Pillow treats a palette that maps each index to the same grey
// level as no palette.
static void read_palette(const GifFileType *gif, uint8_t *colours) {
  const ColorMapObject *map = gif->Image.ColorMap != NULL ? gif->Image.ColorMap : gif->SColorMap;
  bool needed = false;
  for (int index = 0; map != NULL && index < map->ColorCount; index++) {
    GifColorType colour = map->Colors[index];
    needed = needed || colour.Red != index || colour.Green != index || colour.Blue != index;
  }
  for (int index = 0; index < 256; index++) {
    if (!needed) {
      memset(colours + 3 * index, index, 3);
    } else if (index < map->ColorCount) {
      GifColorType colour = map->Colors[index];
      memcpy(colours + 3 * index, (uint8_t[]){colour.Red, colour.Green, colour.Blue}, 3);
    } else {
      memset(colours + 3 * index, 0, 3);
    }
  }
}

static bool read_frame(GifFileType *gif, const uint8_t *colours, uint8_t *pixels) {
  static const int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
  size_t height = (size_t)gif->Image.Height, columns = (size_t)gif->Image.Width;
  size_t width = screen_width(gif);
  uint8_t *line = malloc(columns);
  if (line == NULL) return false;
  bool read = true;
  for (int pass = 0; read && pass < (gif->Image.Interlace ? 4 : 1); pass++) {
    size_t step = gif->Image.Interlace ? (size_t)steps[pass] : 1;
    for (size_t y = gif->Image.Interlace ? (size_t)starts[pass] : 0; read && y < height; y += step) {
      read = DGifGetLine(gif, line, (int)columns) == GIF_OK;
      uint8_t *row = pixels + (((size_t)gif->Image.Top + y) * width + (size_t)gif->Image.Left) * 3;
      for (size_t x = 0; read && x < columns; x++) memcpy(row + 3 * x, colours + 3 * line[x], 3);
    }
  }
  free(line);
  return read;
}

flora_picture_status flora_gif_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                           char *message) {
  source source = {bytes, count};
  int error = 0, transparent;
  GifFileType *gif = DGifOpen(&source, read_bytes, &error);
  if (gif == NULL) return fail(message, error);
  flora_picture_status status = FLORA_PICTURE_READ;
  if (!find_frame(gif, &transparent)) {
    status = fail(message, gif->Error);
  } else if (gif->Image.Height <= 0 || gif->Image.Width <= 0) {
    status = damaged(message, "its first frame is empty");
  } else {
    uint8_t colours[256 * 3];
    read_palette(gif, colours);
    if (transparent >= 0) memset(colours + 3 * transparent, 255, 3);
    // Outside the frame, the canvas has the transparent colour, or otherwise the first.
    const uint8_t *ground = colours + 3 * (transparent >= 0 ? transparent : 0);
    size_t places = screen_height(gif) * screen_width(gif);
    for (size_t place = 0; place < places; place++) memcpy(pixels + 3 * place, ground, 3);
    if (!read_frame(gif, colours, pixels)) status = fail(message, gif->Error);
  }
  DGifCloseFile(gif, &error);
  return status;
}
