/** Why a setup header is refused: `vorbis_faults.ts` says the same in words, in this order. */
export const NO_FAULT: i32 = 0;
export const CUT_SHORT: i32 = 1;
export const TOO_LARGE: i32 = 2;
export const BAD_CODEBOOK: i32 = 3;
export const TOO_MANY_CODEWORDS: i32 = 4;
export const TOO_FEW_CODEWORDS: i32 = 5;
export const BAD_LOOKUP: i32 = 6;
export const BAD_TIME_TRANSFORM: i32 = 7;
export const BAD_FLOOR: i32 = 8;
export const DOUBLE_FLOOR_POINT: i32 = 9;
export const BAD_RESIDUE: i32 = 10;
export const BAD_MAPPING: i32 = 11;
export const BAD_MODE: i32 = 12;
export const NO_FRAMING_BIT: i32 = 13;
