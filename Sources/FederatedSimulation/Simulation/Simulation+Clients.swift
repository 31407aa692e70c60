import Adaptation
import DeviceTasks
import Federation
import Fleet
import Results
import Tensors
import TrainingBackends

/// Tests every client on its held-out samples.
///
/// This is instrumentation of the simulator, not work of the devices: it takes no virtual time,
/// bytes, operations or energy, and does not affect other random draws.
extension Simulation {
  /// The clients' results with a version, in client order.
  struct ClientTestResult: Codable, Sendable {
    let version: Int
    let spread: AccuracySpread?
    let fineTuned: AccuracySpread?
  }

  /// Tests the clients with the current version if the scenario asks for it, and writes their rows,
  /// once per version.
  ///
  /// - Returns: nil if they are not tested with it.
  func testClients() throws -> ClientTestResult? {
    let round = state.version
    guard let backend, let settings = experiment.scenario.evaluation.perClient,
      round.isMultiple(of: settings.every) || state.isFinished
    else { return nil }
    if let last = state.lastClientTest, last.version == round { return last }
    let records = Array(0..<experiment.fleet.count).chunked(by: Self.testedClients)
      .flatMap { test($0, settings.fineTune, backend) }
    try recorder.record(records)
    let result = ClientTestResult(
      version: round, spread: AccuracySpread(records.compactMap { $0.score?.accuracy }),
      fineTuned: settings.fineTune
        ? AccuracySpread(records.compactMap { ($0.fineTuned ?? $0.score)?.accuracy }) : nil)
    state.lastClientTest = result
    return result
  }

  /// The maximum number of client models held at a time.
  static let testedClients = 32

  /// A client under test.
  private struct Subject {
    let profile: DeviceProfile
    let need: TaskNeed
    let model: ClientModel
    let heldOut: [Int]

    var isExcluded: Bool { need.peak > profile.memory }

    func test(_ model: ClientModel) -> ClientTest {
      ClientTest(model: model, techniques: need.setup.techniques, samples: heldOut)
    }
  }

  private func test(
    _ clients: some Sequence<Int>, _ fineTunes: Bool, _ backend: any TrainingBackend
  ) -> [ClientRecord] {
    let subjects = clients.map { client in
      let profile = experiment.fleet.profile(of: client)
      let need = planner.need(of: profile)
      return Subject(
        profile: profile, need: need,
        model: algorithm.model(need.setup.lora, from: algorithm.version, of: client),
        heldOut: experiment.heldOut[client])
    }
    let scores = scores(subjects.map { $0.heldOut.isEmpty ? nil : $0.test($0.model) }, backend)
    let tuned = fineTunes ? fineTuned(subjects, backend) : subjects.map { _ in nil }
    return zip(subjects, zip(scores, tuned)).map { subject, scores in
      let client = subject.profile.id
      return ClientRecord(
        round: state.version, client: client,
        deviceClass: experiment.fleet.classes[subject.profile.classIndex].name,
        name: experiment.clientNames?[client],
        trainSamples: experiment.shards.count(of: client), heldOutSamples: subject.heldOut.count,
        isExcluded: subject.isExcluded, updates: state.clientUpdates[client] ?? 0,
        score: scores.0, fineTuned: scores.1)
    }
  }

  /// Trains each client once more from its model, with a fresh optimizer and no server correction,
  /// and tests it.
  private func fineTuned(
    _ subjects: [Subject], _ backend: any TrainingBackend
  ) -> [ClientRecord.Score?] {
    let training = subjects.map { subject -> PendingResult<[TrainingResult]>? in
      guard !subject.heldOut.isEmpty, !subject.isExcluded else { return nil }
      let member = TrainingJob.Member(
        client: subject.profile.id, taskSeed: Self.fineTuningSeed(of: state.version),
        batchSize: subject.need.setup.batchSize, memory: nil, correction: nil)
      return backend.submit(
        TrainingJob(
          model: subject.model, techniques: subject.need.setup.techniques, members: [member]))
    }
    let tests = zip(subjects, training).map { subject, result -> ClientTest? in
      guard let change = result?.wait()[0].change.elements else { return nil }
      let start = subject.model
      return subject.test(
        ClientModel(
          version: start.version, owner: subject.profile.id,
          parameters: zip(start.parameters, change).map { $0 + $1 }, lora: start.lora))
    }
    return scores(tests, backend)
  }

  /// Below all task seeds, so that fine-tuning has its own sample orders.
  private static func fineTuningSeed(of version: Int) -> Int { -1 - version }

  /// The score of each test; nil if there is none.
  private func scores(
    _ tests: [ClientTest?], _ backend: any TrainingBackend
  ) -> [ClientRecord.Score?] {
    var scores = backend.test(tests.compactMap(\.self)) { _ in }[...]
    return tests.map { test in
      guard test != nil, let score = scores.popFirst() else { return nil }
      return ClientRecord.Score(accuracy: score.accuracy, loss: score.loss)
    }
  }
}
