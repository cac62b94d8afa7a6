"""The same training step in PyTorch on CUDA, eager float32, for `gpu.ts`: prints examples a second as JSON.

    python3 gpu_peer.py MEL_BANDS NUM_FRAMES SECONDS BATCH...
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


def create(mel_bands, num_frames, batch, layout):
    layers, inputs = [], 1
    for outputs in [32, 64, 128, 256]:
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
        inputs = outputs
    model = nn.Sequential(
        *layers, MeanMaxPool(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)).cuda()
    x = torch.rand(batch, 1, mel_bands, num_frames, device="cuda") * 2
    targets = F.one_hot(torch.arange(batch) % 10, 10).float().cuda()
    if layout == "channels_last":
        model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step


mel_bands, num_frames, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
results = []
for batch in map(int, sys.argv[4:]):
    for layout in ("nchw", "channels_last"):
        for tf32 in (False, True):
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
            step, steps = create(mel_bands, num_frames, batch, layout), 0
            for _ in range(5):
                step()
            torch.cuda.synchronize()
            start = time.perf_counter()
            while time.perf_counter() - start < seconds:
                for _ in range(10):
                    step()
                torch.cuda.synchronize()
                steps += 10
            rate = batch * steps / (time.perf_counter() - start)
            results.append({"batch": batch, "layout": layout, "tf32": tf32, "examplesPerSecond": rate})
print(json.dumps({"torch": torch.__version__, "device": torch.cuda.get_device_name(), "results": results}))
