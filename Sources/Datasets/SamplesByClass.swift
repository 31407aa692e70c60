/// The samples of each class in the given order: [classCount][samples of the class].
func samplesByClass(_ samples: [Int], _ labels: [Int32], _ classCount: Int) -> [[Int]] {
  var byClass = [[Int]](repeating: [], count: classCount)
  for sample in samples { byClass[Int(labels[sample])].append(sample) }
  return byClass
}
