import CKernels

#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// The BLAS library of this process.
public enum BLAS {
  /// Makes every product run on the calling thread.
  ///
  /// The bits of a product depend on the number of threads that share it; parallelism is across
  /// clients instead.
  public static func useOneThreadPerCall() {
    #if canImport(Accelerate)
      BLASSetThreading(BLAS_THREADING_SINGLE_THREADED)
    #else
      openblas_set_num_threads(1)
    #endif
  }

  /// Allocates the memory for products on this many concurrent threads, about 130 MB of address
  /// space each, of which little is used.
  ///
  /// - Returns: whether there is enough. If it is not allocated in advance and unavailable later,
  ///   OpenBLAS hangs.
  public static func reserve(threads: Int) -> Bool {
    flora_openblas_reserve(Int32(threads))
  }

  /// The library and the kernels in use on this processor, such as `OpenBLAS 0.3.21 SkylakeX`.
  ///
  /// OpenBLAS chooses them at load time from its list of known processors. If it chose kernels
  /// without AVX-512 for a processor that has it, `CKernels` changes them before `main`, unless
  /// `OPENBLAS_CORETYPE` is set.
  public static var kernels: String {
    #if canImport(Accelerate)
      "Accelerate"
    #else
      // The configuration is "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH … Cooperlake …".
      String(cString: openblas_get_config()).split(separator: " ").prefix(2).joined(separator: " ")
        + " " + String(cString: openblas_get_corename())
    #endif
  }
}
