/** Hands on what a microphone hears, block after block, all channels mixed into one. */
class MelstreamRecorder extends AudioWorkletProcessor {
  process([channels]) {
    if (channels.length > 0) {
      const mono = channels[0].map((_, i) =>
        channels.reduce((sum, samples) => sum + samples[i], 0) / channels.length
      );
      this.port.postMessage(mono, [mono.buffer]);
    }
    return true;
  }
}
registerProcessor("melstream-recorder", MelstreamRecorder);
