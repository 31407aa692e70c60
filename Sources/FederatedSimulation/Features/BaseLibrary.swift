import Adaptation
import CLIP
import Results
import Tensors
import TrainingBackends

/// The forms of the base that an experiment's devices compute with, each with the features of the images where
/// its vision tower is frozen; made when a form is asked for the first time.
package final class BaseLibrary {
  private let experiment: Experiment
  private let pool: WorkerPool
  private let cache: FeatureCache?
  private let observer: any ProgressObserver
  private var models: [BasePrecision: CLIPModel] = [:]
  private var features: [BaseForm: FrozenFeatures] = [:]
  /// Where the features came from, those of the form that was asked for first.
  private(set) var origin: FeatureOrigin?

  /// - Parameter cache: where features are kept from run to run; nil to compute all of them.
  package init(
    _ experiment: Experiment, on pool: WorkerPool, _ cache: FeatureCache?,
    _ observer: any ProgressObserver
  ) {
    self.experiment = experiment
    self.pool = pool
    self.cache = cache
    self.observer = observer
  }

  /// - Parameter withFeatures: whether the vision tower is frozen.
  package func base(_ form: BaseForm, withFeatures: Bool) -> ThreadBackend.Base {
    let model = models[form.storage] ?? experiment.model.stored(in: form.storage)
    models[form.storage] = model
    guard withFeatures else { return ThreadBackend.Base(model: model, features: nil) }
    if let known = features[form] { return ThreadBackend.Base(model: model, features: known) }
    let (made, origin) = experiment.features(
      of: model, form.precision, on: pool, cache, observer)
    features[form] = made
    self.origin = self.origin ?? origin
    return ThreadBackend.Base(model: model, features: made)
  }

  /// Makes what the methods' own settings ask for, before the first of them runs.
  package func prepare() {
    guard !experiment.scenario.isTimingOnly else { return }
    for (settings, adapted) in experiment.methods where !adapted.trainsVision {
      _ = base(BaseForm(settings.training.techniques), withFeatures: true)
    }
  }
}
