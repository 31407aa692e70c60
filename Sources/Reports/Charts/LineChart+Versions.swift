extension LineChart {
  /// A share of each method by server version; long series are thinned.
  ///
  /// - Parameters:
  ///   - series: the methods and their rows, in the order of versions.
  ///   - title: the title of the vertical axis.
  ///   - value: what is drawn of a row.
  init(
    byVersion series: [(method: RunResults.Method, rows: [RoundRow])], of title: String,
    value: (RoundRow) -> Double
  ) {
    self.init(
      x: .init(title: "version", quantity: .count), y: .init(title: title, quantity: .share),
      series: series.map { method, rows in
        .init(
          name: method.name,
          points: Thinning.thinned(
            rows.map { DataPoint(x: Double($0.round), y: value($0)) }, to: 120, by: \.y),
          style: method.style)
      })
  }
}
