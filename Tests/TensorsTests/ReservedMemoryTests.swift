import Foundation
import TestSupport
import Testing

@testable import Tensors

#if os(Linux)
  /// The memory that OpenBLAS allocates per thread, without which it hangs; each test limits its own process.
  struct ReservedMemoryTests {
    @Test func `memory beyond the process limit is unavailable`() async {
      await #expect(processExitsWith: .success) {
        try Self.allow(Self.addresses + (4 << 30))
        #expect(!BLAS.reserve(threads: 100))
        #expect(BLAS.reserve(threads: 2))
      }
    }

    @Test(.timeLimit(.minutes(1)))
    func `products without free memory use previously reserved memory`() async {
      await #expect(processExitsWith: .success) {
        BLAS.useOneThreadPerCall()
        try #require(BLAS.reserve(threads: 4))
        // Not another 128 MB, only the threads' stacks.
        try Self.allow(Self.addresses + (100 << 20))
        DispatchQueue.concurrentPerform(iterations: 4) { index in
          let context = ComputeContext()
          let size = 160
          let a = context.matrix(size, size, copying: [Float](repeating: 2, count: size * size))
          let c = context.matrix(size, size)
          for _ in 0..<10 {
            context.multiply(a.view, .asIs, a.view, .transposed, into: c.view)
          }
          #expect(c.elements.allSatisfy { $0 == Float(4 * size) })
        }
      }
    }

    /// This process's address space in bytes.
    private static var addresses: Int {
      get throws {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
          .split(separator: " ")[0]
        return try #require(Int(pages)) * Int(getpagesize())
      }
    }

    private static func allow(_ bytes: Int) throws {
      var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
    }
  }
#endif
