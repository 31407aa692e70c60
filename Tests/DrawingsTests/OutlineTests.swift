import Foundation
import Testing

@testable import Drawings

struct OutlineTests {
  @Test func `the bounds of a curve contain the curve, not its control points`() {
    let arch = Outline(0, 0).curve(1, -2, to: 2, 0)
    #expect(arch.bounds.least == Point(0, -1))
    #expect(arch.bounds.most == Point(2, 0))
  }

  @Test func `a reversed path covers the same area`() {
    let path = Outline(0, 0).line(1, 0).curve(2, 1, to: 1, 3)
    #expect(path.reversed().start == path.end)
    #expect(path.reversed().end == path.start)
    #expect(path.reversed().bounds.size == path.bounds.size)
  }

  @Test func `a half shape is mirrored to a whole one`() {
    let shape = Outline(0, 0).line(-2, 1).line(0, 4).symmetric()
    #expect(shape.isClosed)
    #expect(shape.bounds.least == Point(-2, 0))
    #expect(shape.bounds.most == Point(2, 4))
  }

  @Test func `a circle is round`() {
    let bounds = Outline.circle(3, 4, radius: 2).bounds
    #expect(abs(bounds.size.x - 4) < 1e-9 && abs(bounds.size.y - 4) < 1e-9)
    #expect(abs(bounds.centre.x - 3) < 1e-9 && abs(bounds.centre.y - 4) < 1e-9)
  }

  @Test func `a centred placement maps the centre to the centre`() {
    let frame = Placement.centred.frame(size: 100)
    #expect(frame(.zero) == Point(50, 50))
    let corner = frame(Point(0.5, 0.5))
    #expect(abs(corner.x - 98.5) < 1e-9 && abs(corner.y - 98.5) < 1e-9)
  }

  @Test func `composed maps equal both in sequence`() {
    let frame = Placement(rotation: 0.3, zoom: 0.8, aspect: 1.2, isFlipped: true).frame(size: 28)
    let both = frame.after(centring: Point(2, 3), scalingBy: 0.5)
    let direct = frame((Point(4, 7) - Point(2, 3)) * 0.5)
    #expect(abs(both(Point(4, 7)) - direct).max() < 1e-12)
    let turned = frame.after(turningBy: .pi / 2)
    #expect(abs(turned(Point(1, 0)) - frame(Point(0, 1))).max() < 1e-12)
  }

  private func abs(_ point: Point) -> Point { Point(Swift.abs(point.x), Swift.abs(point.y)) }

  private func abs(_ number: Double) -> Double { Swift.abs(number) }
}
