/// The largest difference between two vectors, relative to the largest number of the expected one.
package func relativeError(_ actual: some Collection<Float>, _ expected: some Collection<Float>)
  -> Float
{
  precondition(actual.count == expected.count, "vectors of the same length")
  let scale = expected.map(abs).max() ?? 0
  let difference = zip(actual, expected).map { abs($0 - $1) }.max() ?? 0
  if actual.contains(where: { !$0.isFinite }) { return .infinity }
  return scale == 0 ? difference : difference / scale
}
