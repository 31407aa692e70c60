import Foundation
import Tensors
import TestSupport
import Testing

@testable import CLIP

/// Stored weights compared with bitsandbytes' (`scripts/quantisation-oracle`).
struct QuantizationTests {
  static let names = [
    "plain", "odd", "outliers", "remainder", "scales", "single", "small", "subnormal", "ties",
    "zeros",
  ]

  private let fixture: SafetensorsFile

  init() throws {
    fixture = try SafetensorsFile(
      Fixtures.directory.appending(path: "quantisation/quantisation.safetensors"))
  }

  private func numbers(_ name: String) throws -> [Float] { try fixture.floats(name) }

  private func rows(_ name: String) throws -> Int {
    try #require(fixture.tensors["\(name).weight"]?.shape.first)
  }

  @Test(arguments: names)
  func `NF4 is dequantised like bitsandbytes, bit for bit`(name: String) throws {
    let weight = try numbers("\(name).weight")
    let mean = try numbers("\(name).nf4-double.absmax.offset")[0]
    let ours = weight.withUnsafeBufferPointer { NormalFloat4.roundTrip($0, mean: mean) }
    #expect(ours == (try numbers("\(name).nf4-double.dequantised")))
    let own = weight.withUnsafeBufferPointer { NormalFloat4.mean(NormalFloat4.magnitudes($0)) }
    #expect(abs(own - mean) <= 4 * mean.ulp)
  }

  @Test(arguments: names)
  func `int8 is dequantised like bitsandbytes, bit for bit`(name: String) throws {
    let weight = try numbers("\(name).weight")
    let rows = try rows(name)
    let ours = weight.withUnsafeBufferPointer { Int8Rows.roundTrip($0, rows: rows) }
    let theirs = try numbers("\(name).int8.dequantised")
    let columns = weight.count / rows
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let magnitude = weight[range].map(abs).max()!
      // Below that, bitsandbytes divides by zero, and the result depends on the processor.
      guard magnitude == 0 || (127 / magnitude).isFinite else {
        #expect(ours[range].allSatisfy { $0 == 0 })
        continue
      }
      #expect(ours[range] == theirs[range])
    }
  }

  @Test(arguments: names)
  func `bfloat16 matches PyTorch's`(name: String) throws {
    #expect(
      try numbers("\(name).weight").map { Float(bfloat16: $0.bfloat16) }
        == (try numbers("\(name).bfloat16")))
  }

  @Test func `the code books match bitsandbytes'`() throws {
    #expect(NormalFloat4.codes == (try numbers("nf4.table")))
    #expect(NormalFloat4.dynamicCodes == (try numbers("dynamic.table")))
  }

  /// 130 numbers are 65 bytes of codes, three blocks, one group and a mean.
  @Test func `a weight's size is that of its stored format`() {
    #expect(BasePrecision.nf4.bytes(.linear, count: 130, outputs: 10) == 65 + 3 + 4 + 4)
    #expect(BasePrecision.int8.bytes(.linear, count: 130, outputs: 10) == 130 + 40)
    #expect(BasePrecision.bfloat16.bytes(.linear, count: 130, outputs: 10) == 260)
    #expect(BasePrecision.float32.bytes(.linear, count: 130, outputs: 10) == 520)
    for form in [BasePrecision.nf4, .int8, .bfloat16] {
      #expect(form.bytes(.embedding, count: 130, outputs: 10) == 260)
      #expect(form.bytes(.other, count: 130, outputs: 10) == 520)
    }
    // 257 blocks are two groups.
    #expect(
      BasePrecision.nf4.bytes(.linear, count: 64 * 257, outputs: 257)
        == 32 * 257 + 257 + 8 + 4)
  }

  @Test func `a stored model has rounded matrices and unchanged norms and biases`() throws {
    let model = try Fixtures.clip("tiny")
    for form in BasePrecision.allCases {
      let stored = model.stored(in: form)
      for (index, entry) in model.parameters.layout.entries.enumerated() {
        let (old, new) = (model.numbers([index]), stored.numbers([index]))
        let isKept =
          form == .float32 || entry.name.contains("norm") || entry.name.contains("bias")
          || entry.name == "logit_scale"
        #expect((old == new) == isKept, "\(entry.name) as \(form.rawValue)")
        let bound: Float = [.bfloat16: 0.005, .int8: 0.02, .nf4: 0.2][form] ?? 0
        #expect(relativeError(new, old) <= bound)
      }
      // Rounding twice changes nothing.
      if form == .bfloat16 || form == .float32 {
        let again = stored.stored(in: form)
        let all = Array(model.parameters.layout.entries.indices)
        #expect(again.numbers(all) == stored.numbers(all))
      }
    }
  }
}
