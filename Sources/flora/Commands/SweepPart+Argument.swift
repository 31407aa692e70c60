import ArgumentParser
import Sweeps

extension SweepPart: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}
