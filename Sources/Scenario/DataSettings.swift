import Configuration
import Datasets

/// The data set, its partition among clients, and the prompt for a class.
public struct DataSettings: Sendable, Encodable {
  public enum Dataset: String, Codable, Sendable, CaseIterable {
    case fashionMNIST = "fashion-mnist"
    case cifar10 = "cifar-10"
    case cifar100 = "cifar-100"
    case imageFolder = "image-folder"
    case idx
  }

  /// The files of an `idx` data set.
  public struct IDXFiles: Sendable, Encodable {
    public var images: [String]
    public var labels: [String]
    /// The label of the first class: 1 for EMNIST's letters.
    public var firstLabel: Int
    /// Whether images are stored column by column, as EMNIST's are.
    public var isTransposed: Bool

    private enum CodingKeys: String, CodingKey {
      case images, labels, firstLabel
      case isTransposed = "transposed"
    }
  }

  /// The samples on which accuracy is measured.
  public enum TestPart: String, Codable, Sendable, CaseIterable {
    /// The test samples: a fifth of all samples, held by no client.
    case test
    /// The validation samples: a tenth of the train samples, held out from all clients, for
    /// choosing hyperparameters without using the test samples.
    case validation
  }

  public var dataset: Dataset
  /// The folder of the data set's files. Nil, which only Fashion-MNIST allows, means the folder of
  /// its Debian package.
  public var path: String?
  /// The files of an `idx` data set; nil for others.
  public var idx: IDXFiles?
  /// The names of an image folder's classes in the order of the folder names, or of an `idx` data
  /// set's classes in the order of the labels; nil for the folder names or labels themselves.
  public var classNames: [String]?
  /// The size of a seeded, class-balanced subset; nil for all samples.
  public var trainSamples: Int?
  public var testSamples: Int?
  public var testOn: TestPart
  public var partition: Partition
  /// Text with `{}` as the placeholder for the class name.
  public var prompt: String

  init(_ section: ConfigurationSection) {
    dataset = section.kind("dataset")
    switch dataset {
    case .fashionMNIST: path = section.optionalString("path", example: "data/fashion-mnist")
    case .cifar10, .cifar100, .imageFolder:
      path = section.string("path", example: "data/\(dataset.rawValue)")
    case .idx: idx = IDXFiles(section)
    }
    if dataset == .imageFolder || dataset == .idx, section.has("class_names") {
      classNames = section.strings("class_names", example: "tabby cat")
    }
    trainSamples = section.optionalInteger("train_samples", in: 1...Int.max, example: 12000)
    testSamples = section.optionalInteger("test_samples", in: 1...Int.max, example: 2000)
    testOn = section.choice("test_on", default: .test)
    let partitionSection = section.section("partition", naming: "kind", isRequired: false)
    partition = Partition(partitionSection)
    if partition == .natural, dataset != .imageFolder {
      partitionSection.fault(
        at: "kind",
        "natural needs the client of each sample; give an image-folder with CLIENT/CLASS/ or a clients.csv, or choose another partition"
      )
    }
    prompt = section.string("prompt", default: "a photo of a {}.")
    if prompt.ranges(of: "{}").count != 1 {
      section.fault(
        at: "prompt",
        "the prompt must contain {} once, as the place of the class name; write, for example, \"a photo of a {}.\""
      )
    }
  }
}

extension DataSettings.IDXFiles {
  init(_ section: ConfigurationSection) {
    self.init(
      images: section.strings("images", example: "emnist-letters-train-images-idx3-ubyte.gz"),
      labels: section.strings("labels", example: "emnist-letters-train-labels-idx1-ubyte.gz"),
      firstLabel: section.integer("first_label", in: 0...255, default: 0),
      isTransposed: section.boolean("transposed", default: false))
    if images.count != labels.count {
      section.fault(
        at: "labels",
        "there are \(images.count) image files and \(labels.count) label files; give one label file for each image file, in the same order"
      )
    }
  }
}

extension Partition {
  private enum Kind: String, CaseIterable {
    case iid, dirichlet, pathological, resample, natural
    case fewShot = "few-shot"
  }

  init(_ section: ConfigurationSection) {
    switch section.kind("kind", of: Kind.self, default: .iid) {
    case .iid: self = .iid
    case .natural: self = .natural
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
