import Adaptation
import Foundation
import Results

/// A run's access to the cache. Failures cause one warning, but never abort the run.
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

  /// The cached features of the given samples.
  func features(of samples: [Int]) -> FrozenFeatures? {
    do { return try cache.features(of: samples, key) } catch {
      observer.observe(.warning(error.description))
      return nil
    }
  }

  /// Stores features if enough time has passed since the last save, so that a killed run keeps its
  /// work.
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
