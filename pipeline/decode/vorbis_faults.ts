/** What the kernel finds wrong with a setup header, in words. */

/** What was expected and what was seen, in the order of `assembly/vorbis/faults.ts`, from 1. */
const faults: readonly (readonly [expected: string, seen: string])[] = [
  ["a whole setup of Vorbis", "one that is cut short"],
  ["a setup of Vorbis that needs at most 16 MiB", "one that asks for more"],
  ["a codebook of Vorbis", "bits that are none"],
  ["a codebook with codewords for all its entries", "one with more entries than its lengths allow"],
  ["a codebook with an entry for every codeword", "one with fewer entries than its lengths allow"],
  ["a codebook with vectors of type 1 or 2", "another type"],
  ["no transform in the time domain", "one"],
  ["a floor of type 0 or 1", "one that is neither, or not valid"],
  ["a floor with each point at another place", "two at the same"],
  ["a residue of type 0, 1 or 2", "one that is none of them, or not valid"],
  ["a mapping of type 0 within the channels, floors and residues", "one that is not"],
  ["a mode of one of the mappings", "one that is not"],
  ["a setup of Vorbis that ends with its framing bit", "none"],
];

/** What was expected and what was seen, for a number that the kernel returned. */
export function describeFault(fault: number): readonly [expected: string, seen: string] {
  return faults[fault - 1];
}
