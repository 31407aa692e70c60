enum SmallScenario {
  static let text = """
    name: small
    data:
      dataset: fashion-mnist
      train_samples: 200
      test_samples: 50
    methods:
      - { name: flora, kind: lora }
      - { name: fedfft, kind: full }
    fleet:
      devices: 4
      classes:
        - { name: phone, share: 1, compute: 10 GFLOPS, memory: 2 GB, download: 10 Mbps, upload: 2 Mbps, rtt: 40 ms }
    server: { rounds: 2, cohort: 2 }
    """
}
