import Foundation

/// How a launcher of parallel programs started this process, according to the environment.
package struct RankLaunch: Equatable, Sendable {
  /// The name of the launcher.
  package let launcher: String
  /// This process's number.
  package let rank: Int
  /// The number of processes started together.
  package let count: Int
  /// The number of those on this host.
  package let onThisHost: Int
  /// Whether the launcher provides the connection data that MPI needs; without it, MPI ends the
  /// process.
  package let connectsMPI: Bool

  /// Nil if the process was started alone.
  package init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    if let count = number("OMPI_COMM_WORLD_SIZE") ?? number("PMI_SIZE"), count > 1 {
      self.init(
        launcher: "mpirun", rank: number("OMPI_COMM_WORLD_RANK") ?? number("PMI_RANK") ?? 0,
        count: count, onThisHost: number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? 1, connectsMPI: true)
    } else if let count = number("SLURM_STEP_NUM_TASKS"), count > 1,
      let rank = number("SLURM_PROCID")
    {
      self.init(
        launcher: "srun", rank: rank, count: count,
        onThisHost: environment["SLURM_STEP_TASKS_PER_NODE"].flatMap {
          Int($0.prefix { $0.isNumber })
        } ?? 1, connectsMPI: environment["PMIX_RANK"] != nil)
    } else {
      return nil
    }
  }

  private init(launcher: String, rank: Int, count: Int, onThisHost: Int, connectsMPI: Bool) {
    self.launcher = launcher
    self.rank = rank
    self.count = count
    self.onThisHost = onThisHost
    self.connectsMPI = connectsMPI
  }

  /// Whether this program can share a run with other processes.
  package static var sharesRuns: Bool {
    #if MPI
      true
    #else
      false
    #endif
  }

  /// Connects the processes.
  ///
  /// - Throws: `RankFault` if they cannot be connected.
  package func connect() throws -> (RankPost, RankPost.Start) {
    #if MPI
      guard connectsMPI else {
        throw RankFault(
          "\(launcher) has started flora \(count) times without an MPI environment, so the processes cannot share a run; start it with srun --mpi=pmix, or with mpirun"
        )
      }
      let post = RankPost { try MPILink() }
      let start = try post.start()
      guard start.count == count else {
        throw RankFault(
          "\(launcher) started flora \(count) times, but MPI has \(start.count) ranks; start it with the mpirun of the MPI that flora was built with"
        )
      }
      return (post, start)
    #else
      throw RankFault(
        "\(launcher) started flora \(count) times, but this build has no MPI support; build with scripts/setup --mpi, or start flora once"
      )
    #endif
  }
}
