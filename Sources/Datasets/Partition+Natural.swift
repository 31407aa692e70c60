extension Partition {
  /// The samples of each owner, in the order of the owners' names.
  static func natural(
    _ samples: [Int], _ owners: ImageDataset.Owners?, _ clients: Int
  ) throws(DatasetError) -> [[Int]] {
    guard let owners else {
      throw DatasetError(
        "A natural partition needs the client of each sample; give an image folder with CLIENT/CLASS/ or a clients.csv."
      )
    }
    guard owners.names.count == clients else {
      throw DatasetError(
        "The data has \(owners.names.count) clients, but `fleet.devices` is \(clients); write devices: \(owners.names.count)."
      )
    }
    var shards = [[Int]](repeating: [], count: clients)
    for sample in samples { shards[Int(owners.ofSamples[sample])].append(sample) }
    if let empty = shards.firstIndex(where: \.isEmpty) {
      throw DatasetError(
        "The client \"\(owners.names[empty])\" has no training samples; give it more images, omit `data.train_samples`, or remove the client."
      )
    }
    return shards
  }
}
