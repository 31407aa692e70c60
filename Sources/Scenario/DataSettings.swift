import Configuration
import Datasets

/// Which samples there are, who holds them, and the prompt that stands for a class.
public struct DataSettings: Sendable, Encodable {
  public enum Dataset: String, Codable, Sendable, CaseIterable {
    case fashionMNIST = "fashion-mnist"
    case cifar10 = "cifar-10"
    case cifar100 = "cifar-100"
    case imageFolder = "image-folder"
  }

  /// Where accuracy is measured.
  public enum TestPart: String, Codable, Sendable, CaseIterable {
    /// On the fifth of the samples that no client holds.
    case test
    /// On a tenth of the train samples, which no client then holds: to choose hyper-parameters without
    /// a look at the test samples.
    case validation
  }

  public var dataset: Dataset
  /// The folder of the data set's files; nil, which Fashion-MNIST alone may have, where its Debian
  /// package puts them.
  public var path: String?
  /// What the classes of an image folder are called, in the order of their folders' names; nil for
  /// those names.
  public var classNames: [String]?
  /// The size of a seeded, class-balanced subset; nil for all.
  public var trainSamples: Int?
  public var testSamples: Int?
  public var testOn: TestPart
  public var partition: Partition
  /// Text with `{}` where the name of the class goes.
  public var prompt: String

  init(_ section: ConfigurationSection) {
    dataset = section.kind("dataset")
    path =
      dataset == .fashionMNIST
      ? section.optionalString("path", example: "data/fashion-mnist")
      : section.string("path", example: "data/\(dataset.rawValue)")
    if dataset == .imageFolder, section.has("class_names") {
      classNames = section.strings("class_names", example: "tabby cat")
    }
    trainSamples = section.optionalInteger("train_samples", in: 1...Int.max, example: 12000)
    testSamples = section.optionalInteger("test_samples", in: 1...Int.max, example: 2000)
    testOn = section.choice("test_on", default: .test)
    partition = Partition(section.section("partition", isRequired: false))
    prompt = section.string("prompt", default: "a photo of a {}.")
    if prompt.ranges(of: "{}").count != 1 {
      section.fault(
        at: "prompt",
        "the prompt must contain {} once, as the place of the class name; write, for example, \"a photo of a {}.\""
      )
    }
  }
}

extension Partition {
  private enum Kind: String, CaseIterable {
    case iid, dirichlet, pathological, resample
    case fewShot = "few-shot"
  }

  init(_ section: ConfigurationSection) {
    switch section.kind("kind", of: Kind.self, default: .iid) {
    case .iid: self = .iid
    case .dirichlet: self = .dirichlet(beta: section.number("beta", in: 1e-6...1e6, example: 0.1))
    case .pathological:
      self = .pathological(
        classesPerClient: section.integer("classes_per_client", in: 1...1000, example: 2))
    case .fewShot: self = .fewShot(shots: section.integer("shots", in: 1...1_000_000, example: 8))
    case .resample:
      self = .resample(
        samples: section.integer("samples", in: 1...1_000_000_000, example: 200),
        sigma: section.number("sigma", in: 0...10, default: 0),
        beta: section.optionalNumber("beta", in: 1e-6...1e6, example: 0.1))
    }
  }
}
