import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensors

#if !canImport(Accelerate)
  /// The OpenBLAS kernels in use; each test has its own process, because the kernels are
  /// process-wide.
  struct KernelChoiceTests {
    @Test func `old kernels are replaced by AVX-512 kernels if the processor supports them`() async
    {
      await #expect(processExitsWith: .success) {
        unsetenv("OPENBLAS_CORETYPE")
        for old in ["Haswell", "Zen", "Nehalem", "Prescott"] {
          try #require(flora_openblas_use_core(old))
          #expect(BLAS.kernels.hasSuffix(" \(old)"))
          Self.expectRightProducts()
          flora_openblas_choose_core()
          #expect(BLAS.kernels.hasSuffix(Self.hasAVX512 ? " SkylakeX" : " \(old)"))
          Self.expectRightProducts()
        }
      }
    }

    @Test func `newer kernels, and those that the user names, are kept`() async {
      await #expect(processExitsWith: .success) {
        unsetenv("OPENBLAS_CORETYPE")
        if Self.hasAVX512 {
          try #require(flora_openblas_use_core("Cooperlake"))
          flora_openblas_choose_core()
          #expect(BLAS.kernels.hasSuffix(" Cooperlake"))
        }
        try #require(flora_openblas_use_core("Haswell"))
        setenv("OPENBLAS_CORETYPE", "Haswell", 1)
        flora_openblas_choose_core()
        #expect(BLAS.kernels.hasSuffix(" Haswell"))
      }
    }

    @Test func `unavailable kernels change neither the kernels nor the environment`() async {
      await #expect(processExitsWith: .success) {
        unsetenv("OPENBLAS_CORETYPE")
        let before = BLAS.kernels
        #expect(!flora_openblas_use_core("Abacus"))
        #expect(BLAS.kernels == before)
        #expect(getenv("OPENBLAS_CORETYPE") == nil)
        Self.expectRightProducts()
      }
    }

    private static let hasAVX512: Bool = {
      let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      return ["f", "cd", "dq", "bw", "vl"].allSatisfy { processors.contains("avx512\($0)") }
    }()

    /// Products of several shapes on several threads, compared with double-precision sums.
    private static func expectRightProducts() {
      BLAS.useOneThreadPerCall()
      DispatchQueue.concurrentPerform(iterations: 4) { index in
        let (m, n, k) = [(1, 1, 1), (37, 29, 41), (128, 128, 128), (200, 130, 150)][index]
        let context = ComputeContext()
        let a = context.matrix(m, k, copying: randomNumbers(m * k, seed: 1))
        let b = context.matrix(n, k, copying: randomNumbers(n * k, seed: 2))
        let c = context.matrix(m, n)
        context.multiply(a.view, .asIs, b.view, .transposed, into: c.view)
        let expected = (0..<m * n).map { place in
          (0..<k).reduce(0.0) {
            $0 + Double(a.base[place / n * k + $1]) * Double(b.base[place % n * k + $1])
          }
        }
        #expect(relativeError(c.elements, expected) < 1e-5)
      }
    }
  }
#endif
