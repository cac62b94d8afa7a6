"""The same training step in PyTorch, for `train_bench.ts`: answers `train N` and `predict N`, a line each, with the
seconds of N steps by the clock and of the processor, as JSON.

    python3 train_peer.py nchw|channels_last[+bfloat16][+compiled] BATCH THREADS MEL_BANDS NUM_FRAMES
"""
import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

class MeanMaxPool(nn.Module):
    """Mean over mel bands, then mean plus maximum over time."""

    def forward(self, x):
        frames = x.mean(2)
        return frames.mean(2) + frames.max(2).values


(layout, *modes), (batch, threads, mel_bands, num_frames) = sys.argv[1].split("+"), map(int, sys.argv[2:])
if layout not in ("nchw", "channels_last") or set(modes) - {"bfloat16", "compiled"}:
    sys.exit(f"no such peer: {sys.argv[1]}")
torch.manual_seed(0)
torch.set_num_threads(threads)
layers, inputs = [], 1
for outputs in [32, 64, 128, 256]:
    layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
    inputs = outputs
model = nn.Sequential(
    *layers, MeanMaxPool(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
x = torch.rand(batch, 1, mel_bands, num_frames) * 2
targets = F.one_hot(torch.arange(batch) % 10, 10).float()
if layout == "channels_last":
    model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), 1e-3)
autocast = torch.autocast("cpu", torch.bfloat16, enabled="bfloat16" in modes)
if "compiled" in modes:
    model = torch.compile(model)


def train():
    model.train()
    optimizer.zero_grad()
    with autocast:
        loss = F.cross_entropy(model(x), targets)
    loss.backward()
    optimizer.step()
    loss.item()


def predict():
    model.eval()
    with torch.no_grad(), autocast:
        F.softmax(model(x).float(), 1).sum().item()


instructions = torch.backends.cpu.get_cpu_capability() if torch.__version__ >= "2" else ""
print(json.dumps({"version": torch.__version__, "instructions": instructions}), flush=True)
for line in sys.stdin:
    kind, count = line.split()
    wall, cpu = [], []
    for _ in range(int(count)):
        start, cpu_start = time.perf_counter(), time.process_time()
        train() if kind == "train" else predict()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - cpu_start)
    print(json.dumps({"wall": wall, "cpu": cpu}), flush=True)
