import Foundation

/// An axis-aligned bounding box that grows to include points.
struct Bounds {
  private(set) var least: Point
  private(set) var most: Point

  init(around point: Point) {
    least = point
    most = point
  }

  var size: Point { most - least }
  var centre: Point { (least + most) / 2 }

  mutating func include(_ point: Point) {
    least = pointwiseMin(least, point)
    most = pointwiseMax(most, point)
  }

  mutating func include(_ other: Bounds) {
    include(other.least)
    include(other.most)
  }

  /// The box with a margin on each side.
  func grown(by margin: Double) -> Bounds {
    var result = self
    result.least -= Point(repeating: margin)
    result.most += Point(repeating: margin)
    return result
  }
}
