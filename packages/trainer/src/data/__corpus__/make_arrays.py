"""Arrays as NumPy saves them: layouts, types, orders, kinds of labels. NumPy writes the files, and what stands in them is known here."""

import io

import numpy as np

from case_folder import Cases, bytes_of, error, samples

rng = np.random.default_rng(21)
COUNT = 16
CLASSES = np.array([0, 1] * (COUNT // 2))
LABELS = ["0", "1"]


def npy(array):
    f = io.BytesIO()
    np.save(f, array, allow_pickle=array.dtype == object)
    return f.getvalue()


def npz(compressed=False, **arrays):
    f = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(f, **arrays)
    return f.getvalue()


def make():
    cases = Cases("arrays")

    def add(name, x, y, expected, compressed=False, **overrides):
        cases.add(name, {"data.npz": npz(compressed, x_train=x, y_train=y)}, "data.npz", expected, **overrides)

    def table(values, labels=LABELS):
        return samples(labels, [values.shape[1]], CLASSES, values)

    whole = rng.integers(-100, 100, (COUNT, 5))
    small = rng.integers(0, 200, (COUNT, 5))
    halves = rng.integers(-200, 200, (COUNT, 5)) / 8
    for kind in ("i1", "i2", "i4", "i8"):
        add(f"table-{kind}", whole.astype(f"<{kind}"), CLASSES, table(whole))
    for kind in ("u1", "u2"):
        add(f"table-{kind}", small.astype(f"<{kind}"), CLASSES, table(small))
    for kind in ("f2", "f4", "f8"):
        add(f"table-{kind}", halves.astype(f"<{kind}"), CLASSES, table(halves))
    bits = rng.integers(0, 2, (COUNT, 5)).astype(bool)
    bits[0], bits[1] = True, False
    add("table-bool", bits, CLASSES, table(bits.astype(int)))
    for kind in ("i2", "i4", "f4", "f8"):
        add(f"table-big-endian-{kind}", whole.astype(f">{kind}"), CLASSES, table(whole))
    add("table-fortran-order", np.asfortranarray(halves), CLASSES, error("x_train in .*Fortran order", "ascontiguousarray"))
    add("table-compressed", halves, CLASSES, table(halves), compressed=True)
    for kind in ("u1", "i2", "f4", ">i4"):
        add(f"labels-{kind.strip('>')}{'-big-endian' if '>' in kind else ''}", halves, CLASSES.astype(kind), table(halves))
    add("labels-column", halves, CLASSES[:, None], table(halves))
    add("labels-one-hot", halves, np.eye(2)[CLASSES], table(halves))
    add("labels-bool", halves, CLASSES.astype(bool), table(halves))
    names = np.array(["cat", "größer"])
    add("labels-text", halves, names[CLASSES], table(halves, ["cat", "größer"]))
    add("labels-bytes", halves, np.array([b"no", b"yes"])[CLASSES], table(halves, ["no", "yes"]))

    def pictures(array):
        """array: count, channels, height, width."""
        return bytes_of(LABELS, list(array.shape[1:]), CLASSES.tolist(), [one.tobytes() for one in array.astype(np.uint8)])

    grey = rng.integers(0, 256, (COUNT, 1, 8, 8)).astype(np.uint8)
    colour = rng.integers(0, 256, (COUNT, 3, 8, 10)).astype(np.uint8)
    add("pictures-nhw", grey[:, 0], CLASSES, pictures(grey))
    add("pictures-nchw-grey", grey, CLASSES, pictures(grey))
    add("pictures-nhwc-grey", grey.transpose(0, 2, 3, 1), CLASSES, pictures(grey))
    add("pictures-nchw", colour, CLASSES, pictures(colour))
    add("pictures-nhwc", np.ascontiguousarray(colour.transpose(0, 2, 3, 1)), CLASSES, pictures(colour))
    add("pictures-fortran-order", np.asfortranarray(colour), CLASSES, error("x_train in .*Fortran order", "ascontiguousarray"))
    unit = (grey / 255).astype(np.float32)
    add("pictures-0-to-1", unit, CLASSES, pictures(grey))

    signals = rng.integers(-3000, 3000, (COUNT, 3, 64))
    wanted = samples(LABELS, [3, 1, 64], CLASSES, signals.reshape(COUNT, -1))
    add("signals-channels-first", signals.astype("<i2"), CLASSES, wanted)
    add("signals-channels-last", np.ascontiguousarray(signals.transpose(0, 2, 1)).astype("<f4"), CLASSES, wanted)
    add("signals-with-height-1", signals[:, :, None, :].astype("<f4"), CLASSES, wanted)

    cases.add("npy-pair", {"x.npy": npy(halves), "y.npy": npy(CLASSES)}, ".", table(halves))

    hole = halves.copy()
    hole[3, 2] = np.nan
    add("nan", hole, CLASSES, error("NaN|missing|no number", "3"))
    add("labels-too-few", halves, CLASSES[:-1], error("16", "15"))
    add("labels-with-gap", halves, CLASSES * 4, error("labels go up to 4", "--data-labels"))
    add("labels-measured", np.repeat(halves, 2, 0), np.arange(2 * COUNT) * 0.37, error("regression"))
    add("objects", np.array([[1, "a"]] * COUNT, object), CLASSES, error("object|pickle|type"))
    cases.add("other-names", {"data.npz": npz(images=halves, classes=CLASSES)}, "data.npz", table(halves))
    sound = npz(x_train=halves, y_train=CLASSES)
    cases.add("truncated", {"data.npz": sound[: len(sound) // 2]}, "data.npz", error("data.npz", "damaged|cut|zip"))
    return cases.count
