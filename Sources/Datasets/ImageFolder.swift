import Foundation
import Pictures

/// A folder of pictures with a subfolder per class.
///
/// It contains either `train/CLASS/` and optionally `test/CLASS/`, or `CLASS/` directly. Files with
/// the extensions png, jpg, jpeg, webp, gif, tif, tiff or bmp in any case are read; others are
/// skipped with a remark, and hidden files without. The format is determined by the first bytes.
/// Classes and files are sorted by the bytes of their names.
public enum ImageFolder {
  /// Resizes pictures, one at a time on a single thread: to [size, size, 3].
  public typealias Resizer = (Picture) -> [UInt8]

  /// Reads all pictures and resizes each immediately, so that each worker holds at most one picture
  /// of original size.
  ///
  /// Complexity: holds 3 * `size` * `size` bytes a picture, 3 GB for 20,000 pictures of 224 pixels.
  ///
  /// - Parameters:
  ///   - classNames: the class names, in the order of the folder names; nil for the folder names
  ///     with spaces for underscores.
  ///   - byClient: whether pictures belong to clients: the folder contains `CLIENT/CLASS/`, or
  ///     `CLASS/` and a `clients.csv` with the columns `file`, relative to the folder, and
  ///     `client`.
  ///   - size: the number of rows and of columns of each image in the data set.
  ///   - workers: the number of threads that read; affects neither the images nor the error.
  ///   - resizer: creates a resizer for one thread.
  /// - Throws: `DatasetError` if the folder has a different layout, a class has no picture, a
  ///   picture cannot be read, two classes have the same name, or `classNames` does not have one
  ///   name per class.
  public static func load(
    directory: URL, classNames: [String]? = nil, byClient: Bool = false, size: Int,
    workers: Int = 1, resizer: @Sendable () -> Resizer
  ) throws(DatasetError) -> ImageDataset {
    let listing = try byClient ? ImageFolderListing(clients: directory) : .init(directory)
    let names = try names(of: listing, classNames)
    let samples = listing.parts.flatMap(\.self)
    let pixels = try pixels(of: samples, size: size, workers: workers, resizer)
    return ImageDataset(
      name: "image-folder", classNames: names, height: size, width: size, channels: 3,
      pixels: pixels, labels: samples.map(\.label), partCounts: listing.parts.map(\.count),
      sourceFiles: samples.map(\.file) + listing.otherFiles, remark: listing.remark,
      owners: listing.owners)
  }

  private static func pixels(
    of samples: [ImageFolderListing.Sample], size: Int, workers: Int,
    _ resizer: @Sendable () -> Resizer
  ) throws(DatasetError) -> [UInt8] {
    let imageCount = size * size * 3
    let reading = Reading(count: samples.count)
    let pixels = [UInt8](unsafeUninitializedCapacity: samples.count * imageCount) { room, count in
      // Each sample has its own range, written by a single thread.
      nonisolated(unsafe) let room = room
      DispatchQueue.concurrentPerform(iterations: min(workers, samples.count)) { _ in
        let resize = resizer()
        while let index = reading.next() {
          do throws(DatasetError) {
            let image = resize(try picture(samples[index].file))
            precondition(image.count == imageCount, "an image is [size, size, 3]")
            let place = room.baseAddress! + index * imageCount
            image.withUnsafeBufferPointer {
              place.initialize(from: $0.baseAddress!, count: imageCount)
            }
          } catch {
            reading.stop(at: index, error)
          }
        }
      }
      count = reading.fault == nil ? room.count : 0
    }
    if let fault = reading.fault { throw fault }
    return pixels
  }

  /// Distributes samples to threads in order, until one cannot be read.
  private final class Reading: @unchecked Sendable {
    // Protected by the lock.
    private let lock = NSLock()
    private var started = 0
    private var count: Int
    private var first: DatasetError?

    init(count: Int) { self.count = count }

    /// The next sample to read; nil if there is none.
    func next() -> Int? {
      lock.withLock {
        guard started < count else { return nil }
        started += 1
        return started - 1
      }
    }

    /// Samples before the unreadable one are already being read. Of several errors the first
    /// sample's wins, as on a single thread.
    func stop(at index: Int, _ error: DatasetError) {
      lock.withLock {
        guard index < count else { return }
        (count, first) = (index, error)
      }
    }

    var fault: DatasetError? { lock.withLock { first } }
  }

  private static func names(
    of listing: ImageFolderListing, _ given: [String]?
  ) throws(DatasetError) -> [String] {
    let folders = listing.classFolders
    guard given == nil || given?.count == folders.count else {
      throw DatasetError(
        "`data.class_names` has \(given?.count ?? 0) names, but \(listing.directory.path) has "
          + "\(folders.count) classes; give one name for each class, in this order: "
          + "\(shortList(folders)).")
    }
    let names = given ?? folders.map { $0.replacingOccurrences(of: "_", with: " ") }
    var seen = Set<String>()
    for name in names where !seen.insert(name).inserted {
      throw DatasetError(
        "Two classes of \(listing.directory.path) are called \"\(name)\"; "
          + "give them distinct names with `data.class_names`.")
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
