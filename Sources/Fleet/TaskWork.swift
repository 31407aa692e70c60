/// The transfers and operations of a task, planned or completed.
package struct TaskWork: Hashable, Codable, Sendable {
  package var download: ByteCount
  package var training: FLOPCount
  package var upload: ByteCount

  package init(download: ByteCount, training: FLOPCount, upload: ByteCount) {
    self.download = download
    self.training = training
    self.upload = upload
  }

  package static let zero = TaskWork(download: .zero, training: .zero, upload: .zero)

  package static func + (lhs: Self, rhs: Self) -> Self {
    Self(
      download: lhs.download + rhs.download,
      training: lhs.training + rhs.training,
      upload: lhs.upload + rhs.upload)
  }

  /// The part of the work that belongs to a phase.
  package func part(of phase: TaskPhase) -> TaskWork {
    switch phase {
    case .download: TaskWork(download: download, training: .zero, upload: .zero)
    case .training: TaskWork(download: .zero, training: training, upload: .zero)
    case .upload: TaskWork(download: .zero, training: .zero, upload: upload)
    }
  }
}
