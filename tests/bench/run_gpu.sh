#!/bin/sh
# The pack's run.sh (see pack_gpu.ts): the GPU bench where only the GPU's driver is installed.
#     gpu/run.sh [options of gpu.ts]        the figures go to gpu.json in the current folder
here=$(cd "$(dirname "$0")" && pwd)
PATH="$PATH:/sbin:/usr/sbin"

# Of the Vulkan loader's libraries, those that the machine lacks.
mkdir -p "$here/missing"
for library in "$here"/lib/*; do
  ldconfig -p 2>/dev/null | grep -q "$(basename "$library") " || cp "$library" "$here/missing/"
done
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/missing"

# In containers NVIDIA's driver may lie where the loader does not look.
manifest=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
if [ -z "$VK_DRIVER_FILES" ] && [ -f "$manifest" ]; then export VK_DRIVER_FILES="$manifest"; fi

export DENO_DIR="$here/cache" DENO_NO_UPDATE_CHECK=1
exec "$here/deno" run --quiet --allow-all --unstable-webgpu --cached-only \
  --config "$here/deno.json" "$here/program/bench/gpu.js" "$@"
