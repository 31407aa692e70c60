import Storage

/// A row of clients.csv: the accuracy of a client's model on the client's held-out samples.
public struct ClientRecord: Sendable, Equatable {
  /// A test on the client's own samples.
  public struct Score: Sendable, Equatable {
    public let accuracy: Double
    public let loss: Double

    package init(accuracy: Double, loss: Double) {
      self.accuracy = accuracy
      self.loss = loss
    }
  }

  /// The server version.
  public let round: Int
  public let client: Int
  public let deviceClass: String
  /// The client's name in the data, such as a domain; nil if the data does not name clients.
  public let name: String?
  public let trainSamples: Int
  public let heldOutSamples: Int
  /// Whether the device has insufficient memory for the method's training.
  public let isExcluded: Bool
  /// The number of its updates used so far.
  public let updates: Int
  /// Of the client's model: its own if the algorithm keeps one per client, otherwise the version.
  /// Nil without held-out samples.
  public let score: Score?
  /// After fine-tuning as in a task; nil if not requested, if the device has insufficient memory,
  /// or without held-out samples.
  public let fineTuned: Score?

  package init(
    round: Int, client: Int, deviceClass: String, name: String?, trainSamples: Int,
    heldOutSamples: Int, isExcluded: Bool, updates: Int, score: Score?, fineTuned: Score?
  ) {
    self.round = round
    self.client = client
    self.deviceClass = deviceClass
    self.name = name
    self.trainSamples = trainSamples
    self.heldOutSamples = heldOutSamples
    self.isExcluded = isExcluded
    self.updates = updates
    self.score = score
    self.fineTuned = fineTuned
  }

  static let header = [
    "method", "seed", "round", "client", "device_class", "samples", "accuracy", "loss",
    "train_samples", "excluded_memory", "updates", "fine_tuned_accuracy", "fine_tuned_loss",
    "client_name",
  ]

  func fields(method: String, seed: UInt64) -> [String] {
    [
      method, "\(seed)", "\(round)", "\(client)", deviceClass, "\(heldOutSamples)",
      score?.accuracy.decimalText ?? "", score?.loss.decimalText ?? "", "\(trainSamples)",
      isExcluded ? "1" : "0", "\(updates)", fineTuned?.accuracy.decimalText ?? "",
      fineTuned?.loss.decimalText ?? "", name ?? "",
    ]
  }
}
