"""The other side of features_bench.ts: the same work with torchaudio, librosa and audioFlux, where they are
installed, on one thread.

Says first what it offers, and why one that is installed cannot be imported, then answers each line of JSON (`contestant`, `task`, `count`, and what the
task needs) with the seconds of each run. The recipe of `augmented` is the one people write with librosa.
"""

import importlib.util
import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

RATE, SECONDS = 22050, 5
LENGTH = RATE * SECONDS
signal = (0.1 * np.random.default_rng(0).standard_normal(48000 * SECONDS)).astype("f4")


def fit(y):
    return np.pad(y[:LENGTH], (0, max(0, LENGTH - len(y))))


def torch_tasks():
    import torch
    import torchaudio

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    mel = torchaudio.transforms.MelSpectrogram(
        RATE, 2048, hop_length=512, n_mels=128, norm="slaney", mel_scale="slaney", pad_mode="constant"
    )
    window = torch.hann_window(2048)
    advance = torch.linspace(0, np.pi * 512, 1025)[..., None]
    resamplers = {}

    def log_mel(y):
        decibels = 10 * torch.log10(torch.clamp(mel(y), min=1e-10))
        return torch.clamp(decibels - decibels.max(), min=-80.0)

    def resample(y, rate):
        if rate == RATE:
            return y
        if rate not in resamplers:  # its best quality: the alias bound is then that of the bench
            resamplers[rate] = torchaudio.transforms.Resample(
                rate, RATE, resampling_method="kaiser_window", lowpass_filter_width=64,
                rolloff=0.9475937167399596, beta=14.769656459379492,
            )
        return resamplers[rate](y)

    def stretch(y, rate):
        spectrum = torch.stft(y, 2048, 512, window=window, pad_mode="constant", return_complex=True)
        spectrum = torchaudio.functional.phase_vocoder(spectrum, rate, advance)
        return torch.istft(spectrum, 2048, 512, window=window, length=round(len(y) / rate))

    def load_features(paths):
        for path in paths:
            rate = torchaudio.info(path).sample_rate
            y, _ = torchaudio.load(path, num_frames=int(rate * (SECONDS + 0.1)))
            y = resample(y.mean(0), rate)[:LENGTH]
            log_mel(torch.nn.functional.pad(y, (0, LENGTH - len(y))))

    y = torch.from_numpy(signal)
    tasks = {
        "log-mel": lambda _: log_mel(y[:LENGTH]),
        "stretch": lambda job: stretch(y[:LENGTH], job["rate"]),
        "resample": lambda job: resample(y[: job["fromHz"] * SECONDS], job["fromHz"]),
        "load-features": lambda job: load_features(job["paths"]),
    }
    return f"torchaudio {torchaudio.__version__}", tasks


def librosa_tasks():
    import librosa
    from scipy.signal import fftconvolve

    rng = np.random.default_rng(0)

    def log_mel(y):
        power = librosa.feature.melspectrogram(y=y, sr=RATE, n_mels=128)
        return librosa.power_to_db(power, ref=np.max)

    def load(path):
        return fit(librosa.load(path, sr=RATE, duration=SECONDS)[0])

    def augment(y, draw):
        kind = draw["kind"]
        if kind == "white-noise":
            noise = rng.standard_normal(len(y)).astype("f4")
            return y + noise * np.sqrt(np.mean(y**2) / 10 ** (draw["snrDb"] / 10))
        if kind == "pitch-shift":
            return librosa.effects.pitch_shift(y, sr=RATE, n_steps=draw["semitones"])
        if kind == "speed-change":
            return fit(librosa.effects.time_stretch(y, rate=draw["rate"]))
        if kind == "time-shift":
            return np.roll(y, int(draw["fraction"] * len(y)))
        if kind == "reverb":
            length = int(draw["rt60Seconds"] * RATE)
            response = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
            wet = fftconvolve(y, response.astype("f4"))[: len(y)]
            return (1 - draw["wetMix"]) * y + draw["wetMix"] * wet
        return y

    def augment_loaded(job):
        for draw in job["draws"]:
            log_mel(augment(y[:LENGTH], draw))

    def augmented(job):
        kept = {}
        for clip in job["clips"]:
            path = clip["path"]
            if job["reload"] or path not in kept:
                kept[path] = load(path)
            log_mel(augment(kept[path], clip["draw"]))

    y = signal
    tasks = {
        "log-mel": lambda _: log_mel(y[:LENGTH]),
        "stretch": lambda job: librosa.effects.time_stretch(y[:LENGTH], rate=job["rate"]),
        "pitch-shift": lambda job: librosa.effects.pitch_shift(
            y[:LENGTH], sr=RATE, n_steps=job["semitones"]
        ),
        "resample": lambda job: librosa.resample(
            y[: job["fromHz"] * SECONDS], orig_sr=job["fromHz"], target_sr=RATE
        ),
        "load-features": lambda job: [log_mel(load(path)) for path in job["paths"]],
        "augment": augment_loaded,
        "augmented": augmented,
    }
    return f"librosa {librosa.__version__}", tasks


def audioflux_tasks():
    import audioflux
    from audioflux.type import (
        SpectralDataType,
        SpectralFilterBankNormalType,
        SpectralFilterBankScaleType,
    )

    mel = audioflux.BFT(
        num=128, radix2_exp=11, samplate=RATE, low_fre=0, slide_length=512,
        scale_type=SpectralFilterBankScaleType.MEL, normal_type=SpectralFilterBankNormalType.AREA,
        data_type=SpectralDataType.POWER,
    )

    def log_mel(y):
        power = mel.bft(y, result_type=1)
        decibels = 10 * np.log10(np.maximum(power, 1e-10))
        return np.maximum(decibels - decibels.max(), -80)

    tasks = {"log-mel": lambda _: log_mel(signal[:LENGTH])}
    return f"audioFlux {audioflux.__version__}", tasks


def main():
    contestants, failures = {}, {}
    for library, make in (
        ("torchaudio", torch_tasks), ("librosa", librosa_tasks), ("audioflux", audioflux_tasks),
    ):
        if importlib.util.find_spec(library) is None:
            continue
        try:
            name, tasks = make()
            contestants[name] = tasks
        except Exception as error:
            failures[library] = f"{type(error).__name__}: {error}".splitlines()[0]
    offers = {name: list(tasks) for name, tasks in contestants.items()}
    print(json.dumps({"offers": offers, "failures": failures}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        task, seconds = contestants[job["contestant"]][job["task"]], []
        for _ in range(job["count"]):
            start = time.perf_counter()
            task(job)
            seconds.append(time.perf_counter() - start)
        print(json.dumps(seconds), flush=True)


main()
