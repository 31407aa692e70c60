import EventSimulation
import Fleet

/// The life cycle of tasks in virtual time: a device that is online, with sufficient memory and
/// charge, downloads, trains and uploads, or drops out on the way.
///
/// The engine deals with devices, work and time. The purpose of a task, the selection of devices
/// and the use of updates are up to its observer. It books costs after they are incurred: at the
/// end of each phase, and on request up to any instant.
package final class TaskEngine {
  /// Settings shared by all devices.
  package struct Environment: Sendable {
    package let availability: Availability
    /// Whether a phase pauses or fails at the end of a session.
    package let interruption: Interruption
    /// The server's download and upload links, shared by transfers; nil for no limit.
    package let download: BitRate?
    package let upload: BitRate?
    /// The number of server links per direction: one per edge, shared by its devices.
    package let links: Int
    /// Whether transfers use TCP.
    package let usesTCP: Bool
    package let seed: UInt64
    /// Whether to track devices with tasks in flight.
    package let tracksBusyDevices: Bool
    /// The rates of devices' own links over time; nil if all are constant.
    package let bandwidth: FleetBandwidth?
    /// The outages of device groups; nil if there are none.
    package let outages: Outages?

    package init(
      availability: Availability, interruption: Interruption, download: BitRate?, upload: BitRate?,
      links: Int = 1, usesTCP: Bool = false, seed: UInt64, tracksBusyDevices: Bool,
      bandwidth: FleetBandwidth? = nil, outages: Outages? = nil
    ) {
      self.availability = availability
      self.interruption = interruption
      self.download = download
      self.upload = upload
      self.links = links
      self.usesTCP = usesTCP
      self.seed = seed
      self.tracksBusyDevices = tracksBusyDevices
      self.bandwidth = bandwidth
      self.outages = outages
    }
  }

  /// What happens to a phase at the end of a session.
  package enum Interruption: String, Codable, Sendable, CaseIterable {
    /// It pauses, and resumes when the device comes back online.
    case pause
    /// The device drops out of the task.
    case fail
  }

  /// The mutable state, except the shared links.
  package struct State: Codable, Sendable {
    package var schedule = EventSchedule<TaskEvent>()
    package internal(set) var tasks = TaskTable()
    /// Devices with tasks in flight, if tracked.
    package internal(set) var busy: Set<Int> = []
    /// The number of events handled, including starts of tasks.
    package internal(set) var events = 0
    /// The event of the next outage while tasks are in flight; nil if there is none.
    fileprivate var outage: EventHandle?
  }

  private let environment: Environment
  private let dropout: Dropout
  private let book: any CostBook
  /// Must be set before the first event.
  package unowned(unsafe) var observer: any TaskObserver
  /// Unchecked, because exclusivity checks would take a tenth of a timing-only run. A single thread
  /// owns the state, and no access outlasts its statement.
  @exclusivity(unchecked) package var state = State()
  /// One per server link.
  private var downlinks: [any TransferModel] = []
  private var uplinks: [any TransferModel] = []
  /// The transfers simulated in pieces: one per server link, or none.
  private var sharedDownlinks: [SharedTransfers] = []
  private var sharedUplinks: [SharedTransfers] = []

  package init(_ environment: Environment, _ book: any CostBook, _ observer: any TaskObserver) {
    self.environment = environment
    dropout = Dropout(seed: environment.seed)
    self.book = book
    self.observer = observer
    sharedDownlinks = sharedTransfers(.download, environment.download)
    sharedUplinks = sharedTransfers(.upload, environment.upload)
    downlinks = transfers(.download, environment.download, sharedDownlinks)
    uplinks = transfers(.upload, environment.upload, sharedUplinks)
  }

  private func sharedTransfers(_ phase: TaskPhase, _ capacity: BitRate?) -> [SharedTransfers] {
    guard capacity != nil || interruptsTCP || environment.bandwidth != nil else { return [] }
    return (0..<environment.links).map {
      SharedTransfers(self, phase, link: $0, capacity: capacity)
    }
  }

  /// Whether the end of a session interrupts TCP transfers.
  var interruptsTCP: Bool {
    environment.usesTCP && environment.interruption == .pause && environment.availability != .always
  }

  private func transfers(
    _ phase: TaskPhase, _ capacity: BitRate?, _ shared: [SharedTransfers]
  ) -> [any TransferModel] {
    if capacity != nil { return shared }
    return (0..<environment.links).map {
      FreeTransfers(self, phase, pieces: shared.isEmpty ? nil : shared[$0])
    }
  }

  // MARK: Checkpoints

  /// The Codable state of an engine.
  package struct Checkpoint: Codable, Sendable {
    let state: State
    /// One per link with transfers simulated in pieces.
    let downlinks: [SharedTransfers.State]
    let uplinks: [SharedTransfers.State]
  }

  package var checkpoint: Checkpoint {
    Checkpoint(
      state: state, downlinks: sharedDownlinks.map(\.state), uplinks: sharedUplinks.map(\.state))
  }

  package func restore(_ checkpoint: Checkpoint) {
    state = checkpoint.state
    for (link, state) in zip(sharedDownlinks, checkpoint.downlinks) { link.state = state }
    for (link, state) in zip(sharedUplinks, checkpoint.uplinks) { link.state = state }
  }

  // MARK: The clock

  /// Handles the next event.
  ///
  /// - Returns: false if there is none.
  package func step() throws -> Bool {
    guard let (time, event) = state.schedule.next() else { return false }
    state.events += 1
    switch event {
    // The task may have been aborted, or its device may have dropped out during a retransmission
    // wait or an outage.
    case .downloadEnded(let id):
      if state.tasks.contains(id) { try endPhase(.download, id, at: time) }
    case .trainingEnded(let id):
      if state.tasks.contains(id) { try endPhase(.training, id, at: time) }
    case .uploadEnded(let id):
      if state.tasks.contains(id) { try endPhase(.upload, id, at: time) }
    case .lost(let id): if state.tasks.contains(id) { try fail(id, at: time) }
    case .transferBegan(let id), .returned(let id):
      // The device may have dropped out at this very instant.
      if state.tasks.contains(id) { try shared(by: id).join(id, at: time) }
    case .departed(let id): try shared(by: id).leave(id, at: time)
    case .linkDue(let phase, let link): try shared(phase, link).endDue(at: time)
    case .rateChanged(let id): try shared(by: id).changeRate(of: id, at: time)
    case .pieceEnded(let id): try shared(by: id).endAlone(id, at: time)
    case .outage(let isSettled): try beginOutage(isSettled: isSettled, at: time)
    case .alarm(let alarm): try observer.alarm(alarm, at: time)
    }
    return true
  }

  /// Schedules an alarm for the observer.
  package func set(_ alarm: Alarm, at time: SimulationTime) -> EventHandle {
    state.schedule.scheduleCancellable(.alarm(alarm), at: time)
  }

  package func cancel(_ alarm: EventHandle) { state.schedule.cancel(alarm) }

  /// The tasks whose current phase ends with the next event.
  ///
  /// - Parameter phase: training or upload.
  package func finishingNext(_ phase: TaskPhase) -> [Int] {
    guard let (time, event) = state.schedule.nextEvent else { return [] }
    switch (event, phase) {
    case (.trainingEnded(let id), .training), (.uploadEnded(let id), .upload):
      return state.tasks.contains(id) ? [id] : []
    case (.pieceEnded(let id), .upload):
      guard state.tasks.contains(id), state.tasks[id].phase == .upload else { return [] }
      return shared(by: id).isLastPiece(of: id) ? [id] : []
    case (.linkDue(.upload, let link), .upload): return sharedUplinks[link].finishing(by: time)
    default: return []
    }
  }

  // MARK: Tasks

  /// Starts a task if its device can execute it.
  ///
  /// - Parameters:
  ///   - edge: the device's edge; nil if devices connect to the server directly.
  ///   - taskSeed: distinguishes the task's random draws from those of the client's other tasks.
  ///   - timeline: the undisturbed phases; evaluated only if the device is online.
  package func start(
    _ profile: DeviceProfile, _ need: TaskNeed, baseVersion: Int, edge: EdgeOrigin? = nil,
    taskSeed: Int, at time: SimulationTime, timeline: () -> TaskTimeline
  ) -> TaskAdmission {
    state.events += 1
    guard need.peak <= profile.memory else { return .insufficientMemory }
    let availability = availability(of: profile.id)
    guard availability.isOnline(at: time) else {
      return .offline(until: availability.session(after: time)?.start)
    }
    let timeline = timeline()
    let moment = dropout.moment(
      task: taskSeed, device: profile.id, probability: profile.dropout)
    let plan = TaskPlan(
      baseVersion: baseVersion, taskSeed: taskSeed, profile: profile, need: need,
      timeline: timeline, loss: moment.map { TaskLoss($0, in: timeline) }, edge: edge)
    guard hasCharge(plan) else { return .insufficientCharge }
    let id = state.tasks.insert(
      InFlightTask(
        plan: plan,
        progress: TaskProgress(
          start: time, endurance: endurance(of: plan),
          countsActiveTime: profile.power != nil || profile.hazard != .none)))
    if environment.tracksBusyDevices { state.busy.insert(profile.id) }
    if state.tasks.count == 1 { awaitOutage(after: time) }
    enter(.download, id, at: time)
    return .started(id)
  }

  /// Whether a device may be able to start such a task now or later: it has sufficient memory, it
  /// is online at some time, and a full battery suffices.
  package func couldEverStart(
    _ profile: DeviceProfile, _ need: TaskNeed, after time: SimulationTime,
    timeline: () -> TaskTimeline
  ) -> Bool {
    guard need.peak <= profile.memory,
      availability(of: profile.id).session(after: time) != nil
    else { return false }
    guard let battery = profile.battery else { return true }
    return battery.canAfford(expectedEnergy(profile, timeline()))
  }

  /// The energy of an undisturbed task.
  private func expectedEnergy(_ profile: DeviceProfile, _ timeline: TaskTimeline) -> Energy {
    TaskPhase.allCases.reduce(Energy.zero) {
      $0 + (profile.energy(of: $1, timeline, after: timeline.duration(of: $1)) ?? .zero)
    }
  }

  private func endurance(of plan: TaskPlan) -> Double {
    plan.profile.hazard == .none
      ? .infinity : dropout.endurance(task: plan.taskSeed, device: plan.client)
  }

  private func hasCharge(_ plan: TaskPlan) -> Bool {
    guard let battery = plan.profile.battery else { return true }
    return battery.affords(
      expectedEnergy(plan.profile, plan.timeline), task: plan.taskSeed, device: plan.client,
      seed: environment.seed)
  }

  /// Removes a task that has ended from the table.
  package func remove(_ id: Int) -> InFlightTask {
    let task = state.tasks.remove(id)
    if environment.tracksBusyDevices { state.busy.remove(task.plan.client) }
    if state.tasks.isEmpty, let outage = state.outage.take() { state.schedule.cancel(outage) }
    return task
  }

  /// Whether a task that starts now certainly ends with a dropout, whatever the links' load.
  package func isSurelyLost(_ id: Int) -> Bool {
    let plan = state.tasks.plan(of: id)
    // Changing rates may exceed the rate that a transfer's hazard is computed with.
    return isTraced(plan)
      ? plan.loss != nil : plan.isSurelyLost(enduring: state.tasks[id].endurance)
  }

  /// The minimum duration of a task, whatever the links' load.
  package func leastDuration(of id: Int) -> SimulationDuration {
    let plan = state.tasks.plan(of: id)
    return isTraced(plan) ? plan.leastDuration : plan.timeline.duration
  }

  private func isTraced(_ plan: TaskPlan) -> Bool {
    environment.bandwidth?.isTraced(plan.profile.classIndex) ?? false
  }

  /// The rates of a device's own link in a phase; nil if constant.
  func bandwidth(of plan: TaskPlan, in phase: TaskPhase) -> DeviceBandwidth? {
    environment.bandwidth?.link(of: plan.client, inClass: plan.profile.classIndex, for: phase)
  }

  // MARK: Outages

  /// Schedules the next outage of any device while tasks are in flight.
  private func awaitOutage(after time: SimulationTime) {
    state.outage = environment.outages?.start(after: time).map {
      state.schedule.scheduleCancellable(.outage(isSettled: false), at: $0)
    }
  }

  /// Fails all tasks whose devices' outage begins now.
  ///
  /// Phases that end at this instant count as completed, as at the end of a session. The event is
  /// therefore first moved behind all others of the instant.
  ///
  /// - Complexity: O(tasks in flight).
  private func beginOutage(isSettled: Bool, at time: SimulationTime) throws {
    guard isSettled else {
      state.outage = state.schedule.scheduleCancellable(.outage(isSettled: true), at: time)
      return
    }
    awaitOutage(after: time)
    for id in state.tasks.ids where state.tasks.contains(id) {
      if environment.outages!.begins(for: state.tasks.plan(of: id).client, at: time) {
        try fail(id, .outage, at: time)
      }
    }
  }

  /// Aborts a task in its current phase. The caller must remove it.
  package func breakOff(_ id: Int, at time: SimulationTime) {
    leavePhase(id, at: time, isWhole: false)
  }

  /// Books the costs that all tasks in flight have incurred so far.
  ///
  /// - Complexity: O(tasks in flight).
  package func bookProgress(at time: SimulationTime) {
    for id in state.tasks.ids { bookProgress(of: id, isWhole: false, at: time) }
  }

  // MARK: Phases

  /// Enters a phase.
  private func enter(_ phase: TaskPhase, _ id: Int, at time: SimulationTime) {
    state.tasks[id].enter(phase, at: time)
    switch phase {
    case .download, .upload: transfers(of: phase, by: id)!.begin(id, at: time)
    case .training: runAlone(.training, id, at: time)
    }
  }

  /// Schedules the end of a phase without contention, or an earlier dropout.
  func runAlone(_ phase: TaskPhase, _ id: Int, at time: SimulationTime) {
    let plan = state.tasks.plan(of: id)
    if let loss = plan.loss(in: phase, enduring: state.tasks[id].endurance) {
      schedule(.lost(task: id), after: loss, id, at: time)
    } else {
      schedule(.ended(phase, task: id), after: plan.timeline.duration(of: phase), id, at: time)
    }
  }

  /// Completes a phase and enters the next one.
  func endPhase(_ phase: TaskPhase, _ id: Int, at time: SimulationTime) throws {
    leavePhase(id, at: time, isWhole: true)
    switch phase {
    case .download:
      observer.phaseEnded(.download, id, at: time)
      enter(.training, id, at: time)
    case .training:
      observer.phaseEnded(.training, id, at: time)
      enter(.upload, id, at: time)
    case .upload: try observer.completed(id, at: time)
    }
  }

  /// Fails a task within a phase.
  ///
  /// If an outage of its device begins at this instant, the outage is the cause.
  func fail(_ id: Int, _ failure: TaskFailure = .dropout, at time: SimulationTime) throws {
    let client = state.tasks.plan(of: id).client
    let isOutage = environment.outages?.begins(for: client, at: time) ?? false
    leavePhase(id, at: time, isWhole: false)
    try observer.failed(id, isOutage ? .outage : failure, at: time)
  }

  private func leavePhase(_ id: Int, at time: SimulationTime, isWhole: Bool) {
    let active = bookProgress(of: id, isWhole: isWhole, at: time)
    let phase = state.tasks[id].phase
    transfers(of: phase, by: id)?.end(id, at: time)
    let hazard = active.map { state.tasks.plan(of: id).profile.hazard.hazard(of: $0, in: phase) }
    state.tasks[id].leave(at: time, hazard: hazard ?? 0)
  }

  /// Books the costs of a task's current phase.
  ///
  /// - Returns: the active time since the phase began, if a cost or dropout depends on it.
  @discardableResult
  private func bookProgress(
    of id: Int, isWhole: Bool, at time: SimulationTime
  ) -> SimulationDuration? {
    let plan = state.tasks.plan(of: id)
    let (phase, start, counts) = (
      state.tasks[id].phase, state.tasks[id].start, state.tasks[id].countsActiveTime
    )
    let active =
      counts || !isWhole ? activeTime(of: plan.client, since: start, to: time) : nil
    let amount =
      isWhole ? plan.timeline.work.amount(of: phase) : spent(in: phase, id, active!, time)
    let new = state.tasks[id].book(
      amount: amount, wire: wireBytes(amount, of: plan, in: phase, isWhole: isWhole),
      energy: counts ? plan.profile.energy(of: phase, plan.timeline, after: active!) : nil)
    book.book(
      CostEntry(
        time: time, task: id, phase: phase, amount: new.amount, wireBytes: new.wire,
        energy: new.energy))
    return active
  }

  /// The wire bytes that correspond to the transferred bytes; zero for training.
  private func wireBytes(
    _ amount: Int, of plan: TaskPlan, in phase: TaskPhase, isWhole: Bool
  ) -> Int {
    guard let link = plan.timeline.link(of: phase) else { return 0 }
    let payload = ByteCount(plan.timeline.work.amount(of: phase))
    return
      (isWhole
      ? link.wireBytes(of: payload) : link.wireBytes(withPart: ByteCount(amount), of: payload))
      .bytes
  }

  /// The bytes or operations completed in a task's current phase.
  private func spent(
    in phase: TaskPhase, _ id: Int, _ active: SimulationDuration, _ time: SimulationTime
  ) -> Int {
    guard let transfers = transfers(of: phase, by: id) else {
      return state.tasks.plan(of: id).timeline.spent(in: .training, after: active)
        .amount(of: .training)
    }
    return transfers.moved(id, at: time).bytes
  }

  /// The total work and energy of all tasks in flight so far, recomputed from their phases. The
  /// booked costs must match it.
  ///
  /// - Complexity: O(tasks in flight).
  package func spentInFlight(at time: SimulationTime) -> (work: TaskWork, energy: Energy) {
    var (work, energy) = (TaskWork.zero, Energy.zero)
    for id in state.tasks.ids {
      let (plan, progress) = (state.tasks.plan(of: id), state.tasks[id])
      var start = plan.timeline.start
      for phase in TaskPhase.allCases {
        let end = progress.span(of: phase).map { start + $0 } ?? time
        let active = activeTime(of: plan.client, since: start, to: end)
        energy += plan.profile.energy(of: phase, plan.timeline, after: active) ?? .zero
        if phase == progress.phase {
          work = work.adding(spent(in: phase, id, active, time), to: phase)
          break
        }
        work = work + plan.timeline.work.part(of: phase)
        start = end
      }
    }
    return (work, energy)
  }

  /// The transfer model for a task's phase; nil for training.
  private func transfers(of phase: TaskPhase, by id: Int) -> (any TransferModel)? {
    switch phase {
    case .download: downlinks[state.tasks.plan(of: id).link]
    case .training: nil
    case .upload: uplinks[state.tasks.plan(of: id).link]
    }
  }

  private func shared(_ phase: TaskPhase, _ link: Int) -> SharedTransfers {
    (phase == .download ? sharedDownlinks : sharedUplinks)[link]
  }

  /// The model of a task's current transfer in pieces.
  private func shared(by id: Int) -> SharedTransfers {
    shared(state.tasks[id].phase, state.tasks.plan(of: id).link)
  }

  // MARK: Availability

  package func availability(of client: Int) -> DeviceAvailability {
    DeviceAvailability(
      environment.availability, device: client, seed: environment.seed,
      outages: environment.outages?.spans(of: client) ?? [])
  }

  var interruption: Interruption { environment.interruption }

  func activeTime(
    of client: Int, since start: SimulationTime, to time: SimulationTime
  ) -> SimulationDuration {
    availability(of: client).active(from: start, to: time)
  }

  /// Schedules an event after a given active time of the device. If the device goes offline for
  /// good before that, or an interruption fails the task, the event is a dropout at that time.
  func schedule(
    _ event: TaskEvent, after active: SimulationDuration, _ id: Int, at time: SimulationTime
  ) {
    let (event, due) = occurrence(event, after: active, id, at: time)
    state.schedule.schedule(event, at: due)
  }

  /// Like `schedule`, but the event can be cancelled.
  func scheduleCancellable(
    _ event: TaskEvent, after active: SimulationDuration, _ id: Int, at time: SimulationTime
  ) -> EventHandle {
    let (event, due) = occurrence(event, after: active, id, at: time)
    return state.schedule.scheduleCancellable(event, at: due)
  }

  private func occurrence(
    _ event: TaskEvent, after active: SimulationDuration, _ id: Int, at time: SimulationTime
  ) -> (TaskEvent, SimulationTime) {
    let availability = availability(of: state.tasks.plan(of: id).client)
    if availability.isLasting { return (event, time + active) }
    switch environment.interruption {
    case .pause:
      guard let instant = availability.instant(after: active, from: time) else {
        return (.lost(task: id), availability.lastEnd(after: time))
      }
      return (event, instant)
    case .fail:
      guard let session = availability.session(after: time), session.start <= time else {
        return (.lost(task: id), time)
      }
      return time + active <= session.end
        ? (event, time + active) : (.lost(task: id), session.end)
    }
  }
}
