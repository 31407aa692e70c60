#include "pictures_common.h"

#include <stdlib.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

static const char broken[] = "its parts do not fit together";

flora_picture_status flora_webp_read_size(const uint8_t *bytes, size_t count, uint32_t *height,
                                          uint32_t *width, char *message) {
  WebPData data = {bytes, count};
  WebPDemuxer *demuxer = WebPDemux(&data);
  if (demuxer == NULL) return damaged(message, broken);
  *height = WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT);
  *width = WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH);
  WebPDemuxDelete(demuxer);
  return FLORA_PICTURE_READ;
}

// Outside its first frame, an animation's canvas is transparent, or black in a file without alpha.
static void clear(uint8_t *pixels, size_t count, bool alpha) {
  memset(pixels, alpha ? 255 : 0, count);
}

static flora_picture_status decode(const WebPIterator *frame, bool alpha, size_t width,
                                   uint8_t *pixels, char *message) {
  size_t rows = (size_t)frame->height, columns = (size_t)frame->width;
  uint8_t *corner = pixels + ((size_t)frame->y_offset * width + (size_t)frame->x_offset) * 3;
  const uint8_t *bytes = frame->fragment.bytes;
  size_t count = frame->fragment.size;
  if (!alpha) {
    size_t room = (rows - 1) * width * 3 + columns * 3;
    return WebPDecodeRGBInto(bytes, count, corner, room, (int)(width * 3)) != NULL
               ? FLORA_PICTURE_READ
               : damaged(message, "its pixels cannot be decoded");
  }
  uint8_t *rgba = malloc(rows * columns * 4);
  if (rgba == NULL) return damaged(message, "there is not enough memory");
  bool read = WebPDecodeRGBAInto(bytes, count, rgba, rows * columns * 4, (int)(columns * 4)) != NULL;
  for (size_t y = 0; read && y < rows; y++) {
    const uint8_t *source = rgba + y * columns * 4;
    uint8_t *target = corner + y * width * 3;
    for (size_t x = 0; x < columns; x++, source += 4, target += 3) {
      for (int channel = 0; channel < 3; channel++) {
        target[channel] = on_white(source[channel], source[3]);
      }
    }
  }
  free(rgba);
  return read ? FLORA_PICTURE_READ : damaged(message, "its pixels cannot be decoded");
}

flora_picture_status flora_webp_read_pixels(const uint8_t *bytes, size_t count, uint8_t *pixels,
                                            char *message) {
  WebPData data = {bytes, count};
  WebPBitstreamFeatures features;
  WebPDemuxer *demuxer = WebPDemux(&data);
  if (demuxer == NULL) return damaged(message, broken);
  size_t height = WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT);
  size_t width = WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH);
  flora_picture_status status = damaged(message, broken);
  WebPIterator frame;
  if (WebPGetFeatures(bytes, count, &features) == VP8_STATUS_OK &&
      WebPDemuxGetFrame(demuxer, 1, &frame)) {
    size_t bottom = (size_t)frame.y_offset + (size_t)frame.height;
    size_t right = (size_t)frame.x_offset + (size_t)frame.width;
    if (frame.complete && frame.height > 0 && frame.width > 0 && bottom <= height &&
        right <= width) {
      bool covers = frame.height == (int)height && frame.width == (int)width;
      if (!covers) clear(pixels, height * width * 3, features.has_alpha);
      status = decode(&frame, features.has_alpha, width, pixels, message);
    }
    WebPDemuxReleaseIterator(&frame);
  }
  WebPDemuxDelete(demuxer);
  return status;
}
