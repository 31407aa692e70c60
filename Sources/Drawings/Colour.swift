import Foundation
import Randomness

/// A colour with red, green and blue from 0 to 1, encoded as in picture files.
typealias Colour = SIMD3<Float>

extension Colour {
  static let black = Colour(repeating: 0)
  static let white = Colour(repeating: 1)

  static func grey(_ level: Double) -> Colour {
    Colour(repeating: Float(level))
  }

  /// The mean of the three channels.
  var lightness: Float { sum() / 3 }

  /// - Parameter hue: in turns: 0 is red, 1/3 green, 2/3 blue.
  init(hue: Double, saturation: Double, value: Double) {
    func channel(_ offset: Double) -> Float {
      let place = (hue * 6 + offset).truncatingRemainder(dividingBy: 6)
      return Float(value - value * saturation * Swift.max(0, Swift.min(1, place, 4 - place)))
    }
    self.init(channel(5), channel(3), channel(1))
  }

  /// A random colour, grey in half of the cases.
  static func random(using random: inout RandomStream) -> Colour {
    random.chance(0.5)
      ? grey(random.number(0.15...1))
      : Colour(
        hue: random.uniform(), saturation: random.number(0.25...1), value: random.number(0.3...1))
  }
}
