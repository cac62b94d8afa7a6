/** Reads Parquet files. */
export * from "npm:hyparquet@1.31.5";
