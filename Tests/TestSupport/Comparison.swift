/// The largest difference between two vectors, relative to the largest number of the expected one.
package func relativeError(_ actual: some Collection<Float>, _ expected: some Collection<Float>)
  -> Float
{
  Float(relativeError(actual, expected.map(Double.init)))
}

/// The largest difference between two vectors, relative to `scale`, by default the largest number of
/// the expected one.
///
/// Use an explicit scale for sums whose terms cancel: they round like their terms.
package func relativeError(
  _ actual: some Collection<Float>, _ expected: some Collection<Double>, scale: Double? = nil
) -> Double {
  precondition(actual.count == expected.count, "vectors of the same length")
  if actual.contains(where: { !$0.isFinite }) { return .infinity }
  let scale = scale ?? expected.map(abs).max() ?? 0
  let difference = zip(actual, expected).map { abs(Double($0) - $1) }.max() ?? 0
  return scale == 0 ? difference : difference / scale
}
