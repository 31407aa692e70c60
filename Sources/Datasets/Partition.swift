import Randomness

/// How the train samples are divided among the clients.
///
/// A scenario writes it as `{ kind: iid }`, `{ kind: dirichlet, beta: 0.1 }`, `{ kind:
/// pathological, classes_per_client: 2 }`, `{ kind: few-shot, shots: 4 }` or `{ kind: natural }`.
public enum Partition: Sendable, Equatable {
  /// All samples at random, in parts whose sizes differ by at most one.
  case iid

  /// All samples, with the shares of each class drawn from Dirichlet(`beta`) (Hsu, Qi and Brown,
  /// arXiv 1909.06335): the smaller `beta`, the fewer clients hold most of a class.
  ///
  /// Shares are redrawn, up to `Partition.dirichletDraws` draws in total, until every client has a
  /// sample. If none of these draws succeeds (a tiny `beta` for many clients), the last one is
  /// repaired: each client without a sample, in order, takes a random one from the client with the
  /// most at that point.
  case dirichlet(beta: Double)

  /// Each client has exactly `classesPerClient` random classes, and all classes have equally many
  /// clients, give or take one, unless a class has too few samples.
  ///
  /// The samples of a class are split among its holders in parts whose sizes differ by at most one.
  /// Every class with samples has a holder if there are enough slots; otherwise the samples of
  /// classes without a holder are not used.
  case pathological(classesPerClient: Int)

  /// Each client has `shots` random samples of every class; the rest is not used.
  ///
  /// Adding a client does not change the samples of the others.
  case fewShot(shots: Int)

  /// Each client draws its own samples by its id, with replacement: about `samples` of them, with
  /// class shares from Dirichlet(`beta`), or as in the data without it.
  ///
  /// Their number is lognormal with that median and `sigma`. There may be more clients than
  /// samples, and adding a client does not change the samples of the others.
  case resample(samples: Int, sigma: Double, beta: Double?)

  /// Each client owns its samples in the data; clients are in the order of their names.
  case natural

  /// The maximum number of Dirichlet draws before the last one is repaired.
  public static let dirichletDraws = 100

  /// The samples of each client: no sample has two clients, and every client has a sample.
  ///
  /// The result depends only on the arguments, not on the order of `trainIndices`.
  ///
  /// - Parameters:
  ///   - trainIndices: the samples to divide, distinct.
  ///   - labels: the class of every sample of the data set; `trainIndices` are indices into it.
  ///   - classCount: the number of classes; labels are below it.
  ///   - clients: the number of clients.
  ///   - owners: the natural owners of the samples; required for a natural partition.
  ///   - absentClasses: deliberately omitted classes, which a few-shot partition then does not
  ///     need.
  ///   - seed: the run's seed.
  /// - Returns: the indices of each client's samples, ascending: [clients][samples of the client].
  /// - Throws: `DatasetError` if there are too few samples for the clients, or the partition's
  ///   parameter is out of range.
  public func assign(
    trainIndices: [Int], labels: [Int32], classCount: Int, clients: Int,
    owners: ImageDataset.Owners? = nil, absentClasses: Set<Int> = [], seed: UInt64
  ) throws(DatasetError) -> [[Int]] {
    if let fault { throw DatasetError(fault) }
    guard clients > 0 else {
      throw DatasetError("There are \(clients) clients to divide the data among; give at least 1.")
    }
    if let drawn = try drawn(
      trainIndices: trainIndices, labels: labels, classCount: classCount, seed: seed)
    {
      return (0..<clients).map(drawn.samples)
    }
    if self == .natural {
      return try Self.natural(trainIndices.sorted(), owners, clients)
    }
    guard clients <= trainIndices.count else {
      throw DatasetError(
        "There are \(clients) clients for \(trainIndices.count) train samples, and each needs one; "
          + "use fewer clients or more samples.")
    }
    let samples = trainIndices.sorted()
    let byClass = samplesByClass(samples, labels, classCount)
    let shards =
      switch self {
      case .iid:
        Self.iid(samples, clients, seed)
      case .dirichlet(let beta):
        Self.dirichlet(byClass, beta, clients, seed)
      case .pathological(let classesPerClient):
        try Self.pathological(byClass, classesPerClient, clients, seed)
      case .fewShot(let shots):
        try Self.fewShot(byClass, shots, clients, without: absentClasses, seed)
      case .resample, .natural:
        preconditionFailure("clients that have samples of their own share none out")
      }
    return shards.map { $0.sorted() }
  }

  /// The samples that each client draws for itself; nil if the partition assigns them instead.
  ///
  /// - Throws: `DatasetError` if a parameter of the partition is out of range or there is nothing
  ///   to draw from.
  package func drawn(
    trainIndices: [Int], labels: [Int32], classCount: Int, seed: UInt64
  ) throws(DatasetError) -> ResampledShards? {
    guard case .resample(let count, let sigma, let beta) = self else { return nil }
    if let fault { throw DatasetError(fault) }
    guard !trainIndices.isEmpty else {
      throw DatasetError("There are no train samples to draw from; use more of them.")
    }
    return ResampledShards(
      samplesByClass(trainIndices.sorted(), labels, classCount), samples: count, sigma: sigma,
      beta: beta, seed: seed)
  }

  /// The error of the partition's parameters, whatever the data; nil if they are valid.
  var fault: String? {
    switch self {
    case .dirichlet(let beta) where !(1e-9...1e9).contains(beta):
      "`beta` of a dirichlet partition is \(beta); give a number from 1e-9 to 1e9, such as 0.1."
    case .pathological(let classes) where classes < 1:
      "`classes_per_client` of a pathological partition is \(classes); give at least 1."
    case .fewShot(let shots) where shots < 1:
      "`shots` of a few-shot partition is \(shots); give at least 1."
    case .resample(let samples, _, _) where !(1...1_000_000_000).contains(samples):
      "`samples` of a resample partition is \(samples); give a number from 1 to 1000000000."
    case .resample(_, let sigma, _) where !(0...10).contains(sigma):
      "`sigma` of a resample partition is \(sigma); give a number from 0 to 10."
    case .resample(_, _, let beta?) where !(1e-9...1e9).contains(beta):
      "`beta` of a resample partition is \(beta); give a number from 1e-9 to 1e9, such as 0.1."
    default: nil
    }
  }
}
