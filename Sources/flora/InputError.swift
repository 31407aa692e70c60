import BaseModels
import CLIP
import Configuration
import Datasets
import Drawings
import FederatedSimulation
import Fleet
import Pictures
import Pretraining
import Reports
import Scenario
import Storage

/// An error in the user's input, as one message.
struct InputError: Error, CustomStringConvertible {
  let description: String

  /// Runs `body` and converts its input errors; other errors are rethrown.
  static func catching<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      throw telling(error)
    }
  }

  /// The asynchronous version of `catching`.
  static func catchingLater<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch {
      throw telling(error)
    }
  }

  private static func telling(_ error: any Error) -> any Error {
    switch error {
    case is ConfigurationError: return InputError(description: "\(error)")
    case is ExperimentError, is DatasetError, is ModelError, is TokenizerError,
      is ImagePreprocessorError, is BaseModelError, is PictureError, is FleetFault,
      is FeatureCacheError, is TableFault, is PretrainingError, is PictureCorpusError,
      is CutOutPictureError, is ReportError:
      return InputError(description: "flora: \(error)")
    default: return error
    }
  }
}
