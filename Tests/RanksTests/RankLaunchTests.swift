import Testing

@testable import Ranks

struct RankLaunchTests {
  @Test(arguments: [
    (["OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "2"], "mpirun", 2, 3, 1),
    (
      [
        "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "0",
        "OMPI_COMM_WORLD_LOCAL_SIZE": "2",
      ], "mpirun", 0, 4, 2
    ),
    (["PMI_SIZE": "2", "PMI_RANK": "1"], "mpirun", 1, 2, 1),
    (
      [
        "SLURM_STEP_NUM_TASKS": "6", "SLURM_PROCID": "5", "SLURM_STEP_TASKS_PER_NODE": "3(x2)",
      ], "srun", 5, 6, 3
    ),
  ])
  func `a process sees by whom, as which and of how many it was started`(
    environment: [String: String], launcher: String, rank: Int, count: Int, onThisHost: Int
  ) throws {
    let launch = try #require(RankLaunch(environment))
    #expect(launch.launcher == launcher)
    #expect((launch.rank, launch.count, launch.onThisHost) == (rank, count, onThisHost))
  }

  @Test(arguments: [
    [:], ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"],
    // A job's script, which Slurm starts once whatever the job's number of tasks.
    ["SLURM_NTASKS": "4", "SLURM_PROCID": "0"],
    ["SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"],
  ])
  func `a process that was started without a launcher is a single process`(
    environment: [String: String]
  ) {
    #expect(RankLaunch(environment) == nil)
  }
}
