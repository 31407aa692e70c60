extension Loss {
  /// The classes whose prompts a batch with these labels needs, in ascending order.
  package func promptClasses(labels: [Int], count: Int) -> [Int] {
    switch self {
    case .contrastive: Set(labels).sorted()
    case .classification: Array(0..<count)
    }
  }
}
