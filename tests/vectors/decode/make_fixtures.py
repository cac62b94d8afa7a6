"""Makes the encoded files of this folder, and expected.json: what the tools that made them decode them to.

Run in this folder: python3 make_fixtures.py [NAME ...]
Needs numpy, sox, ffmpeg (with libmp3lame, libvorbis, libopus) and flac. Written with sox 14.4.2, ffmpeg 5.1.6, flac 1.4.2.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import wave

import numpy as np

HERE = pathlib.Path(__file__).parent
EVERY = 29  # one sample in so many is written down

# name, source's channels, rate and seconds, how it is encoded, how it is decoded, tolerance of a sample.
# {i} is the source, {o} the encoded file. PCM is exact; the others within what two decoders may differ.
PCM, LOSSY = 1e-7, 2e-5
SOX = "sox -V1 -D {o} -t f32 -"
FFMPEG = "ffmpeg -v error -i {o} -f f32le -c:a pcm_f32le -"
FFMPEG_OPUS = "ffmpeg -v error -c:a libopus -i {o} -f f32le -c:a pcm_f32le -"
SNDFILE = "sox -V1 -D -t sndfile {o} -t f32 -"
# libsndfile does not read these blocks in this container.
SNDFILE_CAF = "ffmpeg -v error -y -i {o} -c copy {t}.aifc && sox -V1 -D -t sndfile {t}.aifc -t f32 -"
FIXTURES = [
    ("wav_u8.wav", 2, 8000, 0.1, "sox -D {i} -b 8 {o}", SOX, PCM),
    ("wav_s16.wav", 1, 11025, 0.1, "sox -D {i} {o}", SOX, PCM),
    ("wav_s24_extensible.wav", 2, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_s24le {o}", SOX, PCM),
    ("wav_s32_6_channels.wav", 6, 8000, 0.05, "ffmpeg -v error -y -i {i} -c:a pcm_s32le {o}", SOX, PCM),
    ("wav_f32.wav", 1, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_f32le {o}", SOX, PCM),
    ("wav_f64.wav", 1, 8000, 0.05, "ffmpeg -v error -y -i {i} -c:a pcm_f64le {o}", SOX, PCM),
    ("wav_alaw.wav", 2, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_alaw {o}", SOX, PCM),
    ("wav_mulaw.wav", 1, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_mulaw {o}", SOX, PCM),
    ("wav_ima_adpcm.wav", 1, 8000, 0.3, "sox -D {i} -e ima-adpcm {o}", SOX, PCM),
    ("wav_ima_adpcm_stereo.wav", 2, 8000, 0.3, "ffmpeg -v error -y -i {i} -c:a adpcm_ima_wav {o}", SOX, PCM),
    ("wav_mp3.wav", 1, 16000, 0.3, "ffmpeg -v error -y -i {i} -c:a libmp3lame -b:a 32k {o}", FFMPEG, LOSSY),
    ("wav_rifx.wav", 1, 8000, 0.1, "sox -D {i} -B {o}", SOX, PCM),
    ("wav_rf64.wav", 1, 8000, 0.1, "ffmpeg -v error -y -i {i} -rf64 always {o}", SOX, PCM),
    ("aiff_s16.aiff", 2, 8000, 0.1, "sox -D {i} {o}", SOX, PCM),
    ("aiff_s24.aiff", 1, 44100, 0.02, "ffmpeg -v error -y -i {i} -c:a pcm_s24be {o}", SOX, PCM),
    ("aifc_sowt.aifc", 1, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_s16le -f aiff {o}", SOX, PCM),
    ("aifc_f32.aifc", 1, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_f32be -f aiff {o}", SOX, PCM),
    ("aifc_ima4.aifc", 2, 8000, 0.3, "ffmpeg -v error -y -i {i} -c:a adpcm_ima_qt -f aiff {o}", SNDFILE, PCM),
    ("caf_s16.caf", 2, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_s16be {o}", SOX, PCM),
    ("caf_s24_little.caf", 1, 44100, 0.02, "ffmpeg -v error -y -i {i} -c:a pcm_s24le {o}", SOX, PCM),
    ("caf_f32.caf", 1, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_f32le {o}", FFMPEG, PCM),
    ("caf_mulaw.caf", 1, 8000, 0.1, "ffmpeg -v error -y -i {i} -c:a pcm_mulaw {o}", SOX, PCM),
    ("caf_ima4.caf", 1, 8000, 0.3, "ffmpeg -v error -y -i {i} -c:a adpcm_ima_qt {o}", SNDFILE_CAF, PCM),
    ("flac_stereo.flac", 2, 16000, 0.25, "flac -s -f --no-padding -8 -b 1024 {i} -o {o}", SOX, PCM),
    ("flac_fixed.flac", 1, 8000, 0.25, "flac -s -f --no-padding -0 -b 576 {i} -o {o}", SOX, PCM),
    ("flac_24_bit.flac", 1, 96000, 0.02, "flac -s -f --no-padding -5 {i} -o {o}", SOX, PCM),
    ("flac_mid_side.flac", 2, 8000, 0.5, "sox -D {i} -C 8 {o} remix 1v0.5,2v0.1 1v0.5,2v-0.1", SOX, PCM),
    ("flac_wasted_bits.flac", 1, 8000, 0.1, "sox -D {i} -b 24 -C 5 {o}", SOX, PCM),
    ("flac_order_32.flac", 1, 8000, 0.25, "flac -s -f --no-padding --lax -l 32 -8 {i} -o {o}", SOX, PCM),
    ("flac_6_channels.flac", 6, 8000, 0.05, "sox -D {i} -C 5 {o}", SOX, PCM),
    ("mp3_joint_stereo.mp3", 2, 32000, 0.4, "ffmpeg -v error -y -i {i} -b:a 64k -joint_stereo 1 {o}", FFMPEG, LOSSY),
    ("mp3_vbr_mono.mp3", 1, 16000, 0.5, "ffmpeg -v error -y -i {i} -q:a 6 -metadata title=Chirp {o}", FFMPEG, LOSSY),
    ("mp2.mp2", 1, 32000, 0.2, "ffmpeg -v error -y -i {i} -b:a 48k {o}", FFMPEG, 1e-4),
    ("vorbis_stereo.ogg", 2, 22050, 0.4, "ffmpeg -v error -y -i {i} -c:a libvorbis -q:a 0 {o}", SOX, 4e-5),
    ("vorbis_mono.ogg", 1, 8000, 0.5, "ffmpeg -v error -y -i {i} -c:a libvorbis -q:a 1 {o}", SOX, 4e-5),
    ("opus_stereo.opus", 2, 48000, 0.3, "ffmpeg -v error -y -i {i} -c:a libopus -b:a 48k {o}", FFMPEG_OPUS, 1e-4),
    ("opus_mono.opus", 1, 16000, 0.5, "ffmpeg -v error -y -i {i} -c:a libopus -b:a 16k {o}", FFMPEG_OPUS, 1e-4),
    ("vorbis_pages.ogg", 1, 16000, 1.5, "ffmpeg -v error -y -i {i} -c:a libvorbis -q:a 0 -page_duration 100000 {o}", SOX, 4e-5),
    ("opus_pages.opus", 1, 16000, 1.5, "ffmpeg -v error -y -i {i} -c:a libopus -b:a 12k -page_duration 100000 {o}", FFMPEG_OPUS, 1e-4),
    ("ogg_flac.oga", 2, 8000, 0.5, "ffmpeg -v error -y -i {i} -c:a flac -frame_size 256 -page_duration 100000 {o}", FFMPEG, PCM),
    ("webm_opus.webm", 2, 48000, 0.3, "ffmpeg -v error -y -i {i} -c:a libopus -b:a 48k {o}", FFMPEG_OPUS, 1e-4),
    ("webm_vorbis.webm", 1, 8000, 0.5, "ffmpeg -v error -y -i {i} -c:a libvorbis -q:a 1 {o}", FFMPEG, 4e-5),
    ("matroska_opus.mka", 1, 16000, 0.5, "ffmpeg -v error -y -i {i} -c:a libopus -b:a 16k -live 1 {o}", FFMPEG_OPUS, 1e-4),
]


def make_source(path, channels, rate, seconds):
    """A chirp a channel, each another one, over a little noise: nothing in it is the same twice."""
    time = np.arange(round(rate * seconds)) / rate
    noise = np.random.default_rng(1).normal(0, 0.002, (len(time), channels))
    columns = [
        (0.5 - 0.05 * c) * np.sin(2 * np.pi * (200 + 90 * c + 0.1 * rate * time / seconds) * time + c)
        for c in range(channels)
    ]
    samples = np.stack(columns, axis=1) + noise
    sample_bytes = 3 if rate == 96000 else 2
    integers = np.round(samples * (2 ** (8 * sample_bytes - 1) - 1)).astype("<i4")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(sample_bytes)
        file.setframerate(rate)
        file.writeframes(integers[..., None].view("u1")[..., :sample_bytes].tobytes())


def main():
    """Makes the files named as arguments, or all."""
    expected = json.loads((HERE / "expected.json").read_text()) if len(sys.argv) > 1 else {}
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "source.wav"
        for name, channels, rate, seconds, encode, decode, tolerance in FIXTURES:
            if len(sys.argv) > 1 and name not in sys.argv[1:]:
                continue
            make_source(source, channels, rate, seconds)
            target = HERE / name
            subprocess.run(encode.format(i=source, o=target).split(), check=True)
            for command in decode.format(o=target, t=source).split(" && "):
                output = subprocess.run(command.split(), check=True, capture_output=True)
            decoded = np.frombuffer(output.stdout, "<f4").reshape(-1, channels).astype(float).mean(axis=1)
            expected[name] = {
                "sampleRateHz": 48000 if "opus" in name else rate,
                "numChannels": channels,
                "numSamples": len(decoded),
                "tolerance": tolerance,
                "every": EVERY,
                "samples": [float(f"{x:.7g}") for x in decoded[::EVERY]],
            }
    lines = [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in expected.items()]
    (HERE / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
