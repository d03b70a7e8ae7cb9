"""Keras models as tf2onnx writes them: the fixtures keras-*.onnx of packages/exporter, and a measure of whole models.

    python make_fixtures.py ../../packages/exporter/src/onnx/__fixtures__
    python make_fixtures.py --measure <folder with mnist.npz>     # trains, writes <name>.onnx and prints onnxruntime's accuracy

Made with tensorflow-cpu 2.15, tf2onnx 1.16, onnx 1.16, onnxruntime 1.26. mnist.npz has x_train, y_train, x_test, y_test (uint8, [n, 28, 28]).
"""
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import onnxruntime
import tensorflow as tf
import tf2onnx

K = tf.keras
L = K.layers


def model(shape, *layers):
    return K.Sequential([K.Input(shape), *layers])


def residual(shape, outputs):
    """The functional form: two paths that are added."""
    start = K.Input(shape)
    x = L.Conv2D(4, 3, strides=2, padding="same", activation="relu")(start)
    y = L.Conv2D(4, 3, padding="same")(L.Conv2D(4, 3, padding="same", activation="relu")(x))
    x = L.MaxPooling2D()(L.ReLU()(L.Add()([x, y])))
    return K.Model(start, L.Dense(outputs)(L.Flatten()(x)))


# Small, with random weights: what counts is how the graph is written.
FIXTURES = {
    "keras-rgb": lambda: model(
        (13, 13, 3),
        L.Conv2D(6, 3, strides=2, padding="same", activation="relu"),
        L.MaxPooling2D(2, padding="same"),
        L.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
        L.Flatten(),
        L.Dense(10, "softmax"),
    ),
    "keras-rgb-dense": lambda: model((9, 9, 3), L.Flatten(), L.BatchNormalization(), L.Dense(16, "relu"), L.Dense(5)),
    "keras-separable": lambda: model(
        (16, 16, 1),
        L.SeparableConv2D(6, 3, strides=2, padding="same", activation="relu"),
        L.BatchNormalization(),
        L.SeparableConv2D(8, 3, strides=2, padding="same"),
        L.BatchNormalization(),
        L.ReLU(6.0),
        L.GlobalAveragePooling2D(),
        L.Dropout(0.1),
        L.Dense(10, "softmax"),
    ),
    "keras-signal": lambda: model(
        (20, 6),
        L.Conv1D(8, 3, padding="same", activation="relu"),
        L.MaxPooling1D(2),
        L.Conv1D(8, 3, strides=2, padding="same", activation="relu"),
        L.GlobalAveragePooling1D(),
        L.Dense(10),
    ),
    "keras-signal-one": lambda: model(
        (96, 1),
        L.Conv1D(4, 9, strides=4, activation="relu"),
        L.Conv1D(4, 5, strides=2, activation="relu"),
        L.Flatten(),
        L.Dense(10),
    ),
    "keras-residual": lambda: residual((14, 14, 1), 10),
    "keras-map": lambda: model(
        (20, 20, 1),
        L.Rescaling(2.0, offset=-1.0),
        L.ZeroPadding2D(((0, 1), (0, 1))),
        L.Conv2D(6, 3, strides=2, activation="relu"),
        L.Cropping2D(((1, 0), (0, 1))),
        L.Dense(8, "relu"),
        L.MaxPooling2D(3, 2, padding="same"),
        L.AveragePooling2D(2, padding="same"),
        L.Flatten(),
        L.Dense(10),
    ),
    "keras-gap-end": lambda: model(
        (16, 16, 1),
        L.Conv2D(6, 3, strides=2, activation="relu"),
        L.Conv2D(10, 1),
        L.GlobalAveragePooling2D(),
        L.Softmax(),
    ),
}

