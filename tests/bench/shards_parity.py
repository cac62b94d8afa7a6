"""Reads shards that `melstream shards` wrote with webdataset, and holds them to the files they were made of.

    deno task shards --data RECORDINGS --out 'SHARDS/%06d.tar' --shard-size 1MB
    python tests/bench/shards_parity.py 'SHARDS/{000000..000009}.tar' RECORDINGS

Needs webdataset (1.0.2). RECORDINGS is a folder of CLASS/*, or of train/CLASS/* and test/*. Exits with 1 where a
recording is missing, has other bytes or another label.
"""
import pathlib
import sys

import webdataset

FOLDERS = {"train": ("train", "."), "val": ("val",), "test": ("test",), None: (".",)}


def find(root, sample_id, split):
    for folder in FOLDERS[split]:
        path = root / folder / sample_id
        if path.is_file():
            return path
    sys.exit(f"there is no {sample_id} ({split}) in {root}")


def main(shards, root):
    numbers, seen = {}, set()
    for sample in webdataset.WebDataset(shards, shardshuffle=False).decode():
        described = sample["json"]
        path = find(root, described["id"], described.get("split"))
        extensions = [name for name in sample if not name.startswith("__") and name not in ("json", "cls")]
        assert len(extensions) == 1, f"{described['id']} has {extensions}"
        assert sample[extensions[0]] == path.read_bytes(), f"{path} has other bytes"
        if "cls" in sample:
            label = described["label"]
            assert label == path.parent.name, f"{path} is labelled {label}"
            assert numbers.setdefault(label, sample["cls"]) == sample["cls"], f"{label} has two numbers"
        assert path not in seen, f"{path} is there twice"
        seen.add(path)
    assert len(set(numbers.values())) == len(numbers), "two classes have one number"
    print(f"{len(seen)} recordings, {len(numbers)} classes: the same bytes and labels")


main(sys.argv[1], pathlib.Path(sys.argv[2]))
