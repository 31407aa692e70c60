import Storage

/// A row of clients.csv: how a client's model does on the samples that the client has kept back.
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
  /// What the data calls the client, such as a domain; nil where it has no names for clients.
  public let name: String?
  public let trainSamples: Int
  public let heldOutSamples: Int
  /// Whether the device has insufficient memory for the method's training.
  public let isExcluded: Bool
  /// How many of its updates have been used so far.
  public let updates: Int
  /// Of the model that the client has: its own where the algorithm leaves it one, else the version. Nil without a
  /// held-out sample.
  public let score: Score?
  /// After training on as in a task; nil where that is not asked for, where the device has insufficient memory, and
  /// without a held-out sample.
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
