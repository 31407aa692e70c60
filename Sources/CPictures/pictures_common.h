#ifndef PICTURES_COMMON_H
#define PICTURES_COMMON_H

#include "CPictures.h"

#include <stdbool.h>
#include <stdio.h>

/// The level of a pixel with this alpha blended with white, rounded to nearest.
static inline uint8_t on_white(unsigned level, unsigned alpha) {
  return (uint8_t)((level * alpha + 255 * (255 - alpha) + 127) / 255);
}

static inline flora_picture_status damaged(char *message, const char *words) {
  snprintf(message, FLORA_PICTURE_MESSAGE_SIZE, "%s", words);
  return FLORA_PICTURE_DAMAGED;
}

#endif
