// The header that CMPI includes, and the library that it links.
#include <mpi.h>
