import Foundation

/// Gnuplot scripts, the data that they read, and the pictures that they draw.
struct PlotSet {
  var figures: [GnuplotFigure] = []
  var data: [GnuplotData] = []

  /// The status of the pictures.
  enum Drawing: Equatable {
    /// The number of figures drawn.
    case drawn(Int)
    case gnuplotIsMissing
  }

  /// Writes everything to the folder `plots` of a results folder.
  ///
  /// Files are created in a temporary folder and then moved into place one by one; other files are
  /// unchanged.
  ///
  /// - Throws: `ReportError` if a file that flora did not write is in the way, before anything is
  ///   written; `PlotError` if gnuplot fails; a file system error.
  func write(in folder: URL) async throws -> Drawing {
    let files = FileManager.default
    let place = folder.appending(path: "plots", directoryHint: .isDirectory)
    try check(place)
    let staging = folder.appending(path: ".plots.\(UUID().uuidString)", directoryHint: .isDirectory)
    try files.createDirectory(at: staging, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: staging) }
    for file in data { try write(file.text, to: staging.appending(path: file.name)) }
    for figure in figures {
      try write(figure.script, to: staging.appending(path: figure.scriptName))
    }
    let drawing = try await draw(in: staging)
    try files.createDirectory(at: place, withIntermediateDirectories: true)
    // Pictures of an earlier report do not match the new data.
    for picture in figures.flatMap(\.pictureNames) {
      try? files.removeItem(at: place.appending(path: picture))
    }
    for name in try files.contentsOfDirectory(atPath: staging.path).sorted() {
      guard rename(staging.appending(path: name).path, place.appending(path: name).path) == 0 else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: place.path])
      }
    }
    return drawing
  }

  /// Checks that only flora's files would be replaced. Pictures are flora's if their script is.
  private func check(_ place: URL) throws {
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory),
      !isDirectory.boolValue
    {
      throw OwnOutput.fault(place)
    }
    for file in data {
      try OwnOutput.check(place.appending(path: file.name)) {
        $0.starts(with: GnuplotData.beginning.utf8)
      }
    }
    for figure in figures {
      let script = place.appending(path: figure.scriptName)
      try OwnOutput.check(script) { start in
        GnuplotFigure.marks.contains { start.range(of: Data($0.utf8)) != nil }
      }
      guard !FileManager.default.fileExists(atPath: script.path) else { continue }
      for picture in figure.pictureNames {
        try OwnOutput.check(place.appending(path: picture)) { _ in false }
      }
    }
  }

  private func draw(in folder: URL) async throws -> Drawing {
    for figure in figures {
      guard try await Gnuplot.draw(figure, in: folder) else { return .gnuplotIsMissing }
    }
    return .drawn(figures.count)
  }

  private func write(_ text: String, to file: URL) throws {
    try Data(text.utf8).write(to: file)
  }
}
