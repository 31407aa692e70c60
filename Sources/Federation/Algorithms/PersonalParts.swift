import Tensors

/// The parameters that stay with each client: their places in the trained vector, and the values of
/// the clients that have trained.
///
/// The others are shared. A vector of shared or of personal parameters has them in the order of the
/// whole vector.
package struct PersonalParts: Codable, Sendable {
  /// Consecutive ranges of the whole vector.
  private var pieces: [Piece] = []
  /// By client.
  private var own: [Int: [Float]] = [:]

  private struct Piece: Codable {
    var range: Range<Int>
    let isPersonal: Bool
  }

  /// - Parameters:
  ///   - isPersonal: whether a parameter stays with each client.
  ///   - layout: of the whole vector.
  package init(
    in layout: ParameterLayout, where isPersonal: (ParameterLayout.Entry) -> Bool
  ) {
    for entry in layout.entries { append(entry.range, isPersonal: isPersonal(entry)) }
  }

  /// - Parameter ranges: of each parameter in the whole vector, consecutive from 0.
  init(_ ranges: [(range: Range<Int>, isPersonal: Bool)]) {
    for (range, isPersonal) in ranges { append(range, isPersonal: isPersonal) }
  }

  private mutating func append(_ range: Range<Int>, isPersonal: Bool) {
    precondition(range.lowerBound == pieces.last?.range.upperBound ?? 0, "no gaps")
    if let last = pieces.last, last.isPersonal == isPersonal {
      pieces[pieces.count - 1].range = last.range.lowerBound..<range.upperBound
    } else {
      pieces.append(Piece(range: range, isPersonal: isPersonal))
    }
  }

  package var sharedCount: Int { count { !$0.isPersonal } }

  package var personalCount: Int { count(where: \.isPersonal) }

  private func count(where isCounted: (Piece) -> Bool) -> Int {
    pieces.reduce(0) { isCounted($1) ? $0 + $1.range.count : $0 }
  }

  package func shared(of whole: [Float]) -> [Float] {
    pieces.flatMap { $0.isPersonal ? [] : whole[$0.range] }
  }

  package func personal(of whole: [Float]) -> [Float] {
    pieces.flatMap { $0.isPersonal ? whole[$0.range] : [] }
  }

  /// The whole vector.
  func joined(_ shared: [Float], _ personal: [Float]) -> [Float] {
    precondition(
      shared.count == sharedCount && personal.count == personalCount, "a value for each parameter")
    var (whole, shared, personal) = ([Float](), shared[...], personal[...])
    whole.reserveCapacity(shared.count + personal.count)
    for piece in pieces {
      if piece.isPersonal {
        whole += personal.prefix(piece.range.count)
        personal = personal.dropFirst(piece.range.count)
      } else {
        whole += shared.prefix(piece.range.count)
        shared = shared.dropFirst(piece.range.count)
      }
    }
    return whole
  }

  // MARK: Clients

  /// A client's personal parameters; nil if it has not trained.
  subscript(client: Int) -> [Float]? { own[client] }

  /// Stores a client's personal parameters after training.
  ///
  /// - Parameters:
  ///   - change: of the whole vector.
  ///   - initial: the personal parameters of a client that has not trained.
  mutating func keep(_ change: [Float], of client: Int, initial: [Float]) {
    own[client] = zip(own[client] ?? initial, personal(of: change)).map { $0 + $1 }
  }

  /// The clients whose models are tested: up to eight, the lowest ids among those that have
  /// trained, so that mostly the same ones are tested.
  var testedClients: [Int] { Array(own.keys.sorted().prefix(Self.tested)) }

  private static let tested = 8
}
