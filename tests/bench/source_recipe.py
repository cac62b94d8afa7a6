"""The source recipe, as people write it in a notebook with librosa and PyTorch, for `accuracy_bench.ts`: log-mels of
every clip and of one augmented copy of each held in memory, the 4-block CNN, MixUp, label smoothing, clipping,
Adam on a cosine schedule, early stopping, the epoch with the best validation accuracy.

Reads a job as JSON from standard input and prints `{"bestEpoch", "validation", "test"}`.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import librosa
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from scipy.signal import fftconvolve

RATE, SECONDS = 22050, 5
LENGTH = RATE * SECONDS
job = json.load(sys.stdin)
rng = np.random.default_rng(job["seed"])
torch.manual_seed(job["seed"])


def fit(y):
    return np.pad(y[:LENGTH], (0, max(0, LENGTH - len(y))))


def log_mel(y):
    power = librosa.feature.melspectrogram(y=fit(y), sr=RATE, n_mels=128)
    return librosa.power_to_db(power, ref=np.max).astype("f4")


def augment(y):
    kind = rng.integers(6)
    if kind == 0:
        noise = rng.standard_normal(len(y)).astype("f4")
        return y + noise * np.sqrt(np.mean(y**2) / 10 ** (rng.uniform(10, 30) / 10))
    if kind == 1:
        return librosa.effects.pitch_shift(y, sr=RATE, n_steps=rng.uniform(-2, 2))
    if kind == 2:
        return librosa.effects.time_stretch(y, rate=rng.uniform(0.8, 1.25))
    if kind == 3:
        return np.roll(y, int(rng.uniform(-0.5, 0.5) * len(y)))
    if kind == 4:
        length = int(rng.uniform(0.1, 0.6) * RATE)
        response = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
        wet = fftconvolve(y, response)[: len(y)]
        mix = rng.uniform(0.1, 0.4)
        return (1 - mix) * y + mix * wet * np.sqrt(np.mean(y**2) / max(np.mean(wet**2), 1e-12))
    return y


def features(clips, copies):
    rows, labels = [], []
    for clip in clips:
        y = fit(librosa.load(clip["path"], sr=RATE, duration=SECONDS)[0])
        for copy in range(copies + 1):
            rows.append(log_mel(augment(y) if copy else y))
            labels.append(clip["label"])
    x = torch.from_numpy(np.stack(rows))[:, None] / 40 + 2
    return x, torch.tensor(labels)


def create_model():
    layers, inputs = [], 1
    for outputs in [32, 64, 128, 256]:
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
        inputs = outputs
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, job["numClasses"])]
    return nn.Sequential(*layers, *head).to(memory_format=torch.channels_last)


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(part.contiguous(memory_format=torch.channels_last)) for part in x.split(16)])
    return (logits.argmax(1) == y).float().mean().item(), F.cross_entropy(logits, y).item()


train_x, train_y = features(job["train"], 1)
validation, test = features(job["validation"], 0), features(job["test"], 0)
smoothing = job["labelSmoothing"]
targets = F.one_hot(train_y, job["numClasses"]) * (1 - smoothing) + smoothing / job["numClasses"]
model = create_model()
optimizer = torch.optim.Adam(model.parameters(), job["learningRate"])
steps = job["epochs"] * -(-len(train_x) // job["batchSize"])
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
best = None
for epoch in range(job["epochs"]):
    model.train()
    for rows in torch.randperm(len(train_x)).split(job["batchSize"]):
        share, other = rng.beta(job["mixup"], job["mixup"]), rows[torch.randperm(len(rows))]
        x = share * train_x[rows] + (1 - share) * train_x[other]
        y = share * targets[rows] + (1 - share) * targets[other]
        optimizer.zero_grad()
        F.cross_entropy(model(x.contiguous(memory_format=torch.channels_last)), y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), job["clipNorm"])
        optimizer.step()
        schedule.step()
    accuracy, loss = evaluate(model, *validation)
    if best is None or (accuracy, -loss) > best[:2]:
        best = (accuracy, -loss, epoch + 1, evaluate(model, *test)[0])
    if epoch + 1 - best[2] >= job["patience"]:
        break
print(json.dumps({"bestEpoch": best[2], "validation": best[0], "test": best[3]}))
