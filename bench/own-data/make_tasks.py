# Files of regression and anomaly, split by seed, and what scikit-learn makes of the same rows; nothing is downloaded.
#   pip install scikit-learn
#   python make_tasks.py FOLDER SEED…   writes <name>-<seed>.train.csv and .test.csv, prints the baselines as JSON
import csv
import json
import sys

import numpy as np
from sklearn.datasets import load_diabetes, load_digits
from sklearn.decomposition import PCA
from sklearn.linear_model import RidgeCV
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folder, seeds = sys.argv[1], [int(seed) for seed in sys.argv[2:]]


def write(name, columns, rows, labels):
    with open(f"{folder}/{name}.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row, label in zip(rows, labels):
            writer.writerow([*(f"{value:g}" for value in row), label])


def diabetes(seed):
    bunch = load_diabetes(scaled=False)
    train_x, test_x, train_y, test_y = train_test_split(bunch.data, bunch.target, test_size=0.25, random_state=seed)
    columns = [*bunch.feature_names, "target"]
    write(f"diabetes-{seed}.train", columns, train_x, [f"{y:g}" for y in train_y])
    write(f"diabetes-{seed}.test", columns, test_x, [f"{y:g}" for y in test_y])
    ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 3, 26))).fit(train_x, train_y)
    return {"ridge": r2_score(test_y, ridge.predict(test_x))}


def digits(digit, seed):
    bunch = load_digits()
    normal, other = bunch.data[bunch.target == digit], bunch.data[bunch.target != digit]
    train, held_out = train_test_split(normal, test_size=0.3, random_state=seed)
    columns = [*(f"p{i}" for i in range(64)), "state"]
    write(f"digits{digit}-{seed}.train", columns, train, ["normal"] * len(train))
    test = np.concatenate([held_out, other])
    states = ["normal"] * len(held_out) + ["abnormal"] * len(other)
    write(f"digits{digit}-{seed}.test", columns, test, states)
    pca = PCA(12).fit(train)
    error = ((test - pca.inverse_transform(pca.transform(test))) ** 2).sum(1)
    return {"pca-12": roc_auc_score([state == "abnormal" for state in states], error)}


print(
    json.dumps(
        {
            "diabetes": [diabetes(seed) for seed in seeds],
            "digits": [[digits(digit, seed) for digit in range(10)] for seed in seeds],
        }
    )
)
