import EventSimulation
import Federation
import Fleet

/// Works out what a client's task asks of its device, and how long it takes where nothing disturbs it.
struct TaskPlanner {
  let experiment: Experiment
  let costs: TaskCosts
  let connection: Connection
  /// What a task carries whose method stays the same from version to version.
  let traffic: Traffic

  /// What a task carries each way beside the base.
  struct Traffic {
    let download: ByteCount
    let upload: ByteCount

    /// - Parameters:
    ///   - down: how many numbers the server sends of the method.
    ///   - up: how many a client sends.
    init(_ server: ServerSettings, down: Int, up: Int) {
      let vectors = server.strategy.kind == .scaffold ? ScaffoldServer.vectorsPerTransfer : 1
      let plain = ByteCount(PayloadCodec.float32.byteCount(of: vectors * down))
      guard let settings = server.secureAggregation else {
        download = plain
        upload = ByteCount(server.compression.codec.byteCount(of: vectors * up))
        return
      }
      let masking = SecureAggregationCost(
        cohort: server.cohort, bits: settings.bits, neighbours: settings.neighbours)
      download = plain + ByteCount(masking.extraBytesDown)
      upload = ByteCount(masking.bytesUp(of: vectors * up))
    }
  }

  /// Round trips of a protocol that is more than one upload.
  let extraRoundTrips: Int

  private func latency(of profile: DeviceProfile, draw: Int) -> TransferLatency {
    var latency = connection.latency(of: profile, task: draw)
    for _ in 0..<extraRoundTrips { latency.upload += profile.rtt }
    return latency
  }

  func need(of profile: DeviceProfile) -> TaskNeed {
    costs.need(of: profile.id, inClass: profile.classIndex, memory: profile.memory)
  }

  /// - Parameters:
  ///   - draw: tells the task from the client's others.
  ///   - preparing: whether the device still has to compute what its plan keeps.
  ///   - base: what of the base comes with the download.
  func timeline(
    of profile: DeviceProfile, _ need: TaskNeed, _ traffic: Traffic, draw: Int,
    at time: SimulationTime,
    preparing: Bool, base: ByteCount
  ) -> TaskTimeline {
    TaskTimeline(
      profile: profile, start: time,
      work: TaskWork(
        download: traffic.download + base,
        training: costs.work(of: profile.id, need, round: draw, preparing: preparing),
        upload: traffic.upload),
      latency: latency(of: profile, draw: draw),
      traffic: profile.memoryBandwidth == nil
        ? .zero : ByteCount(costs[need.setup].optimizerTraffic(samples: need.samples)))
  }
}
