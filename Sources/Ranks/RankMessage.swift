import Adaptation
import Federation
import Foundation
import Tensors
import TrainingBackends

/// What ranks tell each other.
package enum RankMessage: Codable, Sendable {
  // MARK: From rank 0

  /// Where rank 0 runs.
  case welcome(RankPlace)
  /// Load the experiment of a combination of the sweep; 0 where there is no sweep.
  case open(point: Int)
  /// Keep a model, which orders name by its key.
  case model(ModelKey, ClientModel)
  case forget([ModelKey])
  case order(Int, RankOrder)
  /// The image features of all samples that the run uses, [samples, width + 1], in the order of the samples.
  case features(BaseForm, [Float])
  /// Send a value that the rank keeps for a client.
  case fetch(Int)
  case drop([Int])
  /// Say whether you are still there.
  case call
  case report
  case leave(Int32)

  // MARK: To rank 0

  case joined(RankPlace, workers: Int)
  /// What results depend on, as the rank has loaded it.
  case opened([String: String])
  /// Why it cannot be loaded.
  case refused(String)
  case done(Int, RankAnswer)
  case lacksFeatures(BaseForm)
  case kept(Int, KeptValue)
  case here
  case measures(RankMeasures)

  // MARK: Both ways

  /// Sent each second, so that silence shows.
  case alive

  /// What traffic is counted by.
  var kind: RankTraffic.Kind {
    switch self {
    case .model, .forget: .models
    case .order(_, .train), .done(_, .trained): .training
    case .order(_, .test), .done(_, .scores): .tests
    case .order(_, .extract), .done(_, .features), .features, .lacksFeatures: .features
    case .fetch, .drop, .kept: .clientState
    case .welcome, .open, .call, .report, .leave, .joined, .opened, .refused, .here, .measures,
      .alive:
      .control
    }
  }
}

/// Work that a rank is given.
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

/// What has become of an order.
package enum RankAnswer: Codable, Sendable {
  case trained([Trained])
  case scores([Evaluator.Score])
  case features([Float])

  package struct Trained: Codable, Sendable {
    package let change: [Float]
    package let steps: Int
    package let meanLoss: Double
    /// The number by which the rank keeps it.
    package let memory: Int?
    package let isFinite: Bool
    package let received: Received?

    package init(
      change: [Float], steps: Int, meanLoss: Double, memory: Int?, isFinite: Bool,
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

/// A value, or the number by which a rank keeps it.
package enum Sent<Value: Codable & Sendable>: Codable, Sendable {
  case value(Value)
  case kept(Int)
}

/// What a rank keeps for a client.
package enum KeptValue: Codable, Sendable {
  case memory(OptimizerMemory)
  case residual(ErrorFeedback)
}

/// A model that all clients of a version and part start from.
package struct ModelKey: Hashable, Codable, Sendable {
  package let method: Int
  package let version: Int
  package let part: TrainedPart?
}

package enum SentModel: Codable, Sendable {
  case known(ModelKey)
  /// That of one client.
  case own(ClientModel)
}

/// Where a rank runs.
package struct RankPlace: Codable, Sendable, Equatable {
  package let host: String
  package let process: Int32

  package static var current: Self {
    Self(host: ProcessInfo.processInfo.hostName, process: getpid())
  }

  /// Whether the process is known to be gone, which can be seen on its own host alone.
  package var isGone: Bool {
    host == ProcessInfo.processInfo.hostName && kill(process, 0) != 0 && errno == ESRCH
  }
}

/// What a rank has used.
package struct RankMeasures: Codable, Sendable {
  /// The most memory that it ever held, in bytes.
  package let peakMemory: Int
  /// Of all its threads.
  package let processorSeconds: Double

  package static var current: Self {
    var usage = rusage()
    // RUSAGE_SELF, whose type differs between systems.
    getrusage(0, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    #if os(Linux)
      let unit = 1024
    #else
      let unit = 1
    #endif
    return Self(
      peakMemory: usage.ru_maxrss * unit,
      processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }
}
