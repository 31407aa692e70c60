"""Writes commute.csv: an invented hour of a mobile phone's bandwidth on the way to work and back.

``python3 scenarios/traces/make_commute.py``. Nothing in it was measured. It has the features of published LTE traces: a level that
varies by a factor of ten within minutes, an upload rate of a fifth of the download rate, tunnels without network, and a stop
at the office with steady reception.
"""

from pathlib import Path

STEP = 5
HOUR = 3600
# Start second of each part of the way, its level in Mbit/s, and its variation in per cent per step.
PARTS = [(0, 24, 8), (420, 9, 30), (1500, 30, 4), (2280, 9, 30), (3300, 24, 8)]
# Without network: from which second, for how long.
TUNNELS = [(610, 25), (840, 40), (1130, 15), (2465, 20), (2720, 45), (3010, 25)]


def main() -> None:
    rows, state, level = ["seconds,down_mbps,up_mbps"], 20_404_182, 0.0
    for second in range(0, HOUR, STEP):
        _, mean, spread = next(part for part in reversed(PARTS) if part[0] <= second)
        # A generator of whole numbers, so that the file is the same everywhere (Numerical Recipes).
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        # An autoregressive walk of the level's logarithm to the base of two.
        level = 0.9 * level + spread / 50 * (state / 2**31 - 1)
        rate = mean * 2.0**level
        if any(start <= second < start + length for start, length in TUNNELS):
            rate = 0.0
        rows.append(f"{second},{rate:.2f},{rate / 5:.2f}")
    rows.append(f"{HOUR},,")
    Path(__file__).with_name("commute.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
