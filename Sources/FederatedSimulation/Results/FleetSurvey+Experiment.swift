import Results

extension FleetSurvey {
  /// Evaluates the requirements of a method's task on an experiment's devices.
  init(_ experiment: Experiment, _ costs: TaskCosts) {
    self.init(
      deviceClasses: experiment.fleet.classes.map(\.name),
      dataClasses: experiment.dataset.classNames)
    for client in Self.devices(of: experiment.fleet.count) {
      let profile = experiment.fleet.profile(of: client)
      let need = costs.need(
        of: client, inClass: profile.classIndex, memory: profile.memory)
      add(
        deviceOfClass: profile.classIndex, memory: profile.memory, peak: need.peak,
        fallbacks: need.setup.changes(from: costs.asked(ofClass: profile.classIndex)),
        labels: experiment.labels(experiment.shards[client]))
    }
  }
}
