"""Trains a small classifier of digits in PyTorch and exports it as digits.onnx. Nothing else of this example needs Python.

    python3 -m venv /somewhere/outside && /somewhere/outside/bin/pip install torch onnx pillow
    /somewhere/outside/bin/python train.py FOLDER_WITH_THE_MNIST_IDX_FILES
"""

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

EPOCHS, BATCH = 20, 128


def read_idx(path):
    data = Path(path).read_bytes()
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def load(folder, part):
    """16×16 pixels, preprocessed as the importer expects it by default."""
    images = read_idx(folder / f"{part}-images-idx3-ubyte")
    small = np.stack([np.asarray(Image.fromarray(i).resize((16, 16), Image.BILINEAR)) for i in images])
    labels = read_idx(folder / f"{part}-labels-idx1-ubyte").astype(np.int64)
    return torch.from_numpy((small.astype(np.float32) / 255 - 0.1307) / 0.3081)[:, None], torch.from_numpy(labels)


def block(inputs, outputs):
    return nn.Linear(inputs, outputs, bias=False), nn.BatchNorm1d(outputs), nn.ReLU(), nn.Dropout(0.1)


torch.manual_seed(1)
torch.set_num_threads(1)  # more cost time on a network as small as this
model = nn.Sequential(nn.Flatten(), *block(256, 64), *block(64, 64), nn.Linear(64, 10))

folder = Path(sys.argv[1])
(x, y), (test_x, test_y) = load(folder, "train"), load(folder, "t10k")
optimizer = torch.optim.Adam(model.parameters(), 2e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
for epoch in range(EPOCHS):
    model.train()
    order = torch.randperm(len(x))
    for i in range(0, len(x) - BATCH + 1, BATCH):
        chosen = order[i : i + BATCH]
        loss = nn.functional.cross_entropy(model(x[chosen]), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    schedule.step()

model.eval()
with torch.no_grad():
    accuracy = (model(test_x).argmax(1) == test_y).float().mean().item()
print(f"{100 * accuracy:.2f} % of the test images")
torch.onnx.export(model, (x[:1],), "digits.onnx", opset_version=17, input_names=["x"], output_names=["logits"],
                  dynamic_axes={"x": {0: "batch"}, "logits": {0: "batch"}}, dynamo=False)