PICTURE = (28, 28, 1)
MEASURED = {
    "dense": lambda: model(PICTURE, L.Flatten(), L.Dense(32, "relu"), L.Dense(10, "softmax")),
    "valid-gap": lambda: model(
        PICTURE,
        L.Conv2D(8, 3, strides=2, activation="relu"),
        L.Conv2D(16, 3, strides=2, activation="relu"),
        L.GlobalAveragePooling2D(),
        L.Dense(10, "softmax"),
    ),
    "valid-flatten": lambda: model(
        PICTURE,
        L.Conv2D(8, 3, activation="relu"),
        L.MaxPooling2D(),
        L.Conv2D(8, 3, activation="relu"),
        L.MaxPooling2D(),
        L.Flatten(),
        L.Dense(10, "softmax"),
    ),
    "same-flatten": lambda: model(
        PICTURE, L.Conv2D(8, 3, padding="same", activation="relu"), L.MaxPooling2D(), L.Flatten(), L.Dense(10)
    ),
    "same-strides": lambda: model(
        PICTURE,
        L.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
        L.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
        L.Flatten(),
        L.Dense(10),
    ),
    "separable": lambda: model(
        PICTURE,
        L.Conv2D(8, 3, padding="same", use_bias=False),
        L.BatchNormalization(),
        L.ReLU(6.0),
        L.DepthwiseConv2D(3, padding="same", use_bias=False),
        L.BatchNormalization(),
        L.ReLU(),
        L.Conv2D(16, 1, use_bias=False),
        L.BatchNormalization(),
        L.ReLU(),
        L.MaxPooling2D(4),
        L.Flatten(),
        L.Dense(10),
    ),
    "average-pools": lambda: model(
        PICTURE,
        L.Conv2D(8, 3, activation="relu"),
        L.AveragePooling2D(3, 2, padding="same"),
        L.Conv2D(8, 3, activation="relu"),
        L.AveragePooling2D(2, padding="same"),
        L.Flatten(),
        L.Dense(10),
    ),
    "residual": lambda: residual(PICTURE, 10),
    "batch-norm-flat": lambda: model(
        PICTURE,
        L.Conv2D(8, 3, strides=2, activation="relu"),
        L.MaxPooling2D(),
        L.Flatten(),
        L.BatchNormalization(),
        L.Dense(32, "relu"),
        L.Dense(10),
    ),
    "conv1d": lambda: model(
        (784, 1),
        L.Conv1D(8, 9, strides=4, activation="relu"),
        L.Conv1D(8, 9, strides=4, activation="relu"),
        L.Flatten(),
        L.Dense(10),
    ),
    "conv1d-rows": lambda: model(
        (28, 28),
        L.Conv1D(16, 3, padding="same", activation="relu"),
        L.MaxPooling1D(2),
        L.Conv1D(16, 3, strides=2, padding="same", activation="relu"),
        L.Flatten(),
        L.Dense(10),
    ),
}


def write(network, path, opset):
    signature = (tf.TensorSpec((None, *network.input_shape[1:]), tf.float32, name="input"),)
    tf2onnx.convert.from_keras(network, input_signature=signature, opset=opset, output_path=path)


def randomized(network, random):
    """Weights as trained ones may be: statistics of batch norms too, variances positive."""
    for weight in network.weights:
        shape = weight.shape.as_list()
        if "variance" in weight.name or "gamma" in weight.name:
            weight.assign(random.uniform(0.5, 1.5, shape))
        elif len(shape) == 1:
            weight.assign(random.normal(0, 0.1, shape))
        else:
            weight.assign(random.normal(0, 1.4 / np.sqrt(np.prod(shape[:-1])), shape))


def fixtures(folder):
    random = np.random.default_rng(1)
    for k, (name, make) in enumerate(FIXTURES.items()):
        K.backend.clear_session()
        network = make()
        randomized(network, random)
        write(network, os.path.join(folder, f"{name}.onnx"), (13, 15, 17)[k % 3])


def measure(folder):
    tf.random.set_seed(0)
    data = np.load(os.path.join(folder, "mnist.npz"))
    images = {part: (data[f"x_{part}"] / 255.0).astype("float32") for part in ("train", "test")}
    for name, make in MEASURED.items():
        network = make()
        x, test = (images[part].reshape(-1, *network.input_shape[1:]) for part in ("train", "test"))
        softmax = getattr(network.layers[-1], "activation", None) is K.activations.softmax
        network.compile("adam", K.losses.SparseCategoricalCrossentropy(from_logits=not softmax))
        network.fit(x, data["y_train"], batch_size=64, epochs=5, verbose=0)
        path = os.path.join(folder, f"{name}.onnx")
        write(network, path, 13)
        session = onnxruntime.InferenceSession(path)
        logits = session.run(None, {"input": test})[0]
        print(f"{name:16s} {100 * (logits.argmax(1) == data['y_test']).mean():.2f}", flush=True)


if __name__ == "__main__":
    measure(sys.argv[2]) if sys.argv[1] == "--measure" else fixtures(sys.argv[1])
