/** The lowest and the highest sample of each of some equal parts, one after the other; 0 lies between them. */
export function envelopeOf(samples: Float32Array, numParts: number): Float32Array {
  const envelope = new Float32Array(2 * numParts);
  for (let part = 0; part < numParts; part++) {
    const from = Math.floor(part * samples.length / numParts);
    const to = Math.floor((part + 1) * samples.length / numParts);
    let low = 0, high = 0;
    for (let i = from; i < to; i++) {
      low = Math.min(low, samples[i]);
      high = Math.max(high, samples[i]);
    }
    envelope.set([low, high], 2 * part);
  }
  return envelope;
}
