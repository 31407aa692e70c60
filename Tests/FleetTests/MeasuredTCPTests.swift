import EventSimulation
import Foundation
import Testing

@testable import Fleet

/// The TCP model compared with transfers of a real kernel.
struct MeasuredTCPTests {
  private func errors(
    _ experiment: String = "main", loss: Double, bytes: Int? = nil,
    _ settings: TCPSettings = TCPSettings()
  ) -> [Double] {
    MeasuredTransfer.all.filter {
      $0.experiment == experiment && $0.loss == loss
        && (bytes == nil || $0.bytes == ByteCount(bytes!))
    }.map { $0.error(of: $0.modelled(settings)) }.sorted()
  }

  private func quantile(_ part: Double, of sorted: [Double]) -> Double {
    sorted[Int((part * Double(sorted.count - 1)).rounded())]
  }

  @Test func `without loss half of all cells are within 1 %, and 90 % within 3 %`() {
    let errors = errors(loss: 0)
    #expect(errors.count > 150)
    #expect(quantile(0.5, of: errors) < 0.01 && quantile(0.9, of: errors) < 0.03)
  }

  @Test func `with 0.1 % loss half are within 4 %, and 90 % within 15 %`() {
    let errors = errors(loss: 0.001)
    #expect(errors.count > 70)
    #expect(quantile(0.5, of: errors) < 0.04 && quantile(0.9, of: errors) < 0.15)
  }

  @Test(arguments: [8_192, 98_304, 589_824, 7_628_288, 60_000_000])
  func `each size is closer than the fluid model`(bytes: Int) {
    let cells = MeasuredTransfer.all.filter {
      $0.experiment == "main" && $0.bytes == ByteCount(bytes)
    }
    func mean(_ error: (MeasuredTransfer) -> Double) -> Double {
      cells.reduce(0) { $0 + error($1) } / Double(cells.count)
    }
    let model = mean { $0.error(of: $0.modelled()) }
    #expect(model < 0.1 && (bytes > 8_192 ? 3 : 1) * model < mean { $0.error(of: $0.fluid) })
  }
}
