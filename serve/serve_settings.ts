/** The settings of the server: where it listens, whom it answers, and how much it takes on. */
import { byteSize, numberIn, text, wholeNumberIn } from "../settings/value_range.ts";
import type { SettingsOf } from "../settings/setting.ts";

/** How a model is served; `serveSettings` has the defaults. */
export interface ServeSettings {
  /** The address that is listened at; one beyond this machine's own asks for a token. */
  readonly host: string;
  /** The port; 0 is any that is free. */
  readonly port: number;
  /** A file with the token that requests must carry. */
  readonly tokenFile?: string;
  /** The folder whose recordings, and those of the folders in it, may be trained on from a page. */
  readonly root?: string;
  /** Most bytes of one request's sound; a WAV file that `POST /events` hears as it comes has no limit. */
  readonly maxSize: number;
  /** Seconds within which a request's bytes must have come; of one heard as it comes, the next ones. */
  readonly timeout: number;
  /** Most requests for labels at a time. */
  readonly parallel: number;
  /** Most sounds that are heard in windows at a time. */
  readonly listeners: number;
}

/** See `ServeSettings`. */
export const serveSettings: SettingsOf<ServeSettings> = {
  host: {
    range: text,
    default: "127.0.0.1",
    defaultWords: "127.0.0.1, this machine alone",
    help: "address to listen at; any but this machine's own asks for a token",
    group: "Server",
    placeholder: "address",
  },
  port: {
    range: wholeNumberIn({ min: 0, max: 65535 }),
    default: 8000,
    help: "port to listen at; 0 takes one that is free",
    group: "Server",
  },
  tokenFile: {
    range: text,
    defaultWords: "a token is drawn where one is asked for",
    help: "file with the token that requests must carry",
    group: "Server",
    placeholder: "file",
  },
  root: {
    range: text,
    defaultWords: "the current folder; with --model, nothing is trained on",
    help: "folder whose recordings may be trained on from a page, with those of the folders in it",
    group: "Server",
    placeholder: "dir",
  },
  maxSize: {
    range: byteSize,
    default: 64e6,
    help: "most bytes of a request; of WAV by POST /events there is no limit",
    group: "Server",
    placeholder: "size",
  },
  timeout: {
    range: numberIn({ above: 0, max: 86400 }),
    default: 60,
    help: "time within which a request's bytes must come",
    group: "Server",
    placeholder: "s",
  },
  parallel: {
    range: wholeNumberIn({ min: 1 }),
    default: 256,
    help: "most requests at a time; more are told to come again",
    group: "Server",
  },
  listeners: {
    range: wholeNumberIn({ min: 1 }),
    default: 8,
    help: "most of them that are heard in windows at a time",
    group: "Server",
  },
};
