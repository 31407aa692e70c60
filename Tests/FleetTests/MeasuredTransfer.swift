import EventSimulation
import Foundation
import TestSupport

@testable import Fleet

/// A row of `Fixtures/tcp/single.csv`: the duration of a transfer with a kernel's TCP.
struct MeasuredTransfer {
  let experiment: String
  let rate: BitRate
  let rtt: SimulationDuration
  let loss: Double
  let bytes: ByteCount
  /// The median without loss, the mean with it.
  let seconds: Double

  static let all: [MeasuredTransfer] = {
    let file = Fixtures.directory.appending(path: "tcp/single.csv")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      preconditionFailure("\(file.path) cannot be read")
    }
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { values in
      let row = Dictionary(uniqueKeysWithValues: zip(lines[0], values))
      func number(_ name: String) -> Double { Double(row[name]!)! }
      let loss = number("loss")
      return MeasuredTransfer(
        experiment: row["experiment"]!, rate: BitRate(Int(number("rate_mbps") * 1e6)),
        rtt: SimulationDuration(nearestTo: number("rtt_ms") * 1e6), loss: loss,
        bytes: ByteCount(Int(number("bytes"))),
        seconds: number(loss > 0 ? "transfer_mean_s" : "transfer_median_s"))
    }
  }()

  /// The model's duration: with loss, the mean of `draws` transfers.
  func modelled(_ settings: TCPSettings = TCPSettings(), draws: Int = 400) -> Double {
    var settings = settings
    settings.loss = PacketLoss(loss)
    let connection = Connection(handshakes: 1, tcp: settings, seed: 1)
    let count = loss > 0 ? draws : 1
    let sum = (0..<count).reduce(0.0) { sum, task in
      let link = connection.links(of: profile, task: task).download
      return sum + link.transferDuration(of: bytes).seconds
    }
    return sum / Double(count)
  }

  /// The fluid model: only rate and round trip.
  var fluid: Double {
    NetworkLink(rate: rate, latency: rtt).transferDuration(of: bytes).seconds
  }

  func error(of modelled: Double) -> Double { abs(modelled / seconds - 1) }

  private var profile: DeviceProfile {
    DeviceProfile(
      id: 0, classIndex: 0, className: "phone", compute: ComputeRate(1), memory: ByteCount(1),
      download: rate, upload: rate, rtt: rtt, dropout: 0, jitter: .zero, loss: nil, hazard: .none,
      memoryBandwidth: nil, kernelOverhead: .zero, heat: nil, power: nil, battery: nil)
  }
}
