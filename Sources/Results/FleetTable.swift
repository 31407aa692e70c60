import Fleet
import Scenario

/// A fleet's devices as CSV, one line each, as `fleet.devices` reads them.
package struct FleetTable {
  package let count: Int
  private let fleet: Fleet
  private let quantities: [RecordedQuantity]

  /// - Parameter isWhole: whether to add a column for each property that some class gives its
  ///   devices, besides the columns of every table.
  package init(_ fleet: Fleet, isWhole: Bool = false) {
    self.fleet = fleet
    count = fleet.count
    let further =
      isWhole
      ? RecordedQuantity.allCases.filter { !RecordedQuantity.standard.contains($0) }.filter(
        fleet.gives) : []
    quantities = RecordedQuantity.standard + further
  }

  /// The column names, including the line break.
  package var header: String {
    CSVFile.line(["device", "device_class"] + quantities.map(\.rawValue))
  }

  /// The line of device `id`.
  package func row(_ id: Int) -> String {
    let profile = fleet.profile(of: id)
    return CSVFile.line(
      ["\(id)", profile.className] + quantities.map { $0.text(of: profile) ?? "" })
  }
}
