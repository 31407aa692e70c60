import CKernels

#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// The kernels and the BLAS library of this process.
public enum BLAS {
  /// Makes every call of the library run on the calling thread.
  ///
  /// The bits of its results depend on the number of threads that share the work; parallelism is
  /// across clients instead.
  public static func useOneThreadPerCall() {
    #if canImport(Accelerate)
      BLASSetThreading(BLAS_THREADING_SINGLE_THREADED)
    #else
      openblas_set_num_threads(1)
    #endif
  }

  /// Allocates the memory for decompositions on this many concurrent threads, about 130 MB of address
  /// space each, of which little is used.
  ///
  /// - Returns: whether there is enough. If it is not allocated in advance and unavailable later,
  ///   OpenBLAS hangs.
  public static func reserve(threads: Int) -> Bool {
    flora_openblas_reserve(Int32(threads))
  }

  /// Whether a row of a product has the same bits whatever the number of rows and the row's index. It
  /// need not with Accelerate.
  package static var rowsAreIndependent: Bool {
    #if canImport(Accelerate)
      false
    #else
      true
    #endif
  }

  /// The kernels that multiply matrices, and the library that decomposes them, such as
  /// `flora avx512, OpenBLAS 0.3.21 Cooperlake`.
  ///
  /// This package's kernels use the highest instruction level that the processor supports, or the
  /// one that `FLORA_KERNELS` names. OpenBLAS chooses its own at load time, or those that
  /// `OPENBLAS_CORETYPE` names.
  public static var kernels: String {
    #if canImport(Accelerate)
      "Accelerate"
    #else
      // The configuration is "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH … Cooperlake …".
      "flora \(String(cString: flora_kernels_level())), "
        + String(cString: openblas_get_config()).split(separator: " ").prefix(2).joined(
          separator: " ")
        + " " + String(cString: openblas_get_corename())
    #endif
  }

  /// The instruction levels that this processor supports.
  package static var levels: [String] {
    var levels: [String] = []
    while let level = flora_kernels_available(levels.count) {
      levels.append(String(cString: level))
    }
    return levels
  }

  /// The names that `FLORA_KERNELS` may contain on this processor, if it contains any other; nil if
  /// it does not.
  public static var unknownKernels: String? {
    guard !flora_kernels_environment_is_valid() else { return nil }
    return (levels + ["emulate-bfloat16"]).joined(separator: ", ")
  }
}
