"""Makes scores.json: temperatures by SciPy, thresholds by scikit-learn.

    python3 tests/vectors/scores/make.py

Needs numpy, scipy and scikit-learn.
"""
import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit, log_softmax, softmax
from sklearn.metrics import precision_recall_curve

random = np.random.default_rng(16)


def fit(loss):
    """ln of the temperature with the least loss."""
    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-10})
    return float(np.exp(found.x))


def one_label(probabilities, truths):
    """Guo et al. 2017, with one more clip spread over all whose target is even."""
    logits, count = np.log(probabilities), len(truths)
    targets = np.eye(probabilities.shape[1])[truths] * count / (count + 1) + 1 / (count + 1) / probabilities.shape[1]
    return fit(lambda t: -np.mean(np.sum(targets * log_softmax(logits / np.exp(t), axis=1), axis=1)))


def several_labels(probabilities, truths):
    logits, count = np.log(probabilities) - np.log1p(-probabilities), truths.size
    targets = truths * count / (count + 1) + 1 / (count + 1) / 2
    def loss(t):
        scaled = logits / np.exp(t)
        return -np.mean(targets * log_expit(scaled) + (1 - targets) * log_expit(-scaled))
    return fit(loss)


def rounded(values):
    """What a float32 has of five decimals."""
    return np.float32(np.round(values, 5)).astype(float)


def case(task, stated, truths, temperature, scale):
    return {
        "task": task, "probabilities": np.round(stated, 5).tolist(), "truths": truths.tolist(),
        "temperature": temperature, "firstScaled": scale(stated[0], temperature).tolist(),
    }


cases = []
for count, classes, sharpness in [(200, 4, 0.4), (60, 3, 1), (150, 5, 3), (12, 2, 0.7)]:
    logits = random.normal(size=(count, classes)) * 2
    truths = np.array([random.choice(classes, p=row) for row in softmax(logits, axis=1)])
    stated = rounded(np.clip(softmax(logits * sharpness, axis=1), 1e-4, 1))
    scale = lambda row, t: softmax(np.log(row) / t)
    cases.append(case("one-label", stated, np.eye(classes, dtype=int)[truths], one_label(stated, truths), scale))
    marginal = 1 / (1 + np.exp(-logits))
    several = (random.random(logits.shape) < marginal).astype(int)
    stated = rounded(np.clip(1 / (1 + np.exp(-logits * sharpness)), 1e-4, 1 - 1e-4))
    scale = lambda row, t: expit((np.log(row) - np.log1p(-row)) / t)
    cases.append(case("several-labels", stated, several, several_labels(stated, several), scale))

thresholds = []
for count, decimals in [(80, 6), (80, 1), (25, 2), (200, 6)]:
    scores = random.random(count)
    truths = (random.random(count) < scores**2).astype(int)
    scores = np.round(scores, decimals)
    precision, recall, values = precision_recall_curve(truths, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    f1, precision = f1[:-1], precision[:-1]
    named = np.array([(scores >= value).sum() for value in values])
    def reaching(wanted):
        found = np.flatnonzero((precision >= wanted) & (named >= 5))
        return int(named[found[0]]) if len(found) else None
    thresholds.append({
        "scores": scores.tolist(), "truths": truths.tolist(),
        "bestF1": int(named[np.flatnonzero(f1 >= f1.max() - 1e-12)[0]]),
        "reaching": {str(wanted): reaching(wanted) for wanted in (0.5, 0.8, 0.95)},
    })

made = {"by": f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}"}
text = json.dumps({**made, "temperatures": cases, "thresholds": thresholds})
pathlib.Path(__file__).with_name("scores.json").write_text(text + "\n")
