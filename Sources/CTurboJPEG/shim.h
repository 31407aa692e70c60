// The JPEG library libjpeg-turbo by its TurboJPEG interface, found through pkg-config.
#include <turbojpeg.h>
