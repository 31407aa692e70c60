import Results

/// How far a run has come: the content of its checkpoint.
typealias RunRecord = RunCheckpoint<Simulation.Checkpoint>
