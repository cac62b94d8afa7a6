"""Compares what `deno task features` wrote with librosa's features of the same recordings.

    deno task features --data RECORDINGS --out FEATURES
    python tests/bench/features_parity.py RECORDINGS FEATURES [--limit-db 0.01]

needs librosa 0.10 or newer. `--seconds`, `--sample-rate`, `--mels`, `--fft`, `--hop`, `--min-hz` and `--max-hz` are
said here as they were there. Each recording is read as people do:

    y, _ = librosa.load(path, sr=22050, duration=5)                        # padded with zeros to 5 s
    librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=22050, n_mels=128), ref=np.max)

Prints a line a file with the largest difference of a cell, in dB, worst last, then one a format. Exits
with 1 where a file is over the limit, has no features or others than asked for, or nothing was compared.
"""

import argparse
import pathlib
import sys
import warnings

import librosa
import numpy as np

warnings.filterwarnings("ignore")


def log_mel(path, options):
    rate, length = options.sample_rate, round(options.sample_rate * options.seconds)
    y, _ = librosa.load(path, sr=rate, duration=options.seconds)
    y = np.pad(y, (0, max(0, length - len(y))))[:length]
    power = librosa.feature.melspectrogram(
        y=y, sr=rate, n_fft=options.fft, hop_length=options.hop, n_mels=options.mels,
        fmin=options.min_hz, fmax=options.max_hz,
    )
    return librosa.power_to_db(power, ref=np.max)


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("recordings", type=pathlib.Path)
    parser.add_argument("features", type=pathlib.Path)
    parser.add_argument("--limit-db", type=float, default=0.01)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--sample-rate", type=int, default=22050)
    parser.add_argument("--mels", type=int, default=128)
    parser.add_argument("--fft", type=int, default=2048)
    parser.add_argument("--hop", type=int, default=512)
    parser.add_argument("--min-hz", type=float, default=0)
    parser.add_argument("--max-hz", type=float, help="default: half the sample rate")
    return parser.parse_args()


def main():
    options = read_options()
    rows, misshapen = [], 0
    for path in sorted(options.features.rglob("*.npy")):
        name = path.relative_to(options.features).with_suffix("")
        ours, theirs = np.load(path), log_mel(options.recordings / name, options)
        if ours.shape != theirs.shape:
            print(f"{name} has features of {ours.shape}, librosa {theirs.shape}: were they made with these options?")
            misshapen += 1
            continue
        difference = np.abs(ours - theirs)
        band, frame = np.unravel_index(difference.argmax(), difference.shape)
        rows.append((difference.max(), np.median(difference), name, band, frame))
    rows.sort(key=lambda row: row[0])
    for largest, median, name, band, frame in rows:
        print(f"{largest:9.5f} dB (median {median:.6f})  {name}, band {band}, frame {frame}")

    over = [row for row in rows if not row[0] <= options.limit_db]
    for suffix in sorted({row[2].suffix for row in rows}):
        of_format = [row[0] for row in rows if row[2].suffix == suffix]
        print(f"{suffix}: {len(of_format)} files, largest difference {max(of_format):.5f} dB")
    print(f"{len(rows) - len(over)} of {len(rows)} files within {options.limit_db} dB")
    return 1 if over or misshapen or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
