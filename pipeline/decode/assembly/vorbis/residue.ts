/** Residues: what is left of the spectra once their floors are divided out. Source: Vorbis I, section 8. */
import { allocate } from "./arena";
import { isPastEnd, readBits } from "./bit_reader";
import { Codebook, readEntry } from "./codebook";
import { powerWithin } from "./codebook_setup";
import { BAD_RESIDUE, CUT_SHORT, NO_FAULT, TOO_LARGE } from "./faults";
import { addStridedVectors, addVectors } from "./residue_vectors";

/** Stages in which a partition's numbers may be refined. */
const MAX_PASSES: usize = 8;
/** Bytes of one class's books. */
const ROW_BYTES: usize = MAX_PASSES * sizeof<usize>();

@unmanaged
export class Residue {
  /** 0: a vector's numbers lie far apart; 1: side by side; 2: as 1, the channels interleaved. */
  type: u32;
  /** The coded part of a channel's numbers. */
  begin: usize;
  end: usize;
  partitionSize: usize;
  numClasses: u32;
  /** Passes in which any class has a book. */
  numPasses: usize;
  /** Names the classes of as many partitions as it has dimensions. */
  classBook: Codebook;
  /** How many of that book's entries name classes. */
  numClassWords: u32;
  /** For each of these entries the partitions' classes, as the addresses (usize) of their books. */
  classes: usize;
  /** For each class and each of 8 passes a book, or 0. */
  books: usize;
  /** A bound on the magnitude of its numbers. */
  largest: f64;
}

/** Reads a residue's configuration. `codebooks` are the addresses of the setup's books. Returns a fault. */
export function parseResidue(residue: Residue, codebooks: usize, numCodebooks: u32): i32 {
  residue.type = readBits(16);
  residue.begin = readBits(24);
  residue.end = readBits(24);
  residue.partitionSize = readBits(24) + 1;
  const numClasses = residue.numClasses = readBits(6) + 1;
  const classBook = readBits(8);
  if (residue.type > 2 || classBook >= numCodebooks) return BAD_RESIDUE;
  residue.classBook = changetype<Codebook>(load<usize>(codebooks + sizeof<usize>() * classBook));

  residue.books = allocate(ROW_BYTES * numClasses);
  if (residue.books === 0) return TOO_LARGE;
  for (let i: u32 = 0; i < numClasses; i++) { // first only which passes have a book
    let passes = readBits(3);
    if (readBits(1)) passes |= readBits(5) << 3;
    store<usize>(residue.books + ROW_BYTES * i, passes);
  }
  residue.numPasses = 0;
  residue.largest = 0;
  for (let i: u32 = 0; i < numClasses; i++) {
    const books = residue.books + ROW_BYTES * i;
    const passes = load<usize>(books);
    let largest: f64 = 0;
    for (let pass: usize = 0; pass < MAX_PASSES; pass++) {
      store<usize>(books + pass * sizeof<usize>(), 0);
      if (((passes >> pass) & 1) === 0) continue;
      const index = readBits(8);
      if (index >= numCodebooks) return BAD_RESIDUE;
      const book = load<usize>(codebooks + sizeof<usize>() * index);
      if (changetype<Codebook>(book).vectors === 0) return BAD_RESIDUE;
      store<usize>(books + pass * sizeof<usize>(), book);
      residue.numPasses = max(residue.numPasses, pass + 1);
      largest += changetype<Codebook>(book).largest;
    }
    residue.largest = max(residue.largest, largest);
  }
  return isPastEnd() ? CUT_SHORT : listClasses(residue);
}

/** Writes out the classes that each number names: its digits to the base of their count, highest first. */
function listClasses(residue: Residue): i32 {
  const book = residue.classBook, dimensions = book.dimensions, numClasses = residue.numClasses;
  const numWords = residue.numClassWords = powerWithin(numClasses, dimensions, book.entries);
  if (numWords === 0) return BAD_RESIDUE;
  residue.classes = allocate(<u64>numWords * dimensions * sizeof<usize>());
  if (residue.classes === 0) return TOO_LARGE;
  for (let word: u32 = 0; word < numWords; word++) {
    let digits = word;
    for (let i = dimensions; i-- > 0; digits /= numClasses) {
      const books = residue.books + digits % numClasses * ROW_BYTES;
      store<usize>(residue.classes + <usize>(word * dimensions + i) * sizeof<usize>(), books);
    }
  }
  return NO_FAULT;
}

/** Partitions of a vector of `length` numbers. */
export function countPartitions(residue: Residue, length: usize): usize {
  const end = min(residue.end, length);
  return end > residue.begin ? (end - residue.begin) / residue.partitionSize : 0;
}

/**
 * Adds a residue to vectors of `length` numbers, as far as the packet goes.
 *
 * @param vectors Where the vectors' addresses (usize) are; those of type 2 are one vector.
 * @param rows Room for an address (usize) for each partition of each vector: of its class's books.
 * @returns The end of the last partition that anything was added to: numbers from there on are as before.
 */
export function decodeResidue(
  residue: Residue, vectors: usize, numVectors: usize, length: usize, rows: usize,
): usize {
  const numPartitions = countPartitions(residue, length), size = residue.partitionSize;
  let end: usize = 0;
  for (let pass: usize = 0; pass < residue.numPasses; pass++) {
    const atOnce = pass === 0 ? <usize>residue.classBook.dimensions : numPartitions;
    let row = rows, begin = residue.begin;
    for (let first: usize = 0; first < numPartitions; first += atOnce) {
      const count = min(atOnce, numPartitions - first);
      if (pass === 0 && !readClasses(residue, row, numVectors, count)) return end;
      for (const past = begin + count * size; begin < past; begin += size) {
        for (let i: usize = 0; i < numVectors; i++, row += sizeof<usize>()) {
          const book = load<usize>(load<usize>(row) + pass * sizeof<usize>());
          if (book === 0) continue;
          end = max(end, begin + size);
          const at = load<usize>(vectors + i * sizeof<usize>()) + 4 * begin;
          if (!addPartition(residue, changetype<Codebook>(book), at)) return end;
        }
      }
    }
  }
  return end;
}

/** Reads the classes of each vector's next `count` partitions. Returns whether there were any. */
function readClasses(residue: Residue, rows: usize, numVectors: usize, count: usize): bool {
  const dimensions = <usize>residue.classBook.dimensions;
  for (let i: usize = 0; i < numVectors; i++) {
    const word = readEntry(residue.classBook);
    if (<u32>word >= residue.numClassWords) return false; // −1, too
    const named = residue.classes + <usize>word * dimensions * sizeof<usize>();
    for (let j: usize = 0; j < count; j++) {
      const row = load<usize>(named + j * sizeof<usize>());
      store<usize>(rows + (j * numVectors + i) * sizeof<usize>(), row);
    }
  }
  return true;
}

// @ts-ignore: decorator
@inline
function addPartition(residue: Residue, book: Codebook, at: usize): bool {
  if (book.table === 0) return false;
  const size = residue.partitionSize;
  return residue.type === 0
    ? addStridedVectors(book, at, size / book.dimensions)
    : addVectors(book, at, size);
}
