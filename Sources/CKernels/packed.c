#include "CKernels.h"

#include "packing.h"

size_t flora_packed_count(size_t terms, size_t columns) { return terms * round_up(columns); }

KERNEL(void, flora_pack,
       (float *restrict packed, const float *restrict b, size_t terms, size_t columns,
        size_t term_stride, size_t column_stride),
       (packed, b, terms, columns, term_stride, column_stride)) {
  pack_panels(packed, b, terms, columns, term_stride, column_stride);
}

KERNEL(void, flora_packed_product,
       (float *c, const float *start, size_t start_stride, const float *a, const float *packed,
        size_t rows, size_t columns, size_t terms),
       (c, start, start_stride, a, packed, rows, columns, terms)) {
  Target target = {c, columns, start, start_stride, 1};
  packed_product(level, target, (Operand){a, terms, 1}, packed, rows, columns, terms);
}
