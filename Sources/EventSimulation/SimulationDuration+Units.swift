extension SimulationDuration {
  public static func microseconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000) }

  public static func milliseconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000_000) }

  public static func seconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000_000_000) }
}
