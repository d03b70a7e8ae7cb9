"""The benchmark's networks as PyTorch programs: the same layers, fake quantization, optimizer and batch size as the engine's.

Prints one line of JSON: versions, threads, seconds of each epoch (wall and processor). Plain torch operations, written the way one writes
quantization-aware training in PyTorch; weights are quantized once a step, data are resident, and nothing but training is timed.
"""
import argparse
import json
import platform
import time

import torch
import torch.nn.functional as F
from torch import nn


class RoundSTE(torch.autograd.Function):
    """Replaces a tensor by its quantized values; the gradient passes unchanged."""

    @staticmethod
    def forward(ctx, x, quantized):
        return quantized

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


def quantize_activations(x):
    with torch.no_grad():
        scale = 127.0 / x.abs().amax(dim=-1, keepdim=True).clamp(min=1e-30)
        quantized = (x * scale).round().clamp(-128, 127) / scale
    return RoundSTE.apply(x, quantized)


def quantize_weights(w, clip, bits, symmetric):
    with torch.no_grad():
        scale = 2.0 ** (bits - 1) / clip
        offset = 0.5 if symmetric else 0.0
        low, high = -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1
        quantized = ((w * scale - offset).clamp(low, high).round() + offset) / scale
    return RoundSTE.apply(w, quantized)


class BitLinear(nn.Linear):
    def __init__(self, inputs, outputs, bits):
        super().__init__(inputs, outputs, bias=False)
        self.bits = bits
        self.clip = float(self.weight.abs().mean()) * 2

    def forward(self, x):
        x = x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + 1e-6)
        return F.linear(quantize_activations(x), quantize_weights(self.weight, self.clip, self.bits, True))


class BitConv2d(nn.Conv2d):
    def __init__(self, inputs, outputs, groups):
        super().__init__(inputs, outputs, 3, groups=groups, bias=False)
        self.clip = float(self.weight.abs().mean()) * 2

    def forward(self, x):
        w = quantize_weights(self.weight, self.clip, 8, False)
        return F.conv2d(x, w, groups=self.groups)


def fc():
    sizes = [256, 64, 64, 64, 10]
    layers = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layers.append(BitLinear(inputs, outputs, 4))
        if i < 3:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers), (256,)


def cnn(channels):
    return nn.Sequential(
        BitConv2d(1, channels, 1), nn.ReLU(), BitConv2d(channels, channels, channels), nn.ReLU(), nn.MaxPool2d(2),
        BitConv2d(channels, channels, channels), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        BitLinear(4 * channels, 96, 2), nn.ReLU(), BitLinear(96, 64, 4), nn.ReLU(), BitLinear(64, 10, 4),
    ), (1, 16, 16)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--network', choices=['fc', 'cnn'], default='fc')
    parser.add_argument('--channels', type=int, default=64)
    parser.add_argument('--batch', type=int, default=128)
    parser.add_argument('--images', type=int, default=60000)
    parser.add_argument('--epochs', type=int, default=3)
    parser.add_argument('--threads', type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    network, shape = fc() if arguments.network == 'fc' else cnn(arguments.channels)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    images = torch.randint(0, 256, (arguments.images, 256), dtype=torch.uint8)
    labels = torch.randint(0, 10, (arguments.images,))
    images[torch.arange(arguments.images), labels * 20] = 255
    seconds, cpu_seconds = [], []
    for _ in range(arguments.epochs):
        started, cpu_started = time.perf_counter(), time.process_time()
        order = torch.randperm(arguments.images)
        for batch in order.split(arguments.batch):
            x = ((images[batch].float() / 255 - 0.1307) / 0.3081).view(-1, *shape)
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(network(x), labels[batch])
            loss.backward()
            optimizer.step()
        seconds.append(time.perf_counter() - started)
        cpu_seconds.append(time.process_time() - cpu_started)
    print(json.dumps({
        'torch': torch.__version__,
        'python': platform.python_version(),
        'blas': 'OpenBLAS' if 'open' in torch.__config__.show().lower() else 'see torch.__config__',
        'threads': arguments.threads,
        'images': arguments.images,
        'seconds': seconds,
        'cpuSeconds': cpu_seconds,
        'loss': loss.item(),
    }))


if __name__ == '__main__':
    main()
