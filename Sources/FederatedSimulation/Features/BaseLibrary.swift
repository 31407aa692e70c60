import Adaptation
import CLIP
import Ranks
import Results
import Tensors
import TrainingBackends

/// The forms of the base used by an experiment's devices, with the image features of each if its
/// vision tower is frozen; created on first use.
package final class BaseLibrary {
  private let experiment: Experiment
  private let pool: WorkerPool
  private let cache: FeatureCache?
  private let observer: any ProgressObserver
  private var models: [BasePrecision: CLIPModel] = [:]
  private var features: [BaseForm: FrozenFeatures] = [:]
  /// The origin of the features of the first requested form.
  private(set) var origin: FeatureOrigin?

  private let source: Source
  private var extractions: [BaseForm: FeatureExtraction] = [:]

  /// What computes the features that are not in the cache.
  package enum Source {
    /// This process.
    case workers
    /// All ranks of the run, of which this is the first.
    case ranks(RankHub)
    /// The first rank, which provides all features.
    case firstRank((BaseForm) -> [Float])
  }

  /// - Parameter cache: the feature cache; nil to compute all features.
  package init(
    _ experiment: Experiment, on pool: WorkerPool, _ cache: FeatureCache?,
    _ observer: any ProgressObserver, _ source: Source = .workers
  ) {
    self.experiment = experiment
    self.pool = pool
    self.cache = cache
    self.observer = observer
    self.source = source
  }

  /// - Parameter withFeatures: whether the vision tower is frozen.
  package func base(_ form: BaseForm, withFeatures: Bool) -> ThreadBackend.Base {
    let model = model(form.storage)
    guard withFeatures else { return ThreadBackend.Base(model: model, features: nil) }
    if let known = features[form] { return ThreadBackend.Base(model: model, features: known) }
    let made = makeFeatures(form, model)
    features[form] = made
    return ThreadBackend.Base(model: model, features: made)
  }

  private func model(_ storage: BasePrecision) -> CLIPModel {
    if let known = models[storage] { return known }
    let model = experiment.model.stored(in: storage)
    models[storage] = model
    return model
  }

  private func makeFeatures(_ form: BaseForm, _ model: CLIPModel) -> FrozenFeatures {
    if case .firstRank(let ask) = source {
      return cache.flatMap { experiment.cachedFeatures(of: model, form.precision, on: pool, $0) }
        ?? FrozenFeatures(
          ask(form), width: model.configuration.projectionWidth, samples: experiment.usedSamples,
          population: experiment.dataset.count)
    }
    let (made, origin) = experiment.features(
      of: model, form.precision, on: pool, cache, observer, sharedExtraction(form))
    self.origin = self.origin ?? origin
    if case .ranks(let hub) = source {
      hub.provide(form) { [experiment] in experiment.usedSamples.flatMap { made[$0] } }
    }
    return made
  }

  private func sharedExtraction(_ form: BaseForm) -> FeatureExtraction {
    let local = extraction(form)
    guard case .ranks(let hub) = source else { return local }
    return { batches in hub.extract(form, batches.map(\.samples)) { local(batches) } }
  }

  /// Computes a form's features on this process's workers.
  func extraction(_ form: BaseForm) -> FeatureExtraction {
    if let known = extractions[form] { return known }
    let extraction = experiment.extraction(model(form.storage), form.precision, on: pool)
    extractions[form] = extraction
    return extraction
  }

  /// Creates the forms that the methods' own settings need, before the first method runs.
  package func prepare() {
    guard !experiment.scenario.isTimingOnly else { return }
    for (settings, adapted) in experiment.methods where !adapted.trainsVision {
      _ = base(BaseForm(settings.training.techniques), withFeatures: true)
    }
  }
}
