# The data sets of this benchmark, from files that scikit-learn and aeon bring along; nothing is downloaded.
#   node bench/own-data/make-venv.mjs prints a Python that has them
import math
import random

import numpy as np


def tables():
    from sklearn import datasets

    loaders = {
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast-cancer": datasets.load_breast_cancer,
        "digits": datasets.load_digits,
    }
    for name, load in loaders.items():
        bunch = load()
        columns = [str(column) for column in bunch.feature_names]
        yield name, "table", bunch.data, [str(bunch.target_names[k]) for k in bunch.target], columns


def vibration():
    """64 values of a vibration, three amplitudes: 0.05, 0.2 and 0.8 of the range, each ± 20 %, with noise."""
    source = random.Random(2)
    rows, states = [], []
    for i in range(900):
        amplitude = [0.05, 0.2, 0.8][i % 3] * source.uniform(0.8, 1.2)
        phase, frequency = source.uniform(0, 6.28), source.uniform(0.3, 0.5)
        wave = (amplitude * (math.sin(frequency * t + phase) + source.gauss(0, 0.15)) for t in range(64))
        rows.append([round(max(-1.0, min(1.0, value)), 3) for value in wave])
        states.append(["off", "on", "loose"][i % 3])
    yield "vibration", "table", np.array(rows), states, [f"s{t}" for t in range(64)]


def signals():
    from aeon.datasets import load_basic_motions, load_gunpoint, load_italy_power_demand, load_japanese_vowels

    loaders = {
        "basic-motions": load_basic_motions,
        "gun-point": load_gunpoint,
        "italy-power-demand": load_italy_power_demand,
        "japanese-vowels": load_japanese_vowels,
    }
    for name, load in loaders.items():
        series, labels = load()
        if isinstance(series, list):
            # Series of different lengths: zeros behind the shorter ones.
            longest = max(one.shape[1] for one in series)
            series = np.array([np.pad(one, ((0, 0), (0, longest - one.shape[1]))) for one in series])
        yield name, "signal", np.asarray(series, dtype=np.float64), [str(label) for label in labels], None


def shuffled(seed):
    """All data sets, their rows in the order of a seed: (name, kind, values, labels, columns)."""
    for make in (tables, vibration, signals):
        for name, kind, values, labels, columns in make():
            order = np.random.RandomState(seed).permutation(len(labels))
            yield name, kind, values[order], [labels[i] for i in order], columns
