# Writes the signals as CSV, a sample a row: the values of the first channel, then those of the second, …, then the class.
#   python bench/own-data/make_signal_tables.py FOLDER SEEDS NAME…      (seeds 1 … SEEDS)
# Standard output has the shape [channels, 1, length] of each as JSON.
import csv
import json
import sys

from datasets import shuffled

folder, seeds, names = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
shapes = {}
for seed in range(1, seeds + 1):
    for name, kind, values, labels, _ in shuffled(seed):
        if kind != "signal" or name not in names:
            continue
        samples, channels, length = values.shape
        shapes[name] = [channels, 1, length]
        with open(f"{folder}/{name}-{seed}.csv", "w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow([*(f"c{c}t{t}" for c in range(channels) for t in range(length)), "class"])
            rows.writerows([*(f"{x:.6g}" for x in row.ravel()), label] for row, label in zip(values, labels))
json.dump(shapes, sys.stdout)
