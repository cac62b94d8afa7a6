"""Makes wav_disagreements.json: how many frames libsndfile reads where a WAV header's fields disagree.

Run in this folder: python3 make_wav_disagreements.py
Needs soundfile. Written with soundfile 0.14.0 (libsndfile 1.2.2); SoX 14.4.2 reads every row that it does not refuse
likewise, ffmpeg 5.1.6 too, but for block sizes of 3 bytes (it drops a part of a frame at the end), valid bits, and 24
bits in blocks of 4 bytes a channel (it takes them for floats).
"""

import io
import json
import pathlib
import struct

import soundfile

HERE = pathlib.Path(__file__).parent
RATE = 8000
DATA = bytes([0x3E]) * 4800  # 0.186 as float of 32 bits, tiny as one of 64
GUID = bytes([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71])


def build(tag, valid_bits, channels, bits, block_bytes, rate_bytes):
    extensible = valid_bits is not None
    form = struct.pack(
        "<HHIIHH", 0xFFFE if extensible else tag, channels, RATE, RATE * rate_bytes, block_bytes, bits
    )
    if extensible:
        form += struct.pack("<HHIH", 22, valid_bits, 0, tag) + GUID
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(DATA)) + DATA
    return b"RIFF" + struct.pack("<I", len(body)) + body


def frames_read(file):
    try:
        return len(soundfile.read(io.BytesIO(file), always_2d=True)[0])
    except soundfile.LibsndfileError:
        return 0


def main():
    headers = []
    for channels in (1, 2, 3):
        for tag, depths in ((1, (0, 4, 8, 12, 16, 20, 24, 32, 40)), (3, (16, 32, 64)), (6, (8, 16)), (7, (8, 16))):
            for bits in depths:
                for sample_bytes in (0, 1, 2, 3, 4, 8):
                    block_bytes = channels * sample_bytes
                    for rate_bytes in sorted({block_bytes, channels * ((bits + 7) // 8)}):
                        headers.append((tag, None, channels, bits, block_bytes, rate_bytes))
        for bits, valid_bits in ((16, 12), (24, 20), (32, 24), (32, 20), (24, 24), (16, 0), (32, 32)):
            for sample_bytes in (2, 3, 4):
                block_bytes = channels * sample_bytes
                headers.append((1, valid_bits, channels, bits, block_bytes, block_bytes))
    headers += [(1, None, 2, bits, 5, 2 * bits // 8) for bits in (8, 16, 24, 32)]
    rows = [json.dumps([*header, frames_read(build(*header))]) for header in headers]
    columns = "tag, valid bits, channels, bits, bytes of a block, bytes of a second by the rate, frames read"
    (HERE / "wav_disagreements.json").write_text(
        f'{{\n  "columns": "{columns}",\n  "rows": [\n    ' + ",\n    ".join(rows) + "\n  ]\n}\n"
    )


main()
