/**
 * Ogg files: decodes one stream after the other, keeps their clock, trims what the encoder added.
 *
 * Sound that is lost becomes silence, so that all that follows keeps the time that its pages say: a
 * window is the same part of the recording whether it is jumped to or decoded up to.
 */
import { type DecodedAudio, DecodeError } from "./audio.ts";
import { ByteReader } from "./byte_reader.ts";
import type { ByteSource } from "../locations/byte_source.ts";
import { type DecodeTask, type FrameWindow, frameWindow, MonoCollector } from "./mono_collector.ts";
import { type OggPage, OggPages } from "./ogg.ts";
import { type OggStream, openStream } from "./ogg_headers.ts";
import { readLastGranule, seekGranule } from "./ogg_seek.ts";

/** Windows that begin later than this are looked for, rather than decoded up to. */
const jumpSeconds = 10;
/**
 * What is decoded and dropped after a jump: Opus needs 80 ms to be itself again (RFC 7845, 4.6), Vorbis
 * the block before, which has at most 8192 samples.
 */
const warmUpFrames = 8192;
/** Packets decoded at a time: a page may hold a second of sound, of which only the start is wanted. */
const packetsAtOnce = 8;
/**
 * The most silence put where pages are lost, besides as much as there is sound: more is a cut, or a clock
 * that is wrong.
 */
const maxSilenceSeconds = 30;

/** What is decoded, and where it goes. */
interface OggRun {
  readonly path: string;
  readonly reader: ByteReader;
  readonly pages: OggPages;
  readonly frames: FrameWindow;
  readonly collector: MonoCollector;
  /** Frames that may yet become silence. */
  silenceLeft: number;
}

/**
 * Decodes an Ogg file: of streams beside each other the first one that is known; streams after each other
 * are joined as long as they have the rate of the first.
 *
 * @throws {DecodeError} where the first stream cannot be decoded; later ones are left out with a remark.
 */
export async function decodeOgg(source: ByteSource, window: DecodeTask): Promise<DecodedAudio> {
  const path = source.name, reader = new ByteReader(source, window.startByte);
  const pages = new OggPages(reader), { damage } = pages;
  let stream: OggStream | undefined = await openStream(path, reader, pages);
  const { sampleRateHz, numChannels, format } = stream.decoder;
  const frames = frameWindow(window, sampleRateHz);
  const collector = new MonoCollector(path, frames);
  collector.describe({ sampleRateHz, format, numChannels, totalSeconds: undefined });
  const silenceLeft = maxSilenceSeconds * sampleRateHz, remarks: string[] = [];
  const run = { path, reader, pages, frames, collector, silenceLeft };
  let isBounded = true, totalFrames: number | undefined;
  while (stream) {
    isBounded &&= stream.decoder.isBounded;
    const originGranule = await decodeStream(stream, run);
    stream.decoder.close?.();
    if (collector.isFull) totalFrames = await readTotalFrames(reader, stream.serial, originGranule);
    else totalFrames = collector.position;
    remarks[0] = damage.describe(); // what follows the last stream is no sound: of no interest
    stream = collector.isFull || reader.remaining === 0
      ? undefined
      : await openNextStream(run, sampleRateHz, (remark) => remarks[1] = remark);
  }
  const hasNone = collector.position <= 0 && frames.endFrame > 0;
  if (hasNone && damage.latestFault) throw damage.latestFault;
  const samples = isBounded ? collector.finishBounded() : collector.finish();
  const remark = remarks.filter((part) => part !== "").join(", ");
  return {
    samples,
    sampleRateHz,
    format,
    numChannels,
    totalSeconds: totalFrames === undefined ? undefined : totalFrames / sampleRateHz,
    ...(remark !== "" && { remark }),
  };
}

/**
 * Decodes a stream to its end or the window's.
 *
 * @returns The clock of the stream at the file's first frame.
 */
