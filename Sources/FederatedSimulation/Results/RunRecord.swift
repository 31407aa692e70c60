import Results

/// The progress of a run: the content of its checkpoint.
typealias RunRecord = RunCheckpoint<Simulation.Checkpoint>
