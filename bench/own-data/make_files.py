# Writes the data sets as files that users have: CSV for tables, npz for signals.
#   python bench/own-data/make_files.py FOLDER SEEDS      (seeds 1 … SEEDS)
# Beside each file NAME-SEED.rows.csv: the same labels with the number of each row as two bytes, which shows how the rows are split.
import csv
import sys

import numpy as np

from datasets import shuffled

folder, seeds = sys.argv[1], int(sys.argv[2])
for seed in range(1, seeds + 1):
    for name, kind, values, labels, columns in shuffled(seed):
        with open(f"{folder}/{name}-{seed}.rows.csv", "w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["high", "low", "class"])
            rows.writerows([i >> 8, i & 255, label] for i, label in enumerate(labels))
        if kind == "signal":
            np.savez(f"{folder}/{name}-{seed}.npz", x=values, y=np.array(labels))
            continue
        with open(f"{folder}/{name}-{seed}.csv", "w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow([*columns, "class"])
            rows.writerows([*(f"{value:.6g}" for value in row), label] for row, label in zip(values, labels))
