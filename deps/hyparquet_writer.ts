/** Writes Parquet files. */
export * from "npm:hyparquet-writer@0.17.0";
