/** The formats that can be decoded, and the names of the files that hold them. */

/** A format that can be decoded. */
export interface SupportedFormat {
  /** What people call it. */
  readonly format: string;
  /** Extensions of file names, in lower case, with the dot. */
  readonly extensions: readonly string[];
  /** What decodes it. */
  readonly decoder: string;
}

/** Every format that can be decoded, for people. */
export const supportedFormats: readonly SupportedFormat[] = [
  {
    format: "WAV",
    extensions: [".wav", ".wave", ".bwf", ".rf64"],
    decoder: "own (PCM, float, A-law, µ-law, IMA ADPCM, MP3 inside)",
  },
  { format: "AIFF", extensions: [".aif", ".aiff", ".aifc"], decoder: "own" },
  { format: "CAF", extensions: [".caf"], decoder: "own (PCM, float, A-law, µ-law, IMA ADPCM)" },
  { format: "FLAC", extensions: [".flac"], decoder: "own" },
  { format: "MP3", extensions: [".mp3", ".mp2", ".mpga"], decoder: "mpg123 (WebAssembly)" },
  { format: "Ogg Vorbis", extensions: [".ogg", ".oga"], decoder: "own" },
  { format: "Ogg FLAC", extensions: [".oga"], decoder: "own" },
  { format: "Ogg Opus", extensions: [".opus"], decoder: "libopus (WebAssembly)" },
  {
    format: "WebM",
    extensions: [".weba", ".webm", ".mka"],
    decoder: "own, Opus and Vorbis inside",
  },
];

/** Extensions of the file names that a data set's listing takes as sound, in lower case, with the dot. */
export const audioExtensions: ReadonlySet<string> = new Set([
  ...supportedFormats.flatMap(({ extensions }) => extensions),
  // Listed too, so that they are refused by name, with the way to convert them, not passed over.
  ...[".m4a", ".aac", ".wma", ".amr", ".ape", ".wv", ".w64", ".au", ".ac3"],
]);
