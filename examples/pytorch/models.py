"""The PyTorch models of the import fixtures, written as people write them."""

import torch
from torch import nn
from torch.nn import functional as F


class MlpBias(nn.Sequential):
    """256-64-32-10 with biases."""

    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


class MlpBatchNorm(nn.Sequential):
    """256-48-32-10, BatchNorm1d and dropout."""

    def __init__(self):
        super().__init__(
            nn.Flatten(),
            nn.Linear(256, 48, bias=False),
            nn.BatchNorm1d(48),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(48, 32),
            nn.BatchNorm1d(32),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(32, 10),
        )


class MatMulAdd(nn.Module):
    """Weights kept input-major and multiplied from the right: MatMul + Add in the graph, Reshape by view."""

    def __init__(self):
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(256, 32) / 16)
        self.b1 = nn.Parameter(torch.zeros(32))
        self.w2 = nn.Parameter(torch.randn(32, 10) / 6)
        self.b2 = nn.Parameter(torch.zeros(10))

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = torch.relu(x @ self.w1 + self.b1)
        return x @ self.w2 + self.b2


class LeNet(nn.Module):
    """LeNet-like CNN on 28×28: padding, average and max pooling, batch norm, biases."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.bn1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.bn2 = nn.BatchNorm2d(16)
        self.fc1 = nn.Linear(400, 84)
        self.fc2 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        x = torch.flatten(x, 1)
        return self.fc2(F.relu(self.fc1(x)))


class StridedCnn(nn.Module):
    """Strided convolutions instead of pooling, 28×28."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.fc = nn.Linear(16 * 49, 10)

    def forward(self, x):
        x = F.relu(self.conv2(F.relu(self.conv1(x))))
        return self.fc(x.reshape(-1, 16 * 49))


class DepthwiseSeparable(nn.Module):
    """conv → (depthwise, pointwise) × 2 → global average pooling, 16×16."""

    def __init__(self):
        super().__init__()

        def block(i, o):
            return nn.Sequential(
                nn.Conv2d(i, i, 3, padding=1, groups=i, bias=False),
                nn.BatchNorm2d(i),
                nn.ReLU(),
                nn.Conv2d(i, o, 1, bias=False),
                nn.BatchNorm2d(o),
                nn.ReLU(),
            )

        self.stem = nn.Sequential(nn.Conv2d(1, 16, 3, bias=False, padding=1), nn.BatchNorm2d(16), nn.ReLU())
        self.block1 = block(16, 24)
        self.block2 = block(24, 32)
        self.fc = nn.Linear(32 * 16, 10)

    def forward(self, x):
        x = F.max_pool2d(self.stem(x), 2)
        x = F.max_pool2d(self.block1(x), 2)
        return self.fc(torch.flatten(self.block2(x), 1))


class Residual(nn.Module):
    """One residual block with an identity skip connection, 16×16."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8 * 16, 10)

    def forward(self, x):
        x = F.relu(self.stem(x))
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        x = F.max_pool2d(F.relu(x + y), 2)
        return self.fc(torch.flatten(x, 1))


class Signal1d(nn.Module):
    """1-D convolutions over a 128-sample signal."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 8, 5, padding=2)
        self.conv2 = nn.Conv1d(8, 16, 5, stride=2, padding=2)
        self.fc = nn.Linear(16 * 16, 4)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.conv1(x)), 2)
        x = F.max_pool1d(F.relu(self.conv2(x)), 2)
        return self.fc(torch.flatten(x, 1))


class BitLinear(nn.Module):
    """RMS norm, per-row max-abs int8 activations, 4-bit symmetric weights, both straight-through (w + (q(w) − w).detach())."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / inputs**0.5)
        self.register_buffer("clip", torch.tensor(0.25))

    def forward(self, x):
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)
        s = 127.0 / x.abs().max(dim=-1, keepdim=True).values.clamp(min=1e-5)
        xq = (x * s).round().clamp(-128, 127) / s
        x = x + (xq - x).detach()
        scale = 8.0 / self.clip
        wq = ((self.weight * scale - 0.5).round().clamp(-8, 7) + 0.5) / scale
        w = self.weight + (wq - self.weight).detach()
        return F.linear(x, w)


class BitMlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = BitLinear(256, 64)
        self.fc2 = BitLinear(64, 64)
        self.fc3 = BitLinear(64, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))
