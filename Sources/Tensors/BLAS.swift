import CKernels

#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// The matrix product library that this process runs on.
public enum BLAS {
  /// Makes every product run on the thread that asks for it.
  ///
  /// The bits of a product depend on how many threads share it; clients are what runs in parallel.
  public static func useOneThreadPerCall() {
    #if canImport(Accelerate)
      BLASSetThreading(BLAS_THREADING_SINGLE_THREADED)
    #else
      openblas_set_num_threads(1)
    #endif
  }

  /// Takes the memory that products on so many threads at once need, about 130 MB of addresses each, of which little
  /// is used.
  ///
  /// - Returns: whether there is as much. Where it is not taken before, and missing, OpenBLAS hangs.
  public static func reserve(threads: Int) -> Bool {
    flora_openblas_reserve(Int32(threads))
  }

  /// The library and its kernels that multiply on this processor, such as
  /// `OpenBLAS 0.3.21 SkylakeX`.
  ///
  /// OpenBLAS chooses them when it is loaded, by a list of the processors of its time. Where it took
  /// kernels without AVX-512 for a processor that has it, `CKernels` changes them before `main`,
  /// unless `OPENBLAS_CORETYPE` is set.
  public static var kernels: String {
    #if canImport(Accelerate)
      "Accelerate"
    #else
      // The configuration reads "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH … Cooperlake …".
      String(cString: openblas_get_config()).split(separator: " ").prefix(2).joined(separator: " ")
        + " " + String(cString: openblas_get_corename())
    #endif
  }
}
