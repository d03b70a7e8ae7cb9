"""Trains one float network with Keras and measures what emlearn, TensorFlow Lite and onnxruntime make of it on this machine.

Called by ../peers.mjs: python measure.py <folder>. The folder has train.f32, test.f32 (rows of 256 float32), train.u8, test.u8 (classes);
network.onnx, network.tflite and emlearn's network.h are written there, and a JSON document is printed.
"""
import json
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import emlearn  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
import tensorflow as tf  # noqa: E402

INPUTS, HIDDEN, CLASSES = 256, (64, 64, 64), 10
EPOCHS, TIMED = 8, 2000
folder = Path(sys.argv[1])


def part(name):
    images = np.fromfile(folder / f"{name}.f32", np.float32).reshape(-1, INPUTS)
    return images, np.fromfile(folder / f"{name}.u8", np.uint8)


def timed(infer, images):
    """Classes of all images, and the least of five means of microseconds an image, one image at a time."""
    classes = np.array([infer(image) for image in images])
    means = []
    for _ in range(5):
        start = time.perf_counter()
        for image in images[:TIMED]:
            infer(image)
        means.append((time.perf_counter() - start) / min(TIMED, len(images)) * 1e6)
    return classes, min(means)


def row(name, package, infer, images, labels, size):
    classes, microseconds = timed(infer, images)
    accuracy = float((classes == labels).mean())
    return {"peer": name, "version": version(package), "accuracy": accuracy, "microseconds": microseconds, "bytes": size}


def onnx_graph(layers):
    """Gemm and Relu, with the weights of Keras."""
    tensors, nodes, source = [], [], "x"
    for i, layer in enumerate(layers):
        weight, bias = layer.get_weights()
        tensors += [onnx.numpy_helper.from_array(weight, f"w{i}"), onnx.numpy_helper.from_array(bias, f"b{i}")]
        nodes.append(onnx.helper.make_node("Gemm", [source, f"w{i}", f"b{i}"], [f"gemm{i}"]))
        source = f"gemm{i}"
        if i < len(layers) - 1:
            nodes.append(onnx.helper.make_node("Relu", [source], [f"relu{i}"]))
            source = f"relu{i}"
    end = lambda name, size: onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, size])  # noqa: E731
    graph = onnx.helper.make_graph(nodes, "peers", [end("x", INPUTS)], [end(source, CLASSES)], tensors)
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)


def main():
    keras.utils.set_random_seed(1)
    (train, train_labels), (test, labels) = part("train"), part("test")
    dense = [keras.layers.Dense(size, activation="relu") for size in HIDDEN] + [keras.layers.Dense(CLASSES)]
    network = keras.Sequential([keras.Input((INPUTS,)), *dense])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile("adam", loss)
    network.fit(train, train_labels, batch_size=128, epochs=EPOCHS, verbose=0)

    model = onnx_graph(dense)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "network.onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    rows = [
        row("onnxruntime (Python), float32", "onnxruntime", lambda x: int(session.run(None, {"x": x[None]})[0].argmax()),
            test, labels, (folder / "network.onnx").stat().st_size)
    ]

    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[None]] for image in train[:256])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    content = converter.convert()
    (folder / "network.tflite").write_bytes(content)
    interpreter = tf.lite.Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    entry, end = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero = entry["quantization"]
    quantized = np.clip(np.round(test / scale) + zero, -128, 127).astype(np.int8)

    def lite(image):
        interpreter.set_tensor(entry["index"], image[None])
        interpreter.invoke()
        return int(interpreter.get_tensor(end["index"]).argmax())

    rows.append(row("TensorFlow Lite (Python), int8", next(name for name in ("tensorflow", "tensorflow-cpu") if has(name)),
                    lite, quantized, labels, len(content)))

    # emlearn takes the classes' layer with its softmax.
    head = keras.Sequential([keras.Input((INPUTS,)), *dense[:-1], keras.layers.Dense(CLASSES, activation="softmax")])
    head.layers[-1].set_weights(dense[-1].get_weights())
    emlearn.convert(head, method="inline").save(file=str(folder / "network.h"), name="network")
    document = {
        "python": platform.python_version(),
        "rows": rows,
        "emlearn": {"version": version("emlearn"), "include": emlearn.includedir, "bytes": (folder / "network.h").stat().st_size},
    }
    print(json.dumps(document))


def has(name):
    try:
        return bool(version(name))
    except Exception:  # noqa: BLE001
        return False


main()
