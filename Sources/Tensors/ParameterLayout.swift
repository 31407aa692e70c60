/// The location of each named parameter in a flat float32 vector.
public struct ParameterLayout: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let shape: [Int]
    /// The index of its first value in the flat vector.
    public let offset: Int

    public var count: Int { shape.reduce(1, *) }
    public var range: Range<Int> { offset..<(offset + count) }
  }

  public private(set) var entries: [Entry] = []

  public init() {}

  /// The length of the flat vector.
  public var count: Int { entries.last?.range.upperBound ?? 0 }

  /// Appends a parameter and returns its index.
  @discardableResult
  package mutating func append(_ name: String, _ shape: [Int]) -> Int {
    entries.append(Entry(name: name, shape: shape, offset: count))
    return entries.count - 1
  }
}
