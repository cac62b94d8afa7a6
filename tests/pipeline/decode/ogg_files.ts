/** Ogg files put together anew from the packets of others. */
import { ByteReader } from "../../../pipeline/decode/byte_reader.ts";
import { bytesSource } from "../../../pipeline/locations/byte_source.ts";
import { OggPages, pageChecksum } from "../../../pipeline/decode/ogg.ts";
import { ascii, joinBytes } from "./wav_files.ts";

/** A packet, and the clock after it where it is known. */
export interface OggPacket {
  readonly bytes: Uint8Array;
  readonly granule?: number;
}

/** The pages of an Ogg file, each as it is. */
export async function readPages(file: Uint8Array): Promise<Uint8Array[]> {
  const reader = new ByteReader(bytesSource("made.ogg", file)), pages = new OggPages(reader);
  const found: Uint8Array[] = [];
  for (let page = await pages.next(); page; page = await pages.next()) {
    found.push(file.slice(page.byteOffset, reader.offset));
  }
  return found;
}

/** The page with other values in its header, and the checksum made right. */
export function changePage(
  page: Uint8Array,
  changes: { readonly serial?: number; readonly sequence?: number; readonly granule?: bigint },
): Uint8Array<ArrayBuffer> {
  const changed = page.slice(), view = new DataView(changed.buffer);
  const { serial, sequence, granule } = changes;
  if (granule !== undefined) view.setBigInt64(6, granule, true);
  if (serial !== undefined) view.setUint32(14, serial, true);
  if (sequence !== undefined) view.setUint32(18, sequence, true);
  view.setUint32(22, pageChecksum(changed), true);
  return changed;
}

/** Reads all packets of an Ogg file with one stream; the last packet of each page has the page's clock. */
export async function readPackets(file: Uint8Array): Promise<OggPacket[]> {
  const pages = new OggPages(new ByteReader(bytesSource("made.ogg", file)));
  const packets: OggPacket[] = [];
  for (let page = await pages.next(); page; page = await pages.next()) {
    const last = page.packets.length - 1;
    for (const [i, bytes] of page.packets.entries()) {
      packets.push(
        i === last ? { bytes: bytes.slice(), granule: page.granule } : { bytes: bytes.slice() },
      );
    }
  }
  return packets;
}

/**
 * Writes packets to pages of at most `segmentsPerPage` segments (of at most 255 bytes each), so that
 * packets may go on from one page to the next. Headers (clock 0) end their page, as they must.
 */
export function buildOgg(
  packets: readonly OggPacket[],
  segmentsPerPage: number,
): Uint8Array<ArrayBuffer> {
  const segments = packets.flatMap(({ bytes, granule }) => {
    const count = Math.floor(bytes.length / 255) + 1;
    return Array.from({ length: count }, (_, i) => ({
      bytes: bytes.subarray(255 * i, 255 * (i + 1)),
      isStart: i === 0,
      granule: i === count - 1 ? granule ?? -1 : -1,
    }));
  });
  const pages: Uint8Array[] = [];
  for (let at = 0; at < segments.length;) {
    const next = segments.slice(at, at + segmentsPerPage);
    const headerEnd = next.findIndex(({ granule }) => granule === 0);
    const count = headerEnd < 0 ? next.length : headerEnd + 1;
    const content = next.slice(0, count);
    const isLast = at + count >= segments.length;
    const flags = (content[0].isStart ? 0 : 1) | (at === 0 ? 2 : 0) | (isLast ? 4 : 0);
    const header = new Uint8Array(27);
    header.set(ascii("OggS"));
    header[5] = flags;
    const view = new DataView(header.buffer);
    view.setBigInt64(
      6,
      BigInt(content.findLast(({ granule }) => granule >= 0)?.granule ?? -1),
      true,
    );
    view.setUint32(14, 7, true);
    view.setUint32(18, pages.length, true);
    header[26] = content.length;
    const page = joinBytes(
      header,
      content.map(({ bytes }) => bytes.length),
      ...content.map(({ bytes }) => bytes),
    );
    new DataView(page.buffer).setUint32(22, pageChecksum(page), true);
    pages.push(page);
    at += count;
  }
  return joinBytes(...pages);
}
