# Accuracy of scikit-learn and aeon on the same test rows, as JSON on standard output.
#   python bench/own-data/baselines.py SPLITS.json      ({"NAME-SEED": [rows of the test part]})
import json
import sys
import warnings

import numpy as np
from aeon.classification.convolution_based import MiniRocketClassifier
from aeon.classification.distance_based import KNeighborsTimeSeriesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from datasets import shuffled

warnings.filterwarnings("ignore")
with open(sys.argv[1]) as file:
    splits = json.load(file)

FOR_ROWS = {
    "scaler + MLP": lambda seed: make_pipeline(StandardScaler(), MLPClassifier(max_iter=1000, random_state=seed)),
    "scaler + logistic regression": lambda seed: make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000)),
}
FOR_SIGNALS = {
    "MiniRocket": lambda seed: MiniRocketClassifier(random_state=seed),
    "1-NN DTW, window 10 %": lambda seed: KNeighborsTimeSeriesClassifier(
        distance="dtw", distance_params={"window": 0.1}
    ),
}
seeds = sorted({int(key.rsplit("-", 1)[1]) for key in splits})
scores = {}
for seed in seeds:
    for name, kind, values, labels, _ in shuffled(seed):
        if f"{name}-{seed}" not in splits:
            continue
        test = np.zeros(len(labels), dtype=bool)
        test[splits[f"{name}-{seed}"]] = True
        y = np.array(labels)
        for model, make in (FOR_SIGNALS if kind == "signal" else FOR_ROWS).items():
            score = make(seed).fit(values[~test], y[~test]).score(values[test], y[test])
            scores.setdefault(name, {}).setdefault(model, []).append(round(100 * float(score), 3))
json.dump(scores, sys.stdout)
