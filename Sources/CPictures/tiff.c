#include "pictures_common.h"

#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

// The maximum size of a tile or of one of libtiff's own tables.
enum { MEMORY_LIMIT = 256 << 20 };

typedef struct {
  const uint8_t *bytes;
  toff_t count;
  toff_t place;
  char *message;
} source;

static tmsize_t read_bytes(thandle_t handle, void *target, tmsize_t count) {
  source *source = handle;
  if (count < 0 || source->place >= source->count) return 0;
  toff_t left = source->count - source->place;
  tmsize_t taken = (toff_t)count < left ? count : (tmsize_t)left;
  memcpy(target, source->bytes + source->place, (size_t)taken);
  source->place += (toff_t)taken;
  return taken;
}

static tmsize_t write_bytes(thandle_t handle, void *bytes, tmsize_t count) {
  (void)handle, (void)bytes, (void)count;
  return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
  source *source = handle;
  toff_t start = whence == SEEK_CUR ? source->place : whence == SEEK_END ? source->count : 0;
  source->place = start + offset;
  return source->place;
}

static int close_source(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t size_of(thandle_t handle) { return ((source *)handle)->count; }

// Keeps the first error, which causes the others.
static int on_error(TIFF *tiff, void *data, const char *module, const char *format,
                    va_list arguments) {
  (void)tiff, (void)module;
  source *source = data;
  if (source->message[0] == 0) {
    vsnprintf(source->message, FLORA_PICTURE_MESSAGE_SIZE, format, arguments);
  }
  return 1;
}

static int on_warning(TIFF *tiff, void *data, const char *module, const char *format,
                      va_list arguments) {
  (void)tiff, (void)data, (void)module, (void)format, (void)arguments;
  return 1;
}

static TIFF *open_tiff(source *source) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (options == NULL) return NULL;
  source->message[0] = 0;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, MEMORY_LIMIT);
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, source);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, source);
  TIFF *tiff = TIFFClientOpenExt("picture", "rm", source, read_bytes, write_bytes, seek,
                                 close_source, size_of, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}

typedef struct {
  uint32_t height, width;
  uint16_t bits, samples, photometric, orientation;
  bool planes, tiles;
  /// The meaning of the sample after the colours: alpha, premultiplied alpha, or neither.
  bool alpha, multiplied;
  /// The palette's colours, [1 << bits] each.
  uint16_t *red, *green, *blue;
} layout;

static flora_picture_status unsupported(char *message, const char *words, unsigned number) {
  snprintf(message, FLORA_PICTURE_MESSAGE_SIZE, words, number);
  return FLORA_PICTURE_UNSUPPORTED;
}

static bool is_known_compression(uint16_t compression) {
  return compression == COMPRESSION_NONE || compression == COMPRESSION_LZW ||
         compression == COMPRESSION_ADOBE_DEFLATE || compression == COMPRESSION_DEFLATE ||
         compression == COMPRESSION_PACKBITS;
}

