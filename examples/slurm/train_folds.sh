#!/bin/bash
# Cross-validates by an array of K tasks, a fold each, then joins the folds:
#   train_folds.sh K DATA RUN [more options of train]
set -eu
k=$1 data=$(realpath "$2") run=$(realpath -m "$3")
shift 3
here=$(realpath "$(dirname "$0")")
cd "$here/../.."
mkdir -p "$run.logs"

folds=$(sbatch --parsable --job-name=train --array="1-$k" --output="$run.logs/%a.log" \
  "$here/task.sbatch" train --data "$data" --folds "$k" --out "$run" --shard auto --resume "$@")
sbatch --parsable --job-name=merge --dependency="afterok:$folds" --kill-on-invalid-dep=yes \
  --output="$run.logs/merge.log" "$here/task.sbatch" merge "$run"
