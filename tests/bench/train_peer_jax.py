"""The same training step in JAX, for `train_bench.ts`: speaks as `train_peer.py` does.

    python3 train_peer_jax.py jax BATCH THREADS MEL_BANDS NUM_FRAMES

XLA takes a thread for each core that the process may run on: THREADS sets those.
"""
import json
import os
import sys
import time

os.environ["JAX_PLATFORMS"] = "cpu"
if __name__ == "__main__" and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[3])])

import jax
import jax.numpy as jnp
from jax import lax

MOMENTUM, EPSILON, RATE = 0.9, 1e-5, 1e-3


def initial():
    """Parameters and running statistics: convolutions HWIO, dense layers in x out."""
    keys = iter(jax.random.split(jax.random.key(0), 6))

    def uniform(shape, fan_in):
        bound = (6 / fan_in) ** 0.5
        return jax.random.uniform(next(keys), shape, minval=-bound, maxval=bound)

    blocks, statistics, inputs = [], [], 1
    for outputs in [32, 64, 128, 256]:
        kernel = uniform((3, 3, inputs, outputs), 9 * inputs)
        blocks.append({"kernel": kernel, "gamma": jnp.ones(outputs), "beta": jnp.zeros(outputs)})
        statistics.append({"mean": jnp.zeros(outputs), "variance": jnp.ones(outputs)})
        inputs = outputs
    dense = {"kernel": uniform((256, 128), 256), "bias": jnp.zeros(128)}
    logits = {"kernel": uniform((128, 10), 128), "bias": jnp.zeros(10)}
    return {"blocks": blocks, "dense": dense, "logits": logits}, statistics


def forward(parameters, statistics, x, trains):
    """Logits `[batch, 10]` of `x` `[batch, mel_bands, num_frames, 1]`, and the running statistics after it."""
    moved = []
    for block, running in zip(parameters["blocks"], statistics):
        y = lax.conv_general_dilated(
            x, block["kernel"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        mean, variance = running["mean"], running["variance"]
        if trains:
            mean, variance = y.mean((0, 1, 2)), y.var((0, 1, 2))
        y = (y - mean) * lax.rsqrt(variance + EPSILON) * block["gamma"] + block["beta"]
        moved.append({
            "mean": MOMENTUM * running["mean"] + (1 - MOMENTUM) * mean,
            "variance": MOMENTUM * running["variance"] + (1 - MOMENTUM) * variance,
        })
        window = (1, 2, 2, 1)
        x = lax.reduce_window(jax.nn.relu(y), -jnp.inf, lax.max, window, window, "VALID")
    frames = x.mean(1)
    x = frames.mean(1) + frames.max(1)
    x = jax.nn.relu(x @ parameters["dense"]["kernel"] + parameters["dense"]["bias"])
    return x @ parameters["logits"]["kernel"] + parameters["logits"]["bias"], moved


@jax.jit
def step(parameters, statistics, first, second, count, x, targets):
    """One step of Adam, the `count`th: all that it moves, and the mean loss before it."""

    def loss_of(parameters):
        logits, moved = forward(parameters, statistics, x, True)
        return -(targets * jax.nn.log_softmax(logits)).sum(1).mean(), moved

    (loss, moved), gradients = jax.value_and_grad(loss_of, has_aux=True)(parameters)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)

    def move(value, m, v):
        m, v = m / (1 - 0.9**count), v / (1 - 0.999**count)
        return value - RATE * m / (jnp.sqrt(v) + 1e-8)

    return jax.tree.map(move, parameters, first, second), moved, first, second, loss


@jax.jit
def answer(parameters, statistics, x):
    """Probabilities, by the running statistics."""
    return jax.nn.softmax(forward(parameters, statistics, x, False)[0])


def main():
    batch, _, mel_bands, num_frames = map(int, sys.argv[2:])
    parameters, statistics = initial()
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state, count = [parameters, statistics, zeros, zeros], 0
    x = jax.random.uniform(jax.random.key(1), (batch, mel_bands, num_frames, 1)) * 2
    targets = jax.nn.one_hot(jnp.arange(batch) % 10, 10)
    print(json.dumps({"version": jax.__version__, "instructions": ""}), flush=True)
    for line in sys.stdin:
        kind, times = line.split()
        wall, cpu = [], []
        for _ in range(int(times)):
            start, cpu_start = time.perf_counter(), time.process_time()
            if kind == "train":
                count += 1
                *state, loss = step(*state, float(count), x, targets)
                loss.item()
            else:
                answer(*state[:2], x).block_until_ready()
            wall.append(time.perf_counter() - start)
            cpu.append(time.process_time() - cpu_start)
        print(json.dumps({"wall": wall, "cpu": cpu}), flush=True)


if __name__ == "__main__":
    main()
