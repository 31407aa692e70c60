import Fleet

extension Simulation {
  /// How many samples a client trains on, and the most memory that the method would need there,
  /// whether or not the device has it.
  func need(of client: Int) -> (samples: Int, peak: ByteCount) {
    guard costs.dependsOnLabels else {
      let samples = experiment.shards.count(of: client)
      return (samples, ByteCount(costs.peakBytes(samples: samples)))
    }
    let labels = labels(experiment.shards[client])
    return (labels.count, ByteCount(costs.peakBytes(labels: labels)))
  }

  /// The operations of a client's task in the current round.
  func trainingWork(of client: Int, samples: Int) -> FLOPCount {
    let preparing = costs.prepares && !state.prepared.contains(client)
    guard costs.dependsOnLabels else {
      return FLOPCount(costs.flops(samples: samples, preparing: preparing))
    }
    let batches = experiment.batches(training, client: client, round: state.round)
    return FLOPCount(costs.flops(batches: batches.map(labels), preparing: preparing))
  }

  private func labels(_ samples: [Int]) -> [Int] {
    samples.map { Int(experiment.dataset.labels[$0]) }
  }
}
