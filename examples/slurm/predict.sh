#!/bin/bash
# Labels recordings by an array of N tasks, then merges what they wrote:
#   predict.sh N DATA MODEL OUT.csv [more options of predict]
# The program is `deno task`, or what the variable MELSTREAM says, such as /opt/melstream.
set -eu
n=$1 data=$(realpath "$2") model=$(realpath "$3") out=$(realpath -m "$4")
shift 4
here=$(realpath "$(dirname "$0")")
cd "$here/../.."
mkdir -p "$out.logs"

parts=$(sbatch --parsable --job-name=predict --array="1-$n" --output="$out.logs/%a.log" \
  "$here/task.sbatch" predict --data "$data" --model "$model" --out "$out" --shard auto --resume "$@")
sbatch --parsable --job-name=merge --dependency="afterok:$parts" --kill-on-invalid-dep=yes \
  --output="$out.logs/merge.log" "$here/task.sbatch" merge "$out.parts"
