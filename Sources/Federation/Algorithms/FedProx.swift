import Adaptation

/// Adds FedProx's proximal term to any algorithm, which pulls clients towards their initial version
/// (Li et al., arXiv 1812.06127).
///
/// The client minimises its loss + mu/2 |w - x|^2, whose gradient has the additional term mu
/// (w - x). It holds the initial parameters x in addition to its own.
package struct FedProx<Base: FederatedAlgorithm>: AlgorithmWrapper {
  private let mu: Float
  package var base: Base

  package init(mu: Float, _ base: Base) {
    self.mu = mu
    self.base = base
  }

  package var clientMemory: ClientMemory { base.clientMemory + ClientMemory(holdsStart: true) }

  package func correction(
    of client: Int, from version: ServerVersion
  ) -> GradientCorrection? {
    mu > 0 ? GradientCorrection(proximal: mu) : nil
  }
}

extension FedProx: TieredAlgorithm where Base: TieredAlgorithm {}
