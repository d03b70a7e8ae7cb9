"""Makes the .onnx fixtures of the importer's tests with the real tools.

    python3 -m venv /somewhere/outside && /somewhere/outside/bin/pip install torch onnx onnxscript onnxruntime onnxoptimizer brevitas pillow
    /somewhere/outside/bin/python make_fixtures.py --mnist FOLDER_WITH_IDX_FILES --out ../../packages/exporter/src/onnx/__fixtures__

Writes versions.json beside the files: tool versions, opset, float test accuracy of what was trained.
"""

import argparse
import json
import platform
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from PIL import Image
from torch.nn import functional as F

import models

warnings.filterwarnings("ignore")


def read_idx(path):
    data = Path(path).read_bytes()
    dims = data[3]
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(dims)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dims).reshape(shape)


def prepare(images, size):
    if size != 28:
        images = np.stack([np.asarray(Image.fromarray(i).resize((size, size), Image.BILINEAR)) for i in images])
    return torch.from_numpy(((images.astype(np.float32) / 255 - 0.1307) / 0.3081)[:, None])


def train(model, x, y, epochs, lr=2e-3):
    torch.manual_seed(1)
    optimizer = torch.optim.Adam(model.parameters(), lr)
    steps = epochs * (len(x) // 128)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps)
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for i in range(0, len(x) - 127, 128):
            batch = order[i : i + 128]
            loss = F.cross_entropy(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            if isinstance(model, models.BitMlp):
                for layer in (model.fc1, model.fc2, model.fc3):
                    layer.clip.copy_(layer.weight.detach().abs().mean() * 2.5)
            optimizer.step()
            schedule.step()
    return model.eval()


def accuracy(model, x, y):
    with torch.no_grad():
        return 100 * (model(x).argmax(1) == y).float().mean().item()


def export_torchscript(model, sample, path, opset, **options):
    torch.onnx.export(model, (sample,), str(path), opset_version=opset, input_names=["x"], output_names=["logits"],
                      dynamic_axes={"x": {0: "batch"}, "logits": {0: "batch"}}, dynamo=False, **options)


def export_dynamo(model, sample, path, opset):
    batch = torch.export.Dim("batch", min=1, max=65536)
    program = torch.onnx.export(model, (sample.repeat(2, *[1] * (sample.dim() - 1)),), dynamo=True, opset_version=opset,
                                input_names=["x"], output_names=["logits"], dynamic_shapes=({0: batch},), verbose=False)
    proto = program.model_proto
    for node in proto.graph.node:  # stack traces name the machine's paths
        del node.metadata_props[:]
    for value in list(proto.graph.value_info) + list(proto.graph.input) + list(proto.graph.output) + list(proto.graph.initializer):
        del value.metadata_props[:]
    del proto.metadata_props[:]
    del proto.graph.metadata_props[:]
    onnx.save(proto, str(path))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mnist", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(args.mnist)
    y_train = torch.from_numpy(read_idx(folder / "train-labels-idx1-ubyte").astype(np.int64))
    y_test = torch.from_numpy(read_idx(folder / "t10k-labels-idx1-ubyte").astype(np.int64))
    raw_train, raw_test = read_idx(folder / "train-images-idx3-ubyte"), read_idx(folder / "t10k-images-idx3-ubyte")
    data = {size: (prepare(raw_train, size), prepare(raw_test, size)) for size in (16, 28)}
    report = {"python": platform.python_version(), "torch": torch.__version__.split("+")[0], "onnx": onnx.__version__, "files": {}}

    def note(name, exporter, opset, test=None, **more):
        entry = {"exporter": exporter, "opset": opset, **more}
        if test is not None:
            entry["testAccuracy"] = round(test, 2)
        report["files"][name] = entry
        print(name, entry, flush=True)

    def both(stem, model, sample, test, torchscript_opset, dynamo_opset, **options):
        for kind, opset in (("torchscript", torchscript_opset), ("dynamo", dynamo_opset)):
            name = f"{stem}-{kind}.onnx"
            try:
                if kind == "torchscript":
                    export_torchscript(model, sample, out / name, opset, **options)
                else:
                    export_dynamo(model, sample, out / name, opset)
                note(name, kind, opset, test)
            except Exception as error:  # a tool that cannot run is reported, not hidden
                print("FAILED", name, repr(error)[:500], flush=True)

    for stem, model, size, epochs, opsets in [
        ("mlp-bias", models.MlpBias(), 16, args.epochs, (13, 18)),
        ("mlp-batchnorm", models.MlpBatchNorm(), 16, args.epochs, (11, 19)),
        ("matmul-add", models.MatMulAdd(), 16, 2, (15, 20)),
        ("lenet", models.LeNet(), 28, args.epochs, (17, 18)),
        ("strided-cnn", models.StridedCnn(), 28, 2, (14, 21)),
        ("depthwise-separable", models.DepthwiseSeparable(), 16, 2, (12, 18)),
        ("residual", models.Residual(), 16, 2, (16, 18)),
        ("bitlinear", models.BitMlp(), 16, args.epochs, (17, 18)),
    ]:
        x_train, x_test = data[size]
        train(model, x_train, y_train, epochs)
        both(stem, model, x_test[:1], accuracy(model, x_test, y_test), *opsets)
        if stem == "mlp-batchnorm":  # batch norm and dropout left in the graph
            name = "mlp-batchnorm-unfolded.onnx"
            try:
                export_torchscript(model, x_test[:2], out / name, 13, do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE)
                note(name, "torchscript, no constant folding, training mode preserved", 13, accuracy(model, x_test, y_test))
            except Exception as error:
                print("FAILED", name, repr(error)[:500], flush=True)
        if stem == "lenet":
            quantize_static(out, x_train, x_test, y_test, note)

    t = torch.linspace(0, 1, 128)
    y = torch.randint(0, 4, (8000,))
    signal = torch.sin(2 * torch.pi * (3 + 4 * y[:, None]) * t + 6.28 * torch.rand(8000, 1)) + 0.5 * torch.randn(8000, 128)
    model = train(models.Signal1d(), signal[:7000, None], y[:7000], 3)
    both("signal-1d", model, signal[:1, None], accuracy(model, signal[7000:, None], y[7000:]), 13, 18)

    try:
        brevitas_fixture(out, data[16], y_train, y_test, note)
    except Exception as error:
        print("FAILED brevitas", repr(error)[:800], flush=True)
    (out / "versions.json").write_text(json.dumps(report, indent=2) + "\n")


def quantize_static(out, x_train, x_test, y_test, note):
    import onnxruntime
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static as ort_quantize

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.batches = iter([{"x": x_train[i : i + 64].numpy()} for i in range(0, 512, 64)])

        def get_next(self):
            return next(self.batches, None)

    for name, per_channel in (("lenet-qdq-ort.onnx", False), ("lenet-qdq-ort-per-channel.onnx", True)):
        ort_quantize(str(out / "lenet-torchscript.onnx"), str(out / name), Reader(), quant_format=QuantFormat.QDQ,
                     per_channel=per_channel, activation_type=QuantType.QInt8, weight_type=QuantType.QInt8)
        session = onnxruntime.InferenceSession(str(out / name))
        logits = session.run(None, {"x": x_test.numpy()})[0]
        note(name, f"onnxruntime {onnxruntime.__version__} quantize_static QDQ", 17, 100 * float((logits.argmax(1) == y_test.numpy()).mean()))


def brevitas_fixture(out, data, y_train, y_test, note):
    import brevitas
    import brevitas.nn as qnn
    from brevitas.export import export_onnx_qcdq
    from brevitas.quant import Int8ActPerTensorFloat, Int8WeightPerTensorFloat
    from torch import nn

    x_train, x_test = data
    model = nn.Sequential(
        nn.Flatten(),
        qnn.QuantIdentity(act_quant=Int8ActPerTensorFloat, bit_width=8, return_quant_tensor=True),
        qnn.QuantLinear(256, 48, bias=True, weight_quant=Int8WeightPerTensorFloat, weight_bit_width=4),
        qnn.QuantReLU(bit_width=8, return_quant_tensor=True),
        qnn.QuantLinear(48, 10, bias=True, weight_quant=Int8WeightPerTensorFloat, weight_bit_width=4),
    )
    train(model, x_train, y_train, 3)
    name = "mlp-brevitas-qcdq.onnx"
    export_onnx_qcdq(model, args=x_test[:1], export_path=str(out / name), opset_version=17, dynamo=False)
    note(name, f"brevitas {brevitas.__version__} export_onnx_qcdq", 17, accuracy(model, x_test, y_test))


if __name__ == "__main__":
    main()
