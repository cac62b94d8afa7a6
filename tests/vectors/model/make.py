"""Makes the vectors of this folder: what the network's engines are held to, from PyTorch in float64.

    python3 tests/vectors/model/make.py

Needs torch and numpy (any torch from 1.13 on). Inputs, targets and weights are not stored: both sides draw them
from `uniform`, an integer hash. Of long gradients every `stride`-th value is stored, beside the norm of all.
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
EPSILON, MOMENTUM, MAX_VALUES = 1e-5, 0.9, 200


def mix(h):
    """The finaliser of MurmurHash3 on uint32 arrays."""
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def uniform(stream, count, low, high):
    """`count` numbers of a stream, rounded to float32 as an engine sees them."""
    bits = mix(np.arange(count, dtype=np.uint32) ^ mix(np.array([stream], dtype=np.uint32)))
    return (low + (high - low) * (bits / 2.0**32)).astype(np.float32).astype(np.float64)


def dropout_mask(seed, batch, units, rate):
    """`createDropoutMask` of model/dropout.ts."""
    key = np.array([seed], dtype=np.uint32) * np.uint32(0x9E3779B1)
    bits = mix(mix(np.arange(batch * units, dtype=np.uint32)) ^ key)
    return torch.tensor((bits >= rate * 2.0**32) / (1 - rate)).reshape(batch, units)


def weight_shapes(choices):
    shapes, inputs = {}, 1
    for i, outputs in enumerate(choices["channels"], 1):
        shapes[f"conv_{i}/kernel"] = (3, 3, inputs, outputs)
        for name in ("gamma", "beta", "moving_mean", "moving_variance"):
            shapes[f"batch_norm_{i}/{name}"] = (outputs,)
        inputs = outputs
    shapes["dense/kernel"] = (inputs, choices["denseUnits"])
    shapes["dense/bias"] = (choices["denseUnits"],)
    shapes["logits/kernel"] = (choices["denseUnits"], choices["numClasses"])
    shapes["logits/bias"] = (choices["numClasses"],)
    return shapes


def draw_weights(choices):
    """The weights of a case, some gammas negative. Their ranges stand in tests/model/engine_contract.ts too."""
    weights = {}
    for i, (name, shape) in enumerate(weight_shapes(choices).items()):
        role, fan_in = name.split("/")[1], int(np.prod(shape[:-1]))
        low, high = {
            "kernel": (-math.sqrt(6 / fan_in), math.sqrt(6 / fan_in)),
            "gamma": (-0.5, 1.5),
            "moving_variance": (0.5, 1.5),
        }.get(role, (-0.2, 0.2))
        values = uniform(100 + i, int(np.prod(shape)), np.float64(low), np.float64(high))
        weights[name] = torch.tensor(values.reshape(shape), requires_grad=not role.startswith("moving"))
    return weights


def forward(choices, weights, x, mask=None):
    """Logits of `[batch, melBands, numFrames]`; with a mask in training mode, following the statistics."""
    x = (x * choices["inputScale"] + choices["inputOffset"])[:, None]
    for i in range(1, len(choices["channels"]) + 1):
        norm = {k: weights[f"batch_norm_{i}/{k}"] for k in ("gamma", "beta", "moving_mean", "moving_variance")}
        x = F.conv2d(x, weights[f"conv_{i}/kernel"].permute(3, 2, 0, 1), padding=1)
        mean, variance = norm["moving_mean"], norm["moving_variance"]
        if mask is not None:
            mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
            for name, value in (("moving_mean", mean), ("moving_variance", variance)):
                norm[name].copy_(MOMENTUM * norm[name] + (1 - MOMENTUM) * value.detach())
        scale = norm["gamma"] / torch.sqrt(variance + EPSILON)
        x = (x - mean[:, None, None]) * scale[:, None, None] + norm["beta"][:, None, None]
        x = F.max_pool2d(F.relu(x), 2)
    if choices["globalPooling"] == "mean":
        x = x.mean((2, 3))
    else:
        x = x.mean(2)
        x = x.mean(2) + x.max(2).values
    x = F.relu(x @ weights["dense/kernel"] + weights["dense/bias"])
    return (x if mask is None else x * mask) @ weights["logits/kernel"] + weights["logits/bias"]


def loss_of(choices, logits, targets):
    if choices["activation"] == "softmax":
        return -(targets * F.log_softmax(logits, 1)).sum(1).mean()
    return F.binary_cross_entropy_with_logits(logits, targets)


def correct_of(choices, logits, targets):
    if choices["activation"] == "softmax":
        return (logits.argmax(1) == targets.argmax(1)).double().sum().item()
    return ((logits > 0) == (targets > 0.5)).double().mean(1).sum().item()


def make(name, choices, batch, options):
    weights = draw_weights(choices)
    cells = choices["melBands"] * choices["numFrames"]
    low, high = choices.pop("inputRange")
    x = torch.tensor(uniform(1, batch * cells, low, high)).reshape(batch, choices["melBands"], choices["numFrames"])
    targets = uniform(2, batch * choices["numClasses"], 0, 1).reshape(batch, -1)
    if choices["activation"] == "softmax":
        targets = (targets.astype(np.float32) / targets.sum(1, keepdims=True).astype(np.float32)).astype(np.float64)
    targets = torch.tensor(targets)
    predict = lambda: (torch.softmax if choices["activation"] == "softmax" else lambda z, _: torch.sigmoid(z))(
        forward(choices, weights, x).detach(), 1)

    trained = {k: w for k, w in weights.items() if w.requires_grad}
    optimizer = torch.optim.AdamW(
        [{"params": [w for k, w in trained.items() if k.endswith("kernel") == decays],
          "weight_decay": options["weightDecay"] if decays else 0} for decays in (True, False)],
        lr=options["learningRate"], betas=(0.9, 0.999), eps=1e-8)
    result = {"choices": choices, "inputRange": [low, high], "batch": batch, "options": options,
              "predictionsBefore": predict().flatten().tolist(), "losses": [], "norms": []}
    for step in range(1, 11):
        mask = dropout_mask(step, batch, choices["denseUnits"], choices["dropoutRate"])
        logits = forward(choices, weights, x, mask)
        loss = loss_of(choices, logits, targets)
        optimizer.zero_grad()
        loss.backward()
        if step == 1:
            result["correct"] = correct_of(choices, logits, targets)
            result["gradients"] = {}
            for k, w in trained.items():
                g = w.grad.flatten()
                stride = max(1, len(g) // MAX_VALUES) | 1
                result["gradients"][k] = {"norm": g.norm().item(), "stride": stride, "values": g[::stride].tolist()}
        norm = math.sqrt(sum((w.grad**2).sum().item() for w in trained.values()))
        if 0 < options["clipNorm"] < norm:
            for w in trained.values():
                w.grad *= options["clipNorm"] / norm
        result["losses"].append(loss.item())
        result["norms"].append(norm)
        optimizer.step()
    result["predictionsAfter"] = predict().flatten().tolist()
    text = json.dumps(result, indent=1)
    compact = json.loads(text, parse_float=lambda s: float(f"{float(s):.8g}"))
    path = pathlib.Path(__file__).parent / f"{name}.json"
    path.write_text(json.dumps(compact, separators=(",", ":")) + "\n")
    print(path.name, path.stat().st_size, [round(l, 5) for l in result["losses"]])


def choose(mel_bands, num_frames, channels, dense_units, num_classes, activation="softmax", dropout_rate=0.0,
         scale=2 / 80, offset=2.0, input_range=(-80.0, 0.0), global_pooling="mean"):
    return {"melBands": mel_bands, "numFrames": num_frames, "channels": channels,
            "globalPooling": global_pooling, "denseUnits": dense_units,
            "numClasses": num_classes, "dropoutRate": dropout_rate, "activation": activation,
            "inputScale": scale, "inputOffset": offset, "inputRange": input_range}


if __name__ == "__main__":
    plain = {"learningRate": 1e-3, "clipNorm": 0, "weightDecay": 0}
    make("default", choose(32, 40, [32, 64, 128, 256], 128, 10), 4, plain)
    make("odd_sigmoid_dropout", choose(19, 27, [3, 5], 7, 3, "sigmoid", 0.25), 3, plain)
    make("clipped_decayed", choose(13, 50, [8, 12, 20], 16, 2), 5, {"learningRate": 3e-3, "clipNorm": 0.5, "weightDecay": 10})
    make("raw_decibels", choose(5, 7, [4], 9, 4, scale=1.0, offset=0.0, input_range=(-41.0, -39.0)), 2, plain)
    make("many_tiles", choose(42, 150, [4, 8, 16], 12, 3), 9, plain)
    make("wide", choose(16, 18, [48, 96, 192, 384], 256, 6), 2, plain)
    make("odd_widths", choose(20, 33, [12, 20, 36], 40, 5, dropout_rate=0.2), 3, plain)
    make("mean_max", choose(38, 61, [8, 12, 20], 16, 4, global_pooling="mean-max"), 5, plain)
    make("mean_max_one_block", choose(9, 15, [5], 7, 3, "sigmoid", 0.25, global_pooling="mean-max"), 3, plain)
    # Many frames are the largest alike, as in silence.
    make("mean_max_constant", choose(16, 40, [24], 12, 3, input_range=(-40.0, -40.0), global_pooling="mean-max"), 3, plain)