static flora_picture_status read_layout(TIFF *tiff, layout *layout, char *message) {
  uint16_t compression = 1, format = 1, planes = 1, extra_count = 0;
  uint16_t *extra = NULL;
  memset(layout, 0, sizeof *layout);
  if (!TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout->height) ||
      !TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout->width) || layout->height == 0 ||
      layout->width == 0) {
    return damaged(message, "it has no size");
  }
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &layout->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planes);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &layout->orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout->photometric);
  layout->tiles = TIFFIsTiled(tiff);
  layout->planes = planes == PLANARCONFIG_SEPARATE && layout->samples > 1;
  if (!is_known_compression(compression)) {
    return unsupported(message, "with the compression %u", compression);
  }
  if (format != SAMPLEFORMAT_UINT) {
    return unsupported(message, "whose samples are not whole numbers from zero (format %u)", format);
  }
  unsigned colours = layout->photometric == PHOTOMETRIC_RGB ? 3 : 1;
  bool wide = layout->bits == 16, narrow = layout->bits == 1 || layout->bits == 2 || layout->bits == 4;
  bool known =
      layout->photometric == PHOTOMETRIC_RGB       ? layout->bits == 8 || wide
      : layout->photometric == PHOTOMETRIC_MINISBLACK ? layout->bits == 8 ||
                                                         (layout->samples == 1 && (wide || narrow))
      : layout->photometric == PHOTOMETRIC_MINISWHITE ||
              layout->photometric == PHOTOMETRIC_PALETTE
          ? layout->samples == 1 && (layout->bits == 8 || narrow)
          : false;
  if (!known) {
    if (layout->photometric > PHOTOMETRIC_PALETTE) {
      return unsupported(message, "with the colours of photometric interpretation %u",
                         layout->photometric);
    }
    return unsupported(message, "with a kind of samples of %u bits that is not read", layout->bits);
  }
  if (layout->samples != colours + (extra_count > 0) || extra_count > 1) {
    return unsupported(message, "with %u samples a pixel", layout->samples);
  }
  if (extra_count == 1) {
    layout->alpha = extra[0] == EXTRASAMPLE_UNASSALPHA || extra[0] == EXTRASAMPLE_ASSOCALPHA;
    layout->multiplied = extra[0] == EXTRASAMPLE_ASSOCALPHA;
    if (!layout->alpha || (layout->multiplied && (wide || colours == 1))) {
      return unsupported(message, "whose sample %u may be alpha or not", layout->samples);
    }
  }
  if (layout->photometric == PHOTOMETRIC_PALETTE &&
      !TIFFGetField(tiff, TIFFTAG_COLORMAP, &layout->red, &layout->green, &layout->blue)) {
    return damaged(message, "it has no palette");
  }
  return FLORA_PICTURE_READ;
}

flora_picture_status flora_tiff_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                          uint32_t *width, char *message) {
  source source = {bytes, count, 0, message};
  TIFF *tiff = open_tiff(&source);
  if (tiff == NULL) {
    return message[0] ? FLORA_PICTURE_DAMAGED : damaged(message, "it has no directory");
  }
  layout layout;
  flora_picture_status status = read_layout(tiff, &layout, message);
  bool turned = layout.orientation >= ORIENTATION_LEFTTOP;
  *height = turned ? layout.width : layout.height;
  *width = turned ? layout.height : layout.width;
  TIFFClose(tiff);
  return status;
}

// Sample number `index` of a row, converted to 8 bits.
static uint8_t sample(const layout *layout, const uint8_t *row, size_t index) {
  unsigned bits = layout->bits;
  if (bits == 8) return row[index];
  if (bits == 16) {
    uint16_t value;
    memcpy(&value, row + 2 * index, 2);
    if (layout->photometric == PHOTOMETRIC_RGB) return (uint8_t)(value >> 8);
    return value > 255 ? 255 : (uint8_t)value;
  }
  unsigned most = (1u << bits) - 1;
  unsigned value = row[index * bits / 8] >> (8 - bits - index * bits % 8) & most;
  return (uint8_t)(layout->photometric == PHOTOMETRIC_PALETTE ? value : value * (255 / most));
}

// Stores part of a row, for a single plane or for all interleaved samples.
static void keep(const layout *layout, const uint8_t *row, size_t columns, size_t plane,
                 uint8_t *target) {
  size_t step = layout->planes ? layout->samples : 1;
  size_t count = layout->planes ? columns : columns * layout->samples;
  for (size_t index = 0; index < count; index++) {
    target[index * step + plane] = sample(layout, row, index);
  }
}

// Reads all samples of the picture as 8 bits: [height, width, samples].
static bool read_strips(TIFF *tiff, const layout *layout, uint8_t *row, uint8_t *samples) {
  size_t planes = layout->planes ? layout->samples : 1;
  for (size_t plane = 0; plane < planes; plane++) {
    for (uint32_t y = 0; y < layout->height; y++) {
      if (TIFFReadScanline(tiff, row, y, (uint16_t)plane) < 0) return false;
      keep(layout, row, layout->width, plane,
           samples + (size_t)y * layout->width * layout->samples);
    }
  }
  return true;
}

