import Foundation

/// The report of one run.
struct RunReport {
  let results: RunResults

  var page: ReportPage {
    ReportPage(
      title: "\(results.name): costs and accuracy", subtitle: subtitle,
      sections: [
        .overview(results), .accuracy(results), .novelClasses(results), .clients(results),
        .costs(results), .protocols(entries, target: results.targetAccuracy),
        .participation(results), .rounds(results), .edges(results), .fairness(results),
        .fleet(results), .scenario(results),
      ].compactMap { $0 }, footer: footer)
  }

  /// Identifies the report of a run.
  static let mark = "Made from the tables of a run of flora"

  private var entries: [ProtocolEntry] {
    results.methods.map { ProtocolEntry(values: [], method: $0.name, runs: [$0.rounds]) }
  }

  private var subtitle: String {
    let methods = results.methods.map(\.name).joined(separator: ", ")
    let last = results.methods.compactMap { $0.rounds.last?.round }.max() ?? 0
    let devices =
      (results.manifest?.devices ?? results.fleet?.devices).map {
        ", \(Double($0).grouped) devices"
      } ?? ""
    return "Federated fine-tuning of CLIP in simulated time: \(methods)\(devices), \(last) rounds."
  }

  private var footer: String {
    let version = results.manifest?.version.map { " \($0)" } ?? ""
    let kernels = results.manifest?.kernels.map { "; matrix products by \($0)" } ?? ""
    return
      "\(Self.mark)\(version)\(kernels). Times are simulated; bytes, operations and memory follow from the methods."
  }
}
