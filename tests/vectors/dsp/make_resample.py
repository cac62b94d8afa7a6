"""Makes the oracle values of tests/pipeline/dsp/resampler_parity_test.ts: what librosa's default resampling
(soxr HQ) makes of noise.

    python make_resample.py

needs librosa 0.10 or newer, with soxr. Writes resample.json and resample.f32: for each pair of rates, `numInput`
samples of `noise` of make.py, half as loud in the second half, and the float32 samples that librosa makes of
them, at their start and end as people meet them: with silence before and after. Low rates have a few more
samples than half of the longest filter (107).
"""

import librosa
import numpy as np

from make import noise, write_json

SECONDS = 0.06
PAIRS = [
    (8000, 22050), (11025, 22050), (16000, 22050), (24000, 22050), (32000, 22050), (44100, 22050),
    (48000, 22050), (88200, 22050), (96000, 22050), (192000, 22050),
    (48000, 16000), (16000, 48000), (24000, 16000), (44100, 16000), (5512.5, 22050),
    (44099, 22050), (22255, 22050),
]
LOW_RATES, USUAL_RATES, LOW_SAMPLES = (2000, 4000, 5512, 6000, 8000, 11025), (22050, 44100, 48000), 130


def main():
    index, samples = [], []
    cases = [(from_hz, to_hz, round(from_hz * SECONDS)) for from_hz, to_hz in PAIRS]
    low_pairs = [(low, usual) for low in LOW_RATES for usual in USUAL_RATES]
    cases += [(*pair, LOW_SAMPLES) for pair in low_pairs if pair not in PAIRS]
    for from_hz, to_hz, num_input in cases:
        y = noise(num_input)
        y[len(y) // 2 :] *= np.float32(0.5)
        out = librosa.resample(y, orig_sr=from_hz, target_sr=to_hz)
        index.append(dict(fromHz=from_hz, toHz=to_hz, numInput=len(y), numOutput=len(out)))
        samples.append(out.astype("<f4"))
    np.concatenate(samples).tofile("resample.f32")
    write_json("resample.json", index)


if __name__ == "__main__":
    main()