async function decodeStream(
  { decoder, serial, rest }: OggStream,
  run: OggRun,
): Promise<number> {
  const { reader, pages, frames, collector } = run;
  const { sampleRateHz, skipFrames } = decoder, begin = collector.position;
  let originGranule: number | undefined;
  /** Frames to come that are not part of the sound. */
  let surplus = 0;
  /** Why the next frames need not follow on those before. */
  let gap: "none" | "jump" | "loss" = "none";
  for (let page: OggPage | undefined = rest; page; page = await pages.next()) {
    const isStart = originGranule === undefined;
    if (page.isFirst && page !== rest) {
      if (isStart && page.serial !== serial) continue; // one beside this
      reader.seek(page.byteOffset);
      break;
    }
    // A stream that was joined while it was sent lacks pages at its start, for hours perhaps.
    if (page.numDamaged > 0 || (!isStart && page.numMissing > 0)) {
      decoder.restart?.();
      if (gap !== "jump") gap = "loss";
    }
    if (page.packets.length === 0 && !page.isLast) continue;
    // A page's clock tells its end: where its beginning has to be known, it is decoded whole.
    const atOnce = isStart || gap !== "none" ? Math.max(1, page.packets.length) : packetsAtOnce;
    let at = 0;
    do {
      const packets = page.packets.slice(at, at + atOnce);
      const { channels, numFrames } = await decoder.decode(packets, page.byteOffset);
      const clock = page.granule - numFrames;
      if (originGranule === undefined) {
        // A first page whose clock is behind its frames asks for its beginning to be cut off. On a last
        // page it is the end that is cut off.
        const start = page.isLast || page.granule < 0 ? 0 : clock;
        const isLate = gap === "loss" && start <= run.silenceLeft;
        originGranule = (isLate ? 0 : Math.max(0, start)) + skipFrames - begin;
        const lead = start - originGranule - begin;
        await addSilence(run, lead);
        surplus = Math.max(0, -lead);
        gap = "none";
      } else if (page.granule >= 0 && gap === "jump") {
        collector.seek(clock - originGranule);
        surplus = 0;
        gap = "none";
      } else if (page.granule >= 0 && gap === "loss") {
        const lost = clock - originGranule - collector.position;
        if (lost > run.silenceLeft) originGranule += lost;
        else await addSilence(run, lost);
        gap = "none";
      }
      const endFrame = page.isLast && page.granule >= 0 ? page.granule - originGranule : Infinity;
      const from = Math.min(surplus, numFrames);
      surplus -= from;
      run.silenceLeft += numFrames;
      collector.addPlanar(
        from > 0 ? channels.map((channel) => channel.subarray(from)) : channels,
        Math.max(0, Math.min(numFrames - from, endFrame - collector.position)),
      );
      at += atOnce;
      if (collector.hasChunk) await collector.drain();
    } while (at < page.packets.length && !collector.isFull);
    if (collector.isFull || page.isLast) break;
    if (isStart && frames.startFrame - collector.position > jumpSeconds * sampleRateHz) {
      const target = originGranule + frames.startFrame - warmUpFrames;
      if (await seekGranule(reader, serial, target)) {
        pages.restart();
        gap = "jump";
      }
    }
  }
  return originGranule ?? 0;
}

/** Adds so many frames of silence; none for a negative number. */
async function addSilence(run: OggRun, numFrames: number): Promise<void> {
  run.silenceLeft -= Math.max(0, numFrames);
  const silence = new Float32Array(Math.min(8192, Math.max(0, numFrames)));
  for (let left = numFrames; left > 0; left -= silence.length) {
    run.collector.addPlanar([silence], Math.min(left, silence.length));
    if (run.collector.hasChunk) await run.collector.drain();
  }
}

/** Opens the stream after one that has ended, if there is one at the same rate; remarks on any other. */
async function openNextStream(
  { path, reader, pages }: OggRun,
  sampleRateHz: number,
  remark: (text: string) => void,
): Promise<OggStream | undefined> {
  pages.chooseAll();
  let page = await pages.next();
  while (page && !page.isFirst) page = await pages.next();
  if (!page) return undefined;
  reader.seek(page.byteOffset);
  pages.chooseAll();
  const leaveOut = (reason: string) =>
    remark(`the stream at byte ${page.byteOffset} left out: ${reason}`);
  try {
    const stream = await openStream(path, reader, pages);
    if (stream.decoder.sampleRateHz === sampleRateHz) return stream;
    leaveOut(`it has ${stream.decoder.sampleRateHz} Hz, not ${sampleRateHz}`);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    leaveOut(`expected ${error.expected}, saw ${error.seen}`);
  }
  return undefined;
}

/** The length of the whole sound; `undefined` where the end of the file does not tell. */
async function readTotalFrames(
  reader: ByteReader,
  serial: number,
  originGranule: number,
): Promise<number | undefined> {
  const granule = await readLastGranule(reader, serial);
  return granule === undefined ? undefined : Math.max(0, granule - originGranule);
}
