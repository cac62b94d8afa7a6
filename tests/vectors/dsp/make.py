"""Makes the oracle values of tests/pipeline/dsp: log-mel features, time stretch and pitch shift by librosa.

    python make.py SAMPLES_DIR [SPEECH_WAV]

needs librosa 0.10 or newer and soundfile. SAMPLES_DIR is the `samples` folder of the npm package
supersonic-scsynth-samples (CC0); SPEECH_WAV is en_US_f_Allison/agent-incorrect.wav of Debian's
asterisk-core-sounds-en-wav, which the test reads from where that package puts it.

Writes excerpts.i16 (real sound, 16-bit), log_mel.json + log_mel.u16 (dB below the loudest cell, in
steps of range/65535), vocoder.json + vocoder.f32 (samples). All little-endian.
The made signals use +, -, * and floor on float64 only: tests/pipeline/dsp/signals.ts has the same bits.
"""

import json
import math
import sys

import librosa
import numpy as np
import soundfile

RATE = 22050


def noise(n, seed=1):
    out, state = np.empty(n), seed
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = (state >> 8) / 2**23 - 1
    return out.astype("f4")


def sine(phase):
    """Two parabolas in place of a sine of this phase in turns: the same bits in any language."""
    x = 2 * phase - 1
    return 4 * x * (1 - abs(x))


def chirp(n, from_hz=50.0, to_hz=9000.0, rate=RATE):
    out, phase = np.empty(n), 0.0
    for i in range(n):
        out[i] = 0.5 * sine(phase)
        phase += (from_hz + (to_hz - from_hz) * i / n) / rate
        phase -= math.floor(phase)
    return out.astype("f4")


def clicks(n):
    out = np.zeros(n, "f4")
    for i, at in enumerate(range(0, n, 4999)):
        out[at] = 1.0 if i % 2 == 0 else -0.25
    return out


def mix(n):
    return (0.25 * chirp(n).astype("f8") + 0.125 * noise(n).astype("f8")).astype("f4")


def tones(n):
    """Three steady tones and a little noise: what a phase vocoder is made for."""
    out, seconds = np.zeros(n), 1.0 / RATE
    for hz, gain in ((330.0, 0.3), (1234.5, 0.2), (5000.0, 0.1)):
        phase = 0.0
        for i in range(n):
            out[i] += gain * sine(phase)
            phase += hz * seconds
            phase -= math.floor(phase)
    return (out + 0.0009765625 * noise(n).astype("f8")).astype("f4")


def excerpts(folder):
    parts = []
    for name, start in (("loop_garzul", 0.5), ("ambi_choir", 0.2)):
        y, _ = librosa.load(f"{folder}/{name}.flac", sr=RATE, offset=start, duration=1)
        parts.append(np.round(y[:RATE] * 32767 / max(1, np.abs(y).max())).astype("<i2"))
    np.concatenate(parts).tofile("excerpts.i16")
    return [part.astype("f4") / np.float32(32768) for part in parts]


