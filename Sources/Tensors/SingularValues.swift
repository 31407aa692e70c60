#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// The decomposition of a matrix into u diag(values) vt, by LAPACK's divide and conquer.
package struct SingularValues {
  /// [rows, min(rows, columns)], with orthonormal columns.
  package var u: [Float]
  /// Descending and non-negative.
  package var values: [Float]
  /// [min(rows, columns), columns], with orthonormal rows.
  package var vt: [Float]

  /// - Parameter matrix: [rows, columns] in row-major order, all finite.
  package init(of matrix: [Float], rows: Int, columns: Int) {
    precondition(matrix.count == rows * columns, "as many elements as the shape has")
    let count = min(rows, columns)
    u = .init(repeating: 0, count: rows * count)
    values = .init(repeating: 0, count: count)
    vt = .init(repeating: 0, count: count * columns)
    guard count > 0 else { return }
    // A matrix in row-major order is its transpose in column-major order; u and vt are swapped.
    var job = CChar(UInt8(ascii: "S"))
    var (m, n) = (Int32(columns), Int32(rows))
    // Separate variables for leading dimensions, since exclusivity forbids passing one twice.
    var (leadingA, leadingU) = (m, m)
    var (leadingV, info) = (Int32(count), Int32(0))
    var a = matrix
    var integers = [Int32](repeating: 0, count: 8 * count)
    var work: [Float] = [0]
    var length: Int32 = -1
    for _ in 0..<2 {
      sgesdd_(
        &job, &m, &n, &a, &leadingA, &values, &vt, &leadingU, &u, &leadingV, &work, &length,
        &integers, &info)
      precondition(info == 0, "the decomposition of finite numbers converges")
      if length < 0 {
        length = Int32(work[0].rounded(.up)) + 1
        work = .init(repeating: 0, count: Int(length))
      }
    }
  }

  /// The decomposition of a product, [rows, inner] times [inner, columns], from those of the
  /// factors and of the product of their inner parts; cheap if `inner` is small.
  package init(
    ofProduct left: [Float], _ right: [Float], rows: Int, inner: Int, columns: Int
  ) {
    let first = SingularValues(of: left, rows: rows, columns: inner)
    let second = SingularValues(of: right, rows: inner, columns: columns)
    let (p, q) = (first.values.count, second.values.count)
    let scaledLeft = (0..<p * inner).map { first.values[$0 / inner] * first.vt[$0] }
    let scaledRight = (0..<inner * q).map { second.u[$0] * second.values[$0 % q] }
    let core = SingularValues(
      of: product(scaledLeft, scaledRight, rows: p, inner: inner, columns: q), rows: p, columns: q)
    let count = core.values.count
    u = product(first.u, core.u, rows: rows, inner: p, columns: count)
    values = core.values
    vt = product(core.vt, second.vt, rows: count, inner: q, columns: columns)
  }
}
