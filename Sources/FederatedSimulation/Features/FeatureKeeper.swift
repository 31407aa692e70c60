import Adaptation
import Foundation
import Results

/// A run's use of the cache: what goes wrong with it costs one warning, and never the run.
struct FeatureKeeper {
  let key: FeatureKey
  private let cache: FeatureCache
  private let observer: any ProgressObserver
  private let clock = ContinuousClock()
  private var lastTime: ContinuousClock.Instant
  private var canKeep = true

  init(_ cache: FeatureCache, _ key: FeatureKey, _ observer: any ProgressObserver) {
    self.cache = cache
    self.key = key
    self.observer = observer
    lastTime = clock.now
  }

  /// What is kept of the features of the given samples.
  func features(of samples: [Int]) -> FrozenFeatures? {
    do { return try cache.features(of: samples, key) } catch {
      observer.observe(.warning(error.description))
      return nil
    }
  }

  /// Keeps features where that has not been done for long, so that a run that is killed leaves what
  /// it has computed.
  mutating func keepNowAndThen(_ features: FrozenFeatures) {
    if lastTime.duration(to: clock.now) >= cache.interval { keep(features) }
  }

  mutating func keep(_ features: FrozenFeatures) {
    guard canKeep else { return }
    do { try cache.keep(features, key) } catch {
      observer.observe(.warning(error.description))
      canKeep = false
    }
    lastTime = clock.now
  }
}