def main():
    music, voice = excerpts(sys.argv[1])
    base = dict(
        sampleRateHz=RATE, durationSeconds=1, fftSize=2048, hopSamples=512, melBands=128, minHz=0,
        maxHz=11025, melScale="slaney", centering="zero-padded", dynamicRangeDb=80,
    )
    short = dict(durationSeconds=0.24)
    cases = [
        ("noise", noise(RATE), {}),
        ("quiet-noise", noise(RATE) * np.float32(2**-14), {}),
        ("chirp", chirp(RATE), {}),
        ("chirp", chirp(5 * RATE), dict(durationSeconds=5)),
        ("clicks", clicks(RATE), {}),
        ("clicks", clicks(RATE), dict(dynamicRangeDb=120)),
        ("silence", np.zeros(RATE, "f4"), {}),
        ("music", music, {}),
        ("voice", voice, {}),
        ("noise", noise(882), dict(durationSeconds=0.04)),
        ("clicks", clicks(1), dict(durationSeconds=1 / RATE)),
        ("mix", mix(5292), dict(short, fftSize=64, hopSamples=64, melBands=8)),
        ("mix", mix(5292), dict(short, fftSize=128, hopSamples=100, melBands=20)),
        ("mix", mix(5292), dict(short, fftSize=256, hopSamples=77, melBands=40, melScale="htk")),
        ("mix", mix(5292), dict(short, fftSize=512, hopSamples=160, minHz=50, maxHz=7600)),
        ("mix", mix(5292), dict(short, fftSize=1024, hopSamples=1024, melBands=64, centering="off")),
        ("mix", mix(5292), dict(short, melBands=512)),
        ("mix", mix(5292), dict(short, centering="off", dynamicRangeDb=40, melScale="htk")),
        ("mix", mix(16000), dict(sampleRateHz=16000, maxHz=8000, fftSize=512, melBands=40, hopSamples=200)),
        ("mix", mix(RATE), dict(fftSize=4096, hopSamples=1000, maxHz=10000, melBands=96)),
        ("mix", mix(RATE), dict(fftSize=8192, hopSamples=2048, minHz=20)),
        ("mix", mix(882), dict(fftSize=16384, hopSamples=1, melBands=4, durationSeconds=0.04)),
        ("mix", mix(RATE), dict(fftSize=16384, hopSamples=4096, melBands=256)),
    ]
    if len(sys.argv) > 2:
        speech, rate = soundfile.read(sys.argv[2], dtype="float32")
        cases.append(
            ("speech", speech[: 2 * rate], dict(sampleRateHz=rate, maxHz=rate // 2, durationSeconds=2))
        )
    index, cells = [], []
    for name, signal, options in cases:
        front_end = {**base, **options}
        length = round(front_end["sampleRateHz"] * front_end["durationSeconds"])
        features = log_mel(signal[:length], front_end)
        index.append(dict(signal=name, frontEnd=front_end, numCells=features.size))
        steps = np.round(-features.astype("f8") / front_end["dynamicRangeDb"] * 65535)
        cells.append(steps.astype("<u2").ravel())
    np.concatenate(cells).tofile("log_mel.u16")
    write_json("log_mel.json", index)

    index, samples = [], []
    steady, late = tones(8000), tones(8000)
    late[:5000] = 0  # a bin that is silent at first must not stay so
    for name, signal, kind, amount in (
        ("tones", steady, "stretch", 0.8), ("tones", steady, "stretch", 1.3),
        ("tones", steady, "stretch", 1.0), ("late-tones", late, "stretch", 0.9),
        ("tones", steady, "pitch", 4.0), ("tones", steady, "pitch", -2.5),
    ):
        # In float64: with float32 samples librosa adds up its phases in float32, and loses digits.
        y = signal.astype("f8")
        if kind == "stretch":
            changed = librosa.effects.time_stretch(y, rate=amount)
        else:
            changed = librosa.effects.pitch_shift(y, sr=RATE, n_steps=amount)
        index.append(dict(signal=name, kind=kind, amount=amount, numSamples=len(changed)))
        samples.append(changed.astype("<f4"))
    np.concatenate(samples).tofile("vocoder.f32")
    write_json("vocoder.json", index)


def log_mel(signal, front_end):
    power = librosa.feature.melspectrogram(
        y=signal, sr=front_end["sampleRateHz"], n_fft=front_end["fftSize"],
        hop_length=front_end["hopSamples"], n_mels=front_end["melBands"], fmin=front_end["minHz"],
        fmax=front_end["maxHz"], htk=front_end["melScale"] == "htk",
        center=front_end["centering"] != "off", pad_mode="constant",
    )
    return librosa.power_to_db(power, ref=np.max, top_db=front_end["dynamicRangeDb"])


def write_json(path, rows):
    with open(path, "w") as file:
        file.write("[\n  " + ",\n  ".join(json.dumps(row) for row in rows) + "\n]\n")


if __name__ == "__main__":
    main()
