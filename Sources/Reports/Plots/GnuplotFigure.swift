/// A gnuplot script that draws one picture, as SVG and as PNG.
struct GnuplotFigure {
  /// The name of the script and its pictures, without extension.
  let name: String
  let title: String
  /// The settings before the plot command.
  let settings: [String]
  /// The elements of the plot command.
  let elements: [String]
  /// In pixels.
  var height = 500

  var scriptName: String { "\(name).gp" }
  var pictureNames: [String] { ["\(name).svg", "\(name).png"] }

  /// Every script of any release contains one of these, by which flora recognises its own.
  static let marks = [
    "# flora report overwrites this file", "# flora report writes this file anew",
  ]

  var script: String {
    let head = [
      GnuplotText.comment(title),
      "\(Self.marks[0]); to keep changes, copy it. To redraw it, in this folder:",
      "#     gnuplot \(scriptName)",
      "set encoding utf8",
      "set grid",
      "set border 3",
      "set tics nomirror out",
      "set key outside top center horizontal",
      "set title \(GnuplotText.quoted(title))",
    ]
    let plot = "plot " + elements.joined(separator: ", \\\n  ")
    return
      (head + settings + [
        "set terminal svg noenhanced size 800,\(height) font 'sans-serif,14' background '#ffffff'",
        "set output '\(name).svg'",
        plot,
        "set terminal pngcairo noenhanced size 1600,\(2 * height) font 'sans-serif,14' fontscale 2 linewidth 2 pointscale 2",
        "set output '\(name).png'",
        "replot",
        "unset output",
      ]).joined(separator: "\n") + "\n"
  }
}

extension SeriesStyle {
  private static let colours = [
    "#0063a6", "#c44e0a", "#00805c", "#a0448a", "#8f6400", "#2b86b0", "#7a4a2b", "#5a6069",
  ]
  private static let points = [7, 5, 9, 13, 11, 2, 15, 3]
  private static let hollowPoints = [6, 4, 8, 12, 10, 1, 14, 1]

  /// The colour, dash and point type of a series in gnuplot's syntax.
  var gnuplot: String {
    let points = index / Self.count % 2 == 1 ? Self.hollowPoints : Self.points
    return "\(gnuplotLine) pt \(points[index % Self.count]) ps 0.7"
  }

  /// Colour and dash alone, for lines without points.
  var gnuplotLine: String {
    let dash = index % Self.count == 0 ? 1 : index % Self.count + 1
    return
      "lc rgb '\(Self.colours[index % Self.count])' lw 1.5 dt \(dash % 5 + (dash >= 5 ? 1 : 0))"
  }

  /// Only the colour.
  var gnuplotColour: String { "lc rgb '\(Self.colours[index % Self.count])'" }
}
