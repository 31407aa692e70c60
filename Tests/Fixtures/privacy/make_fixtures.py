"""Values of Google's dp-accounting for sampled Gaussian mechanisms, and integrals of the quantities that it bounds.

    pip install dp-accounting==0.6.0
    python make_fixtures.py

Expected values are dp-accounting's, except at fractional orders under Poisson sampling: there it gives
upper bounds (it adds the magnitudes of a series whose signs alternate), and the expected values are
integrals of the definition by SciPy's adaptive quadrature.

`runs` are complete runs as described by a scenario: devices, cohort, the noise in units of the clip. The sampling
rate is cohort / devices. Replacing a device changes the sum of clipped updates by at most twice the clip, so
without replacement the noise multiplier is half as large. Under Poisson sampling, the privacy loss distribution
accountant, which is tighter, bounds epsilon from below.
"""

import json
import math
import pathlib
from importlib.metadata import version

import dp_accounting
from dp_accounting.pld import PLDAccountant
from dp_accounting.rdp import RdpAccountant
from scipy import integrate

WHOLE_ORDERS = [*range(2, 65), 128, 256, 512]
FRACTIONAL_ORDERS = [1.1, 1.5, 2.5, 3.7, 10.9]
DELTA = 1e-5

# Sampling rate, noise multiplier, rounds.
POISSON = [(0.01, 1.0, 1000), (0.1, 0.8, 10), (0.001, 0.5, 2000), (0.25, 2.0, 100), (0.02, 1.3, 50), (1.0, 3.0, 7)]
# Cohort, population, noise multiplier, rounds.
FIXED = [(10, 1000, 1.0, 100), (50, 500, 2.0, 200), (1, 100, 0.7, 30), (100, 200, 5.0, 20), (10, 1000, 8.0, 1000)]

# Devices, cohort, noise in units of the clip, rounds, delta.
RUNS = [
    (1000, 20, 1.0, 100, 1e-5), (50, 10, 1.5, 30, 1e-3), (10_000, 100, 0.8, 500, 1e-6), (200, 200, 4.0, 10, 1e-5),
    (1_000_000, 1000, 1.1, 1000, 1e-7), (30, 3, 5.0, 12, 1e-4),
]


def composed(event, rounds, neighbours):
    accountant = RdpAccountant(WHOLE_ORDERS, neighbours)
    accountant.compose(event, rounds)
    return {"divergences": list(accountant.rdp), "epsilon": accountant.get_epsilon(DELTA)}


def integral(rate, deviation, order):
    """ln E[((1 - q) + q p/r)^a] / (a - 1), scaled so that the peak is one."""

    def exponent(t):
        ratio = t / deviation - 1 / (2 * deviation**2)
        mixture = math.log1p(-rate) + math.log1p(rate / (1 - rate) * math.exp(min(ratio, 700)))
        return order * mixture - t * t / 2

    end = order / deviation + 12
    peak = max(exponent(-12 + step * (end + 12) / 4000) for step in range(4001))
    value, _ = integrate.quad(
        lambda t: math.exp(exponent(t) - peak), -12, end, epsabs=0, epsrel=1e-12, limit=2000,
        points=[0, order / deviation])
    return (math.log(value) + peak - math.log(2 * math.pi) / 2) / (order - 1)


def fixed(cohort, population, noise, order):
    event = dp_accounting.SampledWithoutReplacementDpEvent(
        population, cohort, dp_accounting.GaussianDpEvent(noise))
    accountant = RdpAccountant([order], dp_accounting.NeighboringRelation.REPLACE_ONE)
    return float(accountant.compose(event).rdp[0])


def run(devices, cohort, noise, rounds, delta):
    def epsilon(accountant, event):
        return float(accountant.compose(event, rounds).get_epsilon(delta))

    gaussian, relation = dp_accounting.GaussianDpEvent, dp_accounting.NeighboringRelation
    poisson = dp_accounting.PoissonSampledDpEvent(cohort / devices, gaussian(noise))
    fixed = dp_accounting.SampledWithoutReplacementDpEvent(devices, cohort, gaussian(noise / 2))
    return {
        "devices": devices, "cohort": cohort, "noise": noise, "rounds": rounds, "delta": delta,
        "poisson": epsilon(RdpAccountant(), poisson),
        "poisson_at_least": epsilon(PLDAccountant(relation.ADD_OR_REMOVE_ONE), poisson),
        "without_replacement": epsilon(RdpAccountant(None, relation.REPLACE_ONE), fixed),
    }


def main():
    gaussian = dp_accounting.GaussianDpEvent
    relation = dp_accounting.NeighboringRelation
    table = {
        "versions": {name: version(name) for name in ("dp-accounting", "numpy", "scipy")},
        "orders": WHOLE_ORDERS,
        "delta": DELTA,
        "poisson": [
            {"rate": rate, "noise_multiplier": noise, "rounds": rounds}
            | composed(dp_accounting.PoissonSampledDpEvent(rate, gaussian(noise)), rounds, relation.ADD_OR_REMOVE_ONE)
            for rate, noise, rounds in POISSON
        ],
        "without_replacement": [
            {"rate": cohort / population, "noise_multiplier": noise, "rounds": rounds}
            | composed(
                dp_accounting.SampledWithoutReplacementDpEvent(population, cohort, gaussian(noise)),
                rounds, relation.REPLACE_ONE)
            for cohort, population, noise, rounds in FIXED
        ],
        "runs": [run(*settings) for settings in RUNS],
        "fractional": [
            {"sampling": "poisson", "rate": rate, "noise_multiplier": noise, "order": order,
             "divergence": integral(rate, noise, order)}
            for rate, noise, _ in POISSON if rate < 1
            for order in FRACTIONAL_ORDERS
        ] + [
            {"sampling": "without-replacement", "rate": cohort / population, "noise_multiplier": noise,
             "order": order, "divergence": fixed(cohort, population, noise, order)}
            for cohort, population, noise, _ in FIXED
            for order in FRACTIONAL_ORDERS
        ],
    }
    path = pathlib.Path(__file__).with_name("expected.json")
    path.write_text(json.dumps(table, indent=1) + "\n")


main()
