"""Makes events.json: what event figures are held to, from sed_eval and scikit-learn.

    python3 tests/vectors/model/make_events.py

Needs sed_eval (0.2.1) and scikit-learn. The events are drawn here and stored.
"""
import json
import pathlib
import random

import sed_eval
from sklearn.metrics import average_precision_score

CLASSES = ["a", "b", "c"]


def draw_recording(rng):
    """True events, and predicted ones that are these moved, doubled, renamed or left out, and some of nothing."""
    truth, predicted = [], []
    for _ in range(rng.randint(3, 25)):
        onset = round(rng.uniform(0, 60), 3)
        label = rng.choice(CLASSES)
        truth.append((onset, round(onset + rng.uniform(0.05, 6), 3), label))
    for onset, offset, label in truth:
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            start = max(0, round(onset + rng.gauss(0, 0.4), 3))
            end = round(max(start + 0.01, offset + rng.gauss(0, 0.8)), 3)
            said = label if rng.random() < 0.8 else rng.choice(CLASSES)
            predicted.append((start, end, said, round(rng.random(), 2)))
    for _ in range(rng.randint(0, 6)):
        start = round(rng.uniform(0, 60), 3)
        predicted.append((start, round(start + rng.uniform(0.1, 3), 3), rng.choice(CLASSES), round(rng.random(), 2)))
    rng.shuffle(predicted)
    return truth, predicted


def as_list(name, events):
    return [
        {"file": name, "event_onset": on, "event_offset": off, "event_label": label}
        for on, off, label, *_ in events
    ]


def average_precision(recordings, label, onset, offset):
    """Naive: by falling score over each recording, each takes the nearest true event that is free."""
    flags, scores, total = [], [], 0
    for truth, predicted in recordings:
        there = sorted(e for e in truth if e[2] == label)
        said = sorted((e for e in predicted if e[2] == label), key=lambda e: e[0])
        total += len(there)
        free = set(range(len(there)))
        for start, end, _, score in sorted(said, key=lambda e: -e[3]):
            near = [
                (abs(there[i][0] - start), i)
                for i in free
                if abs(there[i][0] - start) <= onset
                and (offset is None or abs(there[i][1] - end) <= max(offset, 0.5 * (there[i][1] - there[i][0])))
            ]
            if near:
                free.remove(min(near)[1])
            flags.append(1 if near else 0)
            scores.append(score)
    return average_precision_score(flags, scores) * sum(flags) / total


def main():
    rng = random.Random(16)
    cases = []
    # sed_eval has one collar for both ends.
    for onset, offset, segment in [(0.2, None, 1.0), (0.5, 0.5, 0.5), (1.0, None, 2.5), (0.25, 0.25, 0.1)]:
        recordings = [draw_recording(rng) for _ in range(6)]
        events = sed_eval.sound_event.EventBasedMetrics(
            event_label_list=CLASSES, t_collar=onset, percentage_of_length=0.5,
            evaluate_offset=offset is not None, empty_system_output_handling="zero_score",
            event_matching_type="optimal",
        )
        segments = sed_eval.sound_event.SegmentBasedMetrics(event_label_list=CLASSES, time_resolution=segment)
        for i, (truth, predicted) in enumerate(recordings):
            for metrics in (events, segments):
                metrics.evaluate(as_list(str(i), truth), as_list(str(i), predicted))
        figures = {}
        for name, metrics in (("events", events), ("segments", segments)):
            overall = metrics.results_overall_metrics()["f_measure"]
            by_class = metrics.results_class_wise_metrics()
            figures[name] = {
                "precision": overall["precision"],
                "recall": overall["recall"],
                "f1": overall["f_measure"],
                "macroF1": metrics.results_class_wise_average_metrics()["f_measure"]["f_measure"],
                "perClass": [by_class[label]["f_measure"]["f_measure"] for label in CLASSES],
            }
        figures["averagePrecision"] = [average_precision(recordings, label, onset, offset) for label in CLASSES]
        cases.append({
            "onsetSeconds": onset, "offsetSeconds": offset, "segmentSeconds": segment,
            "recordings": [{"truth": truth, "predicted": predicted} for truth, predicted in recordings],
            "figures": figures,
        })
    path = pathlib.Path(__file__).with_name("events.json")
    path.write_text(json.dumps({"classes": CLASSES, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
