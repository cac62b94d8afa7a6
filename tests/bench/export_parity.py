"""Compares what a run exports with what `predict` says, on real recordings.

    python tests/bench/export_parity.py RUN RECORDINGS [--clips 20] [--model-limit 1e-4] [--torch-limit 1e-5]

needs onnx, onnxruntime, torch, safetensors, soundfile, soxr and NumPy. Of recordings spread over the folder it writes
clips of 1 s, the model's length and half as much again, at the model's rate, has `deno task` export the run and label
them, and computes the probabilities by onnxruntime from the samples, and by PyTorch from `deno task features`' files
with the class that stands in docs/export.md. The latter answers for one network, without a temperature: it is held to
`predict --raw-probabilities`, and left out for a cross-validation or a run with test shifts.

Prints the largest difference of each, how large the files are and how long onnxruntime takes for a clip. Exits with 1
where a difference is over its limit.
"""

import argparse
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import onnxruntime
import soundfile
import soxr
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUFFIXES = {".wav", ".flac", ".ogg", ".mp3"}


def melstream(command, *options):
    words = ["npx", "-y", "deno@2.9.6", "task", "-q", command, *map(str, options)]
    subprocess.run(words, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)


def write_clips(recordings, folder, count, rate, seconds):
    """Clips of three lengths in turn; recordings that are shorter are repeated."""
    paths = sorted(path for path in recordings.rglob("*") if path.suffix in SUFFIXES)
    folder.mkdir()
    for i, path in enumerate(paths[:: max(1, len(paths) // count)][:count]):
        sound, file_rate = soundfile.read(path, always_2d=True)
        sound = soxr.resample(sound.mean(1), file_rate, rate)
        length = round(rate * [1, seconds, 1.5 * seconds][i % 3])
        soundfile.write(folder / f"{i:02}.wav", np.resize(sound, length), rate, subtype="FLOAT")
    return sorted(folder.iterdir())


def read_probabilities(run, folder, *options):
    """What `predict` says of the clips, in their order: [clips, classes]."""
    melstream("predict", "--model", run, "--data", folder / "clips", "--backend", "cpu",
              "--out", folder / "labels.csv", "--probabilities", folder / "p.csv", *options)
    with open(folder / "p.csv") as file:
        _, *rows = csv.reader(file)
    return np.array([row[1:] for row in rows], float)


def torch_class():
    """The class that the documentation shows."""
    page = (ROOT / "docs/export.md").read_text()
    [source] = [block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "class Melstream" in block]
    names = {}
    exec(source, names)
    return names["Melstream"]


def feature_options(front_end):
    names = {
        "durationSeconds": "seconds", "sampleRateHz": "sample-rate", "melBands": "mels", "fftSize": "fft",
        "hopSamples": "hop", "minHz": "min-hz", "maxHz": "max-hz",
    }
    return [word for key, name in names.items() for word in (f"--{name}", front_end[key])]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=pathlib.Path)
    parser.add_argument("recordings", type=pathlib.Path)
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--model-limit", type=float, default=1e-4)
    parser.add_argument("--torch-limit", type=float, default=1e-5)
    options = parser.parse_args()
    run = options.run.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        model, features, weights = [folder / name for name in ("m.onnx", "f.onnx", "m.safetensors")]
        melstream("export", "--model", run, "--out", model)
        melstream("export", "--model", run, "--out", features, "--features-only")
        sessions = []
        for path in (model, features):
            onnx.checker.check_model(onnx.load(path), full_check=True)
            sessions.append(onnxruntime.InferenceSession(path))
            print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, a valid model")
        about = sessions[0].get_modelmeta().custom_metadata_map
        rate, seconds = int(about["sample_rate_hz"]), float(about["clip_seconds"])
        clips = write_clips(options.recordings, folder / "clips", options.clips, rate, seconds)
        said = read_probabilities(run, folder)
        melstream("features", "--data", folder / "clips", "--out", folder / "npy",
                  *feature_options(json.loads(about["front_end"])))
        assert said.shape == (len(clips), len(json.loads(about["classes"])))

        worst, times, limits = {"onnx": 0, "features (dB)": 0}, [], {"onnx": options.model_limit, "features (dB)": 0.01}
        network = None
        if not (run / "fold-1").exists():
            melstream("export", "--model", run, "--out", weights, "--format", "safetensors")
            network = torch_class()(weights).eval()
            if network.card["testShifts"] > 0:
                network = None
        if network:
            raw = read_probabilities(run, folder, "--raw-probabilities")
            worst["torch"], limits["torch"] = 0, options.torch_limit
        for i, path in enumerate(clips):
            sound = soundfile.read(path, dtype="float32")[0][None]
            start = time.perf_counter()
            [[answer]] = sessions[0].run(None, {"waveform": sound})
            times.append(time.perf_counter() - start)
            [[picture]] = sessions[1].run(None, {"waveform": sound})
            ours = np.load(folder / "npy" / f"{path.name}.npy")
            differences = {"onnx": answer - said[i], "features (dB)": picture - ours}
            if network:
                with torch.no_grad():
                    differences["torch"] = network(torch.from_numpy(ours)[None])[0].numpy() - raw[i]
            for name, difference in differences.items():
                worst[name] = max(worst[name], np.abs(difference).max())
    for name, difference in worst.items():
        print(f"{name}: largest difference {difference:.2e}, limit {limits[name]:g}")
    print(f"{len(clips)} clips, {1000 * min(times):.1f} ms each by onnxruntime")
    return 1 if any(not worst[name] <= limits[name] for name in worst) else 0


if __name__ == "__main__":
    sys.exit(main())
