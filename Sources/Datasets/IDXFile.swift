import Foundation

/// An array of unsigned bytes in the IDX format of the MNIST family of data sets.
///
/// The format (LeCun, Cortes and Burges, "The MNIST database of handwritten digits"): two zero
/// bytes, a byte for the element type (8: unsigned bytes), a byte for the number of dimensions,
/// each dimension as a big-endian 32-bit integer, then the elements in row-major order.
package struct IDXFile: Sendable, Equatable {
  /// The dimensions, slowest varying first; one to three, each at least one.
  package let dimensions: [Int]

  /// The elements in row-major order.
  package let values: ArraySlice<UInt8>

  /// - Parameters:
  ///   - file: an IDX file, uncompressed or compressed with gzip.
  ///   - limit: the maximum number of decompressed bytes.
  /// - Throws: `DatasetError` if the file cannot be read or does not contain exactly one such
  ///   array.
  package init(contentsOf file: URL, limit: Int) throws(DatasetError) {
    try self.init(GzipFile.contents(of: file, limit: limit), from: file)
  }

  /// - Parameters:
  ///   - bytes: the entire contents of the file.
  ///   - file: the file, for error messages.
  /// - Throws: `DatasetError` if the bytes are not exactly one array of unsigned bytes.
  package init(_ bytes: [UInt8], from file: URL) throws(DatasetError) {
    let rank = try Self.rank(bytes, file)
    let headerLength = 4 + 4 * rank
    guard bytes.count >= headerLength else {
      throw DatasetError(
        "\(file.path) is truncated: it ends within its header of \(headerLength) bytes; \(Self.remedy)."
      )
    }
    dimensions = (1...rank).map { Self.bigEndian(bytes[(4 * $0)..<(4 * $0 + 4)]) }
    let size = try Self.size(dimensions, file)
    guard bytes.count - headerLength == size else {
      throw DatasetError(
        "\(file.path) declares \(Self.list(dimensions)) values but holds "
          + "\(bytes.count - headerLength); \(Self.remedy).")
    }
    values = bytes[headerLength...]
  }

  private static let remedy = "download it again from its source"

  private static func rank(_ bytes: [UInt8], _ file: URL) throws(DatasetError) -> Int {
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      throw DatasetError("\(file.path) is not an IDX file; give the path of one.")
    }
    guard bytes[2] == 8 else {
      throw DatasetError(
        "\(file.path) holds IDX values of type \(bytes[2]); only unsigned bytes (8) are supported; "
          + "convert it.")
    }
    guard (1...3).contains(bytes[3]) else {
      throw DatasetError(
        "\(file.path) is an IDX file of \(bytes[3]) dimensions; only one to three are supported; "
          + "convert it.")
    }
    return Int(bytes[3])
  }

  private static func size(_ dimensions: [Int], _ file: URL) throws(DatasetError) -> Int {
    var size = 1
    for dimension in dimensions {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard dimension > 0, !overflow else {
        throw DatasetError(
          "\(file.path) declares invalid dimensions, \(list(dimensions)); \(remedy).")
      }
      size = product
    }
    return size
  }

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private static func list(_ dimensions: [Int]) -> String {
    dimensions.map(String.init).joined(separator: " x ")
  }
}
