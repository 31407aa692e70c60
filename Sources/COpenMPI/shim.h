// What CMPI includes, and the library that it is linked with.
#include <mpi.h>
