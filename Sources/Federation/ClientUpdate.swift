import Foundation

/// What a client sends when it has trained.
public struct ClientUpdate: Sendable, Codable {
  public let client: Int
  /// The server version that the client started from.
  public let baseVersion: Int
  /// How many samples it trained on: its weight in the average.
  public let exampleCount: Int
  /// The encoded change of the trainable numbers.
  public let payload: Data

  public init(client: Int, baseVersion: Int, exampleCount: Int, payload: Data) {
    self.client = client
    self.baseVersion = baseVersion
    self.exampleCount = exampleCount
    self.payload = payload
  }
}
