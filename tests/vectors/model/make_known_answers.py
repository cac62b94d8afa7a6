"""Makes model/webgpu/known_answers.json: what a GPU must compute before it is trusted, from PyTorch in float64, with
each global pooling.

    python3 tests/vectors/model/make_known_answers.py

Inputs, targets and weights are not stored: `draw` stands in model/webgpu/known_answers.ts too. Of each
gradient its norm and its product with a drawn direction are stored.
"""
import json
import math
import pathlib

import numpy as np
import torch

from make import forward, loss_of, weight_shapes

CHOICES = {"melBands": 21, "numFrames": 30, "channels": [8, 36, 40], "denseUnits": 12, "numClasses": 4,
        "dropoutRate": 0, "activation": "softmax", "inputScale": 2 / 80, "inputOffset": 2}
BATCH = 3


def draw(stream, count, low, high):
    """Multiples of the golden ratio modulo 1, scaled and rounded to float32."""
    bits = (np.arange(count, dtype=np.uint32) + np.uint32(stream * 65537)) * np.uint32(0x9E3779B1)
    return (low + (high - low) * ((bits >> np.uint32(8)) / 2.0**24)).astype(np.float32).astype(np.float64)


def draw_weights():
    weights = {}
    for i, (name, shape) in enumerate(weight_shapes(CHOICES).items()):
        role = name.split("/")[1]
        bound = math.sqrt(6 / int(np.prod(shape[:-1])))
        low, high = {"kernel": (-bound, bound), "gamma": (0.5, 1.5), "moving_variance": (0.5, 1.5)}.get(role, (-0.2, 0.2))
        values = draw(10 + i, int(np.prod(shape)), low, high)
        weights[name] = torch.tensor(values.reshape(shape), requires_grad=not role.startswith("moving"))
    return weights


def answer(choices):
    """Probabilities, loss and gradients of the first step."""
    weights = draw_weights()
    x = torch.tensor(draw(1, BATCH * choices["melBands"] * choices["numFrames"], -80, 0)).reshape(BATCH, choices["melBands"], -1)
    targets = torch.eye(choices["numClasses"])[torch.arange(BATCH)]
    probabilities = torch.softmax(forward(choices, weights, x).detach(), 1).flatten().tolist()
    mask = torch.ones(BATCH, choices["denseUnits"])
    loss = loss_of(choices, forward(choices, weights, x, mask), targets)
    loss.backward()
    gradients = {}
    for i, (name, weight) in enumerate(weights.items()):
        if weight.requires_grad:
            g = weight.grad.flatten()
            direction = torch.tensor(draw(50 + i, len(g), -1, 1))
            gradients[name] = {"norm": g.norm().item(), "product": (g @ direction).item()}
    return {"loss": loss.item(), "probabilities": probabilities, "gradients": gradients}


answers = {how: answer({**CHOICES, "globalPooling": how}) for how in ("mean", "mean-max")}
result = {"choices": CHOICES, "batch": BATCH, "answers": answers}
path = pathlib.Path(__file__).parents[3] / "model/webgpu/known_answers.json"
path.write_text(json.dumps(json.loads(json.dumps(result), parse_float=lambda s: float(f"{float(s):.8g}")), indent=2) + "\n")
print(json.dumps(answers, indent=1))
