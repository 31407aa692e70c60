import Adaptation
import Federation
import Foundation
import Tensors
import TrainingBackends

/// A message between ranks.
package enum RankMessage: Codable, Sendable {
  // MARK: From rank 0

  /// The host and process of rank 0.
  case welcome(RankPlace)
  /// Load the experiment of a combination of the sweep; 0 if there is no sweep.
  case open(point: Int)
  /// Store a model, which orders refer to by its key.
  case model(ModelKey, ClientModel)
  case forget([ModelKey])
  case order(Int, RankOrder)
  /// The image features of all samples that the run uses, [samples, width + 1], in the samples'
  /// order.
  case features(BaseForm, [Float])
  /// Add up the rank's range of vectors.
  case add(RangeSum)
  /// Send the rank's range of a sum, once it is added up.
  case gather(Int)
  /// Remove ranges of sums.
  case dropRanges([Int])
  /// Send a value that the rank stores for a client.
  case fetch(Int)
  case drop([Int])
  /// Confirm that the process is alive.
  case call
  case report
  case leave(Int32)

  // MARK: To rank 0

  case joined(RankPlace, workers: Int)
  /// The inputs of the results, as the rank loaded them.
  case opened([String: String])
  /// Why the experiment cannot be loaded.
  case refused(String)
  case done(Int, RankAnswer)
  case lacksFeatures(BaseForm)
  case kept(Int, KeptValue)
  /// The rank's range of a sum.
  case gathered(Int, [Float])
  case here
  case measures(RankMeasures)

  // MARK: Between any two ranks

  /// The receiver's range of an operand that the sender stores.
  case range(RangeSum.Operand, [Float])

  // MARK: In both directions

  /// Sent every second, so that a silent rank is detected.
  case alive

  /// The kind under which traffic is counted.
  var kind: RankTraffic.Kind {
    switch self {
    case .model, .forget: .models
    case .order(_, .train), .done(_, .trained): .training
    case .order(_, .test), .done(_, .scores): .tests
    case .order(_, .extract), .done(_, .features), .features, .lacksFeatures: .features
    case .add, .range, .gather, .gathered, .dropRanges: .sums
    case .fetch, .drop, .kept: .clientState
    case .welcome, .open, .call, .report, .leave, .joined, .opened, .refused, .here, .measures,
      .alive:
      .control
    }
  }
}

/// Work for a rank.
package enum RankOrder: Codable, Sendable {
  case train(Training)
  case test(Test)
  /// Compute the image features of batches of samples.
  case extract(BaseForm, [[Int]])

  package struct Training: Codable, Sendable {
    /// The number of the method in the scenario.
    package let method: Int
    package let model: SentModel
    package let techniques: TrainingTechniques
    package let members: [Member]
    package let upload: TrainingJob.Upload?
    /// Whether the changes stay on the rank.
    package let keepsChanges: Bool
  }

  package struct Member: Codable, Sendable {
    package let client: Int
    package let taskSeed: Int
    package let batchSize: Int
    package let memory: Sent<OptimizerMemory>?
    package let correction: GradientCorrection?
    package let residual: Sent<ErrorFeedback>
  }

  package struct Test: Codable, Sendable {
    package let method: Int
    package let model: SentModel
    package let pieces: [[Int]]
  }
}

/// The result of an order.
package enum RankAnswer: Codable, Sendable {
  case trained([Trained])
  case scores([Evaluator.Score])
  case features([Float])

  package struct Trained: Codable, Sendable {
    package let change: Sent<[Float]>
    package let steps: Int
    package let meanLoss: Double
    /// The number under which the rank stores it.
    package let memory: Int?
    package let isFinite: Bool
    package let received: Received?

    package init(
      change: Sent<[Float]>, steps: Int, meanLoss: Double, memory: Int?, isFinite: Bool,
      received: Received?
    ) {
      self.change = change
      self.steps = steps
      self.meanLoss = meanLoss
      self.memory = memory
      self.isFinite = isFinite
      self.received = received
    }
  }

  package struct Received: Codable, Sendable {
    package let numbers: [Float]
    package let residual: Sent<ErrorFeedback>

    package init(numbers: [Float], residual: Sent<ErrorFeedback>) {
      self.numbers = numbers
      self.residual = residual
    }
  }
}

/// A value, or the number under which a rank stores it.
package enum Sent<Value: Codable & Sendable>: Codable, Sendable {
  case value(Value)
  case kept(Int)
}

/// A value that a rank stores for a client.
package enum KeptValue: Codable, Sendable {
  case change([Float])
  case memory(OptimizerMemory)
  case residual(ErrorFeedback)
}

/// The initial model of all clients of a version and part.
package struct ModelKey: Hashable, Codable, Sendable {
  package let method: Int
  package let version: Int
  package let part: TrainedPart?
}

package enum SentModel: Codable, Sendable {
  case known(ModelKey)
  /// The model of one client.
  case own(ClientModel)
}

/// The host and process of a rank.
package struct RankPlace: Codable, Sendable, Equatable {
  package let host: String
  package let process: Int32

  package static var current: Self {
    Self(host: ProcessInfo.processInfo.hostName, process: getpid())
  }

  /// Whether the process is known to have ended, which only processes on its host can check.
  package var isGone: Bool {
    host == ProcessInfo.processInfo.hostName && kill(process, 0) != 0 && errno == ESRCH
  }
}

/// The resources that a rank has used.
package struct RankMeasures: Codable, Sendable {
  /// The peak memory in bytes.
  package let peakMemory: Int
  /// The CPU time of all threads.
  package let processorSeconds: Double
  /// The bytes sent to ranks other than rank 0.
  package let bytesToOthers: Int

  /// - Parameter traffic: of this rank.
  package static func current(_ traffic: RankTraffic) -> Self {
    var usage = rusage()
    // 0 is RUSAGE_SELF, whose type differs between systems.
    getrusage(0, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    #if os(Linux)
      let unit = 1024
    #else
      let unit = 1
    #endif
    return Self(
      peakMemory: usage.ru_maxrss * unit,
      processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      bytesToOthers: traffic.bytesToOthers)
  }
}
