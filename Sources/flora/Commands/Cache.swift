import ArgumentParser
import FederatedSimulation
import Fleet
import Foundation

struct Cache: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List or remove cached image features.",
    discussion: """
      They are in $FLORA_CACHE, else in $XDG_CACHE_HOME/flora, else in ~/.cache/flora. A run that finds \
      none computes them again; its results are the same.
      """,
    subcommands: [List.self, Clear.self], defaultSubcommand: List.self)

  static var features: FeatureCache { FeatureCache(folder: FeatureCache.defaultFolder()) }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print one line per entry.")

    func run() throws {
      let cache = Cache.features
      let entries = try InputError.catching { try cache.entries() }
      if !entries.isEmpty {
        let header = ["key", "size", "data set", "base", "samples", "last used"]
        print(TextTable(rows: [header] + entries.map(row)).text + "\n")
      }
      let total = entries.reduce(ByteCount.zero) { $0 + $1.size }
      print("\(Cache.count(entries.count)), \(total), in \(cache.directory.path)")
    }

    private func row(_ entry: FeatureCache.Entry) -> [String] {
      let contents = entry.contents
      let samples = contents.map { "\($0.samples) of \($0.population)" }
      return [
        String(entry.key.prefix(12)), "\(entry.size)", contents?.dataSet ?? "damaged",
        contents?.base ?? "", samples ?? "",
        entry.lastUse.formatted(Cache.localTime),
      ]
    }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove entries, or all of them.")

    @Argument(help: "Key prefixes of the entries to remove. (default: all)")
    var keys: [String] = []

    func run() throws {
      let cache = Cache.features
      let (count, freed) = try InputError.catching { try cache.clear(keys) }
      print("Removed \(Cache.count(count)), \(freed), from \(cache.directory.path)")
    }
  }

  /// Such as `2026-03-01 09:30:00`, in the user's time zone.
  private static let localTime = Date.ISO8601FormatStyle(timeZone: .current)
    .year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false)

  private static func count(_ entries: Int) -> String {
    entries == 1 ? "1 entry" : "\(entries) entries"
  }
}
