extension Partition {
  /// The samples of each owner, in the order of the owners' names.
  static func natural(
    _ samples: [Int], _ owners: ImageDataset.Owners?, _ clients: Int
  ) throws(DatasetError) -> [[Int]] {
    guard let owners else {
      throw DatasetError(
        "A natural partition needs to know whose samples these are; give an image folder of CLIENT/CLASS/, or one with a clients.csv."
      )
    }
    guard owners.names.count == clients else {
      throw DatasetError(
        "The data has \(owners.names.count) clients of its own, and `fleet.devices` is \(clients); write devices: \(owners.names.count)."
      )
    }
    var shards = [[Int]](repeating: [], count: clients)
    for sample in samples { shards[Int(owners.ofSamples[sample])].append(sample) }
    if let empty = shards.firstIndex(where: \.isEmpty) {
      throw DatasetError(
        "The client \"\(owners.names[empty])\" has no sample to train on; give it more images, leave `data.train_samples` out, or remove it."
      )
    }
    return shards
  }
}
