import Foundation
import Storage

/// A fleet's individual devices from a table: the class of each, and any of its quantities.
///
/// A quantity missing from a row is drawn from the class by the device's id, as in a drawn fleet.
public struct RecordedDevices: Sendable {
  /// The class index of each device.
  private var classIndices: [UInt16]
  /// The columns' values for each device; `missing` if a field is empty.
  private var values: [(quantity: RecordedQuantity, numbers: [Int])]
  /// The number of devices in each class.
  private var counts: [Int]

  private static let missing = Int.min

  var count: Int { classIndices.count }

  /// Whether the table has a column for a quantity.
  func gives(_ quantity: RecordedQuantity) -> Bool { values.contains { $0.quantity == quantity } }

  /// Whether the table gives any device packet loss.
  package var givesLoss: Bool {
    values.contains { quantity, numbers in
      quantity == .loss && numbers.contains { $0 != Self.missing && $0 != 0 }
    }
  }

  func classIndex(of device: Int) -> Int { Int(classIndices[device]) }

  func deviceCount(ofClass classIndex: Int) -> Int { counts[classIndex] }

  /// Sets the quantities that the table gives for a device.
  func apply(to profile: inout DeviceProfile) {
    for (quantity, numbers) in values where numbers[profile.id] != Self.missing {
      profile.set(quantity, to: numbers[profile.id])
    }
  }

  // MARK: Reading

  private static let number = "device"
  private static let deviceClass = "device_class"

  /// Reads a CSV file as written by `flora fleet`: one device per row.
  ///
  /// `device_class` names the class. `device` is the device's number, from 0; without that column,
  /// devices are numbered in row order.
  ///
  /// - Parameter classes: the scenario's classes; rows of a class with a bandwidth trace must not
  ///   give rates other than its mean.
  /// - Throws: `TableFault` if a row is not a valid device of the classes.
  package init(csv file: URL, classes: [DeviceClass]) throws(TableFault) {
    var table = try CSVTable(
      file, of: "devices", required: [Self.deviceClass],
      // A device's edge belongs to the server's topology, which can read the same file.
      optional: [Self.number, "edge"] + RecordedQuantity.allCases.map(\.rawValue))
    let classPlace = table.place(of: Self.deviceClass)!
    let numberPlace = table.place(of: Self.number)
    let columns = RecordedQuantity.allCases.compactMap { quantity in
      table.place(of: quantity.rawValue).map { (quantity, $0) }
    }
    let classOfName = Dictionary(
      classes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var numbers: [Int] = []
    classIndices = []
    counts = classes.map { _ in 0 }
    values = columns.map { ($0.0, []) }
    while let row = try table.next() {
      guard let classIndex = classOfName[row.fields[classPlace]] else {
        throw table.fault(
          at: row.line,
          "there is no class \"\(row.fields[classPlace].prefix(60))\"; the fleet's are \(classes.map(\.name).joined(separator: ", "))"
        )
      }
      if let numberPlace {
        guard let number = Int(row.fields[numberPlace]), number >= 0 else {
          throw table.fault(
            at: row.line,
            "expected a device number, 0 or more, found \"\(row.fields[numberPlace].prefix(60))\""
          )
        }
        numbers.append(number)
      }
      classIndices.append(UInt16(classIndex))
      counts[classIndex] += 1
      for (index, (quantity, place)) in columns.enumerated() {
        let field = row.fields[place]
        guard !field.isEmpty else {
          values[index].numbers.append(Self.missing)
          continue
        }
        guard let number = quantity.number(field) else {
          throw table.fault(
            at: row.line,
            "\(quantity.rawValue) is \(quantity.expectation), found \"\(field.prefix(60))\"")
        }
        values[index].numbers.append(number)
      }
      if let sentence = fault(of: classes[classIndex]) {
        throw table.fault(at: row.line, sentence)
      }
    }
    guard count > 0 else { throw TableFault("\(file.path) contains no devices") }
    if numberPlace != nil { try order(by: numbers, file) }
  }

  /// The reason that the last row is not a valid device, as a sentence; nil if it is valid.
  private func fault(of deviceClass: DeviceClass) -> String? {
    func has(_ quantity: RecordedQuantity) -> Bool {
      values.contains { $0.quantity == quantity && $0.numbers.last != Self.missing }
    }
    func number(_ quantity: RecordedQuantity) -> Int? {
      values.first { $0.quantity == quantity }?.numbers.last
    }
    let powers: [RecordedQuantity] = [.computingPower, .sendingPower, .receivingPower, .idlePower]
    for (parts, isGiven) in [
      (powers, deviceClass.power != nil),
      ([.battery, .batteryReserve], deviceClass.battery != nil),
      ([.heatAfter, .heatSpeed], deviceClass.heat != nil),
    ] where !isGiven && parts.contains(where: has) {
      if let missing = parts.first(where: { !has($0) }) {
        return "\(missing.rawValue) is missing: neither the row nor its class gives it"
      }
    }
    if has(.battery), deviceClass.power == nil, !powers.contains(where: has) {
      return "the device has a battery but no power, so that its tasks would use no energy"
    }
    if deviceClass.bandwidthTrace != nil {
      for (quantity, mean) in [
        (RecordedQuantity.download, deviceClass.download), (.upload, deviceClass.upload),
      ] where has(quantity) && .fixed(BitRate(number(quantity)!)) != mean {
        return
          "the rates of \(deviceClass.name) follow its bandwidth_trace; leave \(quantity.rawValue) empty, or give the device another class"
      }
    }
    return nil
  }

  /// Sorts the rows by device number.
  private mutating func order(by numbers: [Int], _ file: URL) throws(TableFault) {
    guard !numbers.indices.allSatisfy({ numbers[$0] == $0 }) else { return }
    var rows = [Int](repeating: -1, count: numbers.count)
    for (row, number) in numbers.enumerated() {
      guard number < rows.count else {
        throw TableFault(
          "\(file.path) has \(rows.count) devices and a device \(number); number them from 0 to \(rows.count - 1), or remove the column device"
        )
      }
      guard rows[number] < 0 else {
        throw TableFault(
          "\(file.path) has two devices with the number \(number); give each its own")
      }
      rows[number] = row
    }
    classIndices = rows.map { classIndices[$0] }
    for index in values.indices {
      values[index].numbers = rows.map { [numbers = values[index].numbers] in numbers[$0] }
    }
  }
}
