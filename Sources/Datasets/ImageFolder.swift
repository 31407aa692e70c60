import Foundation
import Pictures

/// A folder of PNG and JPEG files with a folder for each class.
///
/// It holds either `train/CLASS/` and, if there is one, `test/CLASS/`, or `CLASS/` directly. A file
/// counts by its extension, png, jpg or jpeg in any case; others are passed over with a remark, and names that
/// start with a dot without. Classes and files are taken in the order of their names' bytes.
public enum ImageFolder {
  /// Reads all pictures and brings each to the same size at once, so that no more than one is held
  /// as it comes.
  ///
  /// Complexity: holds 3 * `size` * `size` bytes a picture, 3 GB for 20,000 pictures of 224 pixels.
  ///
  /// - Parameters:
  ///   - classNames: what to call the classes, in the order of their folders' names; nil for those
  ///     names with spaces for underscores.
  ///   - size: the rows and the columns of each image of the data set.
  ///   - resize: makes an image of that size, [size, size, 3], of a picture.
  /// - Throws: `DatasetError` where the folder has not that shape, a class has no picture, a picture
  ///   cannot be read, two classes have one name, or `classNames` has not one name for each.
  public static func load(
    directory: URL, classNames: [String]? = nil, size: Int, resize: (Picture) -> [UInt8]
  ) throws(DatasetError) -> ImageDataset {
    let listing = try ImageFolderListing(directory)
    let names = try names(of: listing, classNames)
    let samples = listing.parts.flatMap(\.self)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(samples.count * size * size * 3)
    for sample in samples {
      let image = resize(try picture(sample.file))
      precondition(image.count == size * size * 3, "an image is [size, size, 3]")
      pixels += image
    }
    return ImageDataset(
      name: "image-folder", classNames: names, height: size, width: size, channels: 3,
      pixels: pixels, labels: samples.map(\.label), partCounts: listing.parts.map(\.count),
      sourceFiles: samples.map(\.file), remark: listing.remark)
  }

  private static func names(
    of listing: ImageFolderListing, _ given: [String]?
  ) throws(DatasetError) -> [String] {
    let folders = listing.classFolders
    guard given == nil || given?.count == folders.count else {
      throw DatasetError(
        "`data.class_names` has \(given?.count ?? 0) names, but \(listing.directory.path) has "
          + "\(folders.count) classes; give one name for each, in this order: "
          + "\(shortList(folders)).")
    }
    let names = given ?? folders.map { $0.replacingOccurrences(of: "_", with: " ") }
    var seen = Set<String>()
    for name in names where !seen.insert(name).inserted {
      throw DatasetError(
        "Two classes of \(listing.directory.path) are called \"\(name)\"; "
          + "give each a name of its own with `data.class_names`.")
    }
    return names
  }

  private static func picture(_ file: URL) throws(DatasetError) -> Picture {
    do { return try Picture(file: file) } catch { throw DatasetError(error.description) }
  }

  private static func shortList(_ names: [String]) -> String {
    names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", ..." : "")
  }
}
