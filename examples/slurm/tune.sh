#!/bin/bash
# Looks for a recipe by RUNGS arrays of N tasks, one behind the other: a task trains its part of a rung's trials, then
# a merge decides who goes on.
#   tune.sh N RUNGS DATA RUN [more options of tune]
set -eu
n=$1 rungs=$2 data=$(realpath "$3") run=$(realpath -m "$4")
shift 4
here=$(realpath "$(dirname "$0")")
cd "$here/../.."
mkdir -p "$run.logs"

behind=()
for ((rung = 1; rung <= rungs; rung++)); do
  trials=$(sbatch --parsable --job-name=tune --array="1-$n" "${behind[@]}" --output="$run.logs/$rung-%a.log" \
    "$here/task.sbatch" tune --data "$data" --out "$run" --rungs "$rungs" --shard auto "$@")
  merge=$(sbatch --parsable --job-name=merge --dependency="afterok:$trials" --kill-on-invalid-dep=yes \
    --output="$run.logs/$rung-merge.log" "$here/task.sbatch" merge "$run")
  behind=(--dependency="afterok:$merge" --kill-on-invalid-dep=yes)
done
echo "$merge"
