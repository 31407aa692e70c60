import Foundation
import Testing

@testable import Datasets

struct PartitionCodingTests {
  static let written: [(String, Partition)] = [
    (#"{"kind":"iid"}"#, .iid),
    (#"{"kind":"dirichlet","beta":0.1}"#, .dirichlet(beta: 0.1)),
    (#"{"kind":"pathological","classes_per_client":2}"#, .pathological(classesPerClient: 2)),
    (#"{"kind":"few-shot","shots":4}"#, .fewShot(shots: 4)),
  ]

  @Test(arguments: written)
  func `a partition is read and written in the scenario's format`(
    text: String, partition: Partition
  ) throws {
    let decoded = try JSONDecoder().decode(Partition.self, from: Data(text.utf8))
    #expect(decoded == partition)
    let encoded = try JSONEncoder().encode(partition)
    #expect(try JSONDecoder().decode(Partition.self, from: encoded) == partition)
  }

  @Test(arguments: [
    (
      #"{"kind":"random"}"#, "kind",
      "`random` is not a partition; use one of iid, dirichlet, pathological, resample, natural, few-shot."
    ),
    (
      #"{"kind":"iid","beta":0.1}"#, "beta",
      "`beta` does not belong to the partition iid; remove it."
    ),
    (
      #"{"kind":"dirichlet","beta":-1}"#, "beta",
      "`beta` of a dirichlet partition is -1.0; give a number from 1e-9 to 1e9, such as 0.1."
    ),
    (
      #"{"kind":"few-shot","shots":0}"#, "shots",
      "`shots` of a few-shot partition is 0; give at least 1."
    ),
  ])
  func `a fault names its key and the suggestion`(text: String, key: String, sentence: String)
    throws
  {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Partition.self, from: Data(text.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error)) is no fault of the data")
      return
    }
    #expect(context.codingPath.map(\.stringValue) == [key])
    #expect(context.debugDescription == sentence)
  }

  @Test func `a missing number is named`() {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Partition.self, from: Data(#"{"kind":"dirichlet"}"#.utf8))
    }
    guard case .keyNotFound(let key, _) = error else {
      Issue.record("\(String(describing: error)) names no key")
      return
    }
    #expect(key.stringValue == "beta")
  }
}
