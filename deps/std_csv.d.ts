/** Declarations of what is used of `@std/csv`, as npm's `deno-std` has its code without them. */

/** How text is cut into rows. */
export interface ParseOptions {
  /** @default {","} */
  readonly separator?: string;
  readonly trimLeadingSpace?: boolean;
  readonly comment?: string;
  readonly lazyQuotes?: boolean;
  /** 0: as many as the first has; below 0: any number. */
  readonly fieldsPerRecord?: number;
}

export declare function parse(input: string, options?: ParseOptions): string[][];
export declare function parse<Column extends string>(
  input: string,
  options: ParseOptions & { readonly skipFirstRow: true; readonly columns?: readonly Column[] },
): Record<Column, string>[];

export declare function stringify(
  rows: readonly (readonly unknown[])[],
  options?: { readonly separator?: string; readonly bom?: boolean },
): string;

export declare class CsvParseStream implements TransformStream<string, string[]> {
  constructor(options?: ParseOptions);
  readonly readable: ReadableStream<string[]>;
  readonly writable: WritableStream<string>;
}
