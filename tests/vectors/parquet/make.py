"""Makes audio.parquet: recordings as the data sets of Hugging Face hold them, written by its library.

    python3 tests/vectors/parquet/make.py

Needs datasets (5.2.0). Six tones of 0.1 s, 8 bits at 8,000 Hz, of 200, 250, … Hz; two rows a group.
"""
import io
import math
import pathlib
import wave

import datasets
import pyarrow as pa

RATE = 8000


def tone(hz):
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        samples = (128 + 100 * math.sin(2 * math.pi * hz * i / RATE) for i in range(RATE // 10))
        file.writeframes(bytes(int(sample) for sample in samples))
    return buffer.getvalue()


def main():
    features = datasets.Features({
        "audio": datasets.Audio(),
        "label": datasets.ClassLabel(names=["owl", "tit"]),
        "tags": datasets.Sequence(datasets.ClassLabel(names=["near", "far", "loud"])),
        "fold": datasets.Value("int32"),
    })
    table = pa.table({
        # Two of each are called alike, and the last one nothing.
        "audio": [{"bytes": tone(200 + 50 * i), "path": f"{i // 2}.wav" if i < 5 else None} for i in range(6)],
        "label": [i % 2 for i in range(6)],
        "tags": [[0, 2] if i % 2 else [] for i in range(6)],
        "fold": list(range(6)),
    }, schema=features.arrow_schema)
    out = pathlib.Path(__file__).parent / "audio.parquet"
    dataset = datasets.Dataset(table, info=datasets.DatasetInfo(features=features))
    dataset.to_parquet(out, batch_size=2)


main()