static bool read_tiles(TIFF *tiff, const layout *layout, uint8_t *tile, uint8_t *samples) {
  uint32_t tile_height = 0, tile_width = 0;
  TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tile_height);
  TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tile_width);
  if (tile_height == 0 || tile_width == 0) return false;
  size_t row_size = (size_t)TIFFTileRowSize(tiff), planes = layout->planes ? layout->samples : 1;
  for (size_t plane = 0; plane < planes; plane++) {
    for (size_t top = 0; top < layout->height; top += tile_height) {
      for (size_t left = 0; left < layout->width; left += tile_width) {
        if (TIFFReadTile(tiff, tile, (uint32_t)left, (uint32_t)top, 0, (uint16_t)plane) < 0) {
          return false;
        }
        size_t columns = layout->width - left < tile_width ? layout->width - left : tile_width;
        for (size_t y = top; y < layout->height && y < top + tile_height; y++) {
          keep(layout, tile + (y - top) * row_size, columns, plane,
               samples + (y * layout->width + left) * layout->samples);
        }
      }
    }
  }
  return true;
}

// The index of a pixel after rotating the picture according to its orientation tag.
static size_t turned_place(const layout *layout, size_t y, size_t x) {
  size_t height = layout->height, width = layout->width;
  size_t down = height - 1 - y, across = width - 1 - x;
  switch (layout->orientation) {
  case ORIENTATION_TOPRIGHT: return y * width + across;
  case ORIENTATION_BOTRIGHT: return down * width + across;
  case ORIENTATION_BOTLEFT: return down * width + x;
  case ORIENTATION_LEFTTOP: return x * height + y;
  case ORIENTATION_RIGHTTOP: return x * height + down;
  case ORIENTATION_RIGHTBOT: return across * height + down;
  case ORIENTATION_LEFTBOT: return across * height + y;
  default: return y * width + x;
  }
}

static void colour(const layout *layout, const uint8_t *samples, uint8_t *rgb) {
  for (int channel = 0; channel < 3; channel++) {
    unsigned level = samples[layout->photometric == PHOTOMETRIC_RGB ? channel : 0];
    if (layout->photometric == PHOTOMETRIC_MINISWHITE) level = 255 - level;
    if (layout->photometric == PHOTOMETRIC_PALETTE) {
      level = (channel == 0 ? layout->red : channel == 1 ? layout->green : layout->blue)[level] >> 8;
    }
    if (layout->alpha) {
      unsigned alpha = samples[layout->samples - 1];
      if (layout->multiplied && alpha > 0) {
        level = level * 255 / alpha;
        if (level > 255) level = 255;
      }
      level = on_white(level, alpha);
    }
    rgb[channel] = (uint8_t)level;
  }
}

static flora_picture_status read_pixels(TIFF *tiff, const layout *layout, uint8_t *pixels,
                                        char *message) {
  tmsize_t room = layout->tiles ? TIFFTileSize(tiff) : TIFFScanlineSize(tiff);
  if (room <= 0 || room > MEMORY_LIMIT) return damaged(message, "its rows or tiles have no size");
  size_t count = (size_t)layout->height * layout->width * layout->samples;
  // A tile that ends before its last row leaves the remainder zero.
  uint8_t *part = calloc((size_t)room, 1), *samples = malloc(count);
  flora_picture_status status = FLORA_PICTURE_READ;
  if (part == NULL || samples == NULL) {
    status = damaged(message, "there is not enough memory");
  } else if (!(layout->tiles ? read_tiles : read_strips)(tiff, layout, part, samples)) {
    status = message[0] ? FLORA_PICTURE_DAMAGED : damaged(message, "it ends too early");
  } else {
    for (size_t y = 0; y < layout->height; y++) {
      for (size_t x = 0; x < layout->width; x++) {
        colour(layout, samples + (y * layout->width + x) * layout->samples,
               pixels + 3 * turned_place(layout, y, x));
      }
    }
  }
  free(part);
  free(samples);
  return status;
}

flora_picture_status flora_tiff_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                            char *message) {
  source source = {bytes, count, 0, message};
  TIFF *tiff = open_tiff(&source);
  if (tiff == NULL) {
    return message[0] ? FLORA_PICTURE_DAMAGED : damaged(message, "it has no directory");
  }
  layout layout;
  flora_picture_status status = read_layout(tiff, &layout, message);
  if (status == FLORA_PICTURE_READ) status = read_pixels(tiff, &layout, pixels, message);
  TIFFClose(tiff);
  return status;
}
