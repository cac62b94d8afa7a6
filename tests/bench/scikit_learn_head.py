"""scikit-learn's head on a backbone's embeddings, for `accuracy_bench.ts`: standardised numbers, then logistic
regression, of every split the penalty with the best validation; of several splits the mean of the heads answers.

Reads a job as JSON from standard input and prints `{"bestEpoch", "validation", "test"}`.
"""

import json
import sys
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("error", category=ConvergenceWarning)

job = json.load(sys.stdin)
x, y = np.load(job["embeddings"]), np.array(job["labels"])
classes = np.arange(y.max() + 1)
test = np.arange(job["numTrain"], len(y))


def fit(rows, penalty):
    return make_pipeline(StandardScaler(), LogisticRegression(C=1 / penalty, max_iter=10000)).fit(x[rows], y[rows])


answers, right, validated = [], 0, 0
for split in job["splits"]:
    rows = split["validation"]
    best = None
    for penalty in job["penalties"]:
        head = fit(split["train"], penalty)
        said = head.predict_proba(x[rows])
        score = (np.mean(classes[said.argmax(1)] == y[rows]), -log_loss(y[rows], said, labels=classes))
        if best is None or score > best[0]:
            best = score, head
    answers.append(best[1].predict_proba(x[test]))
    right += best[0][0] * len(rows)
    validated += len(rows)
accuracy = np.mean(np.mean(answers, 0).argmax(1) == y[test])
print(json.dumps({"bestEpoch": None, "validation": right / validated, "test": accuracy}))
