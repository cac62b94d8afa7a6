/** Names that say by themselves that a folder or file is no recording. */

/** What systems and programs leave in folders, in lower case. */
const leftovers: ReadonlySet<string> = new Set([
  ...["__macosx", "@eadir", "@recycle", "#recycle", "#snapshot", "lost+found"],
  ...["system volume information", "$recycle.bin", "recycler", "__pycache__"],
  ...["thumbs.db", "ehthumbs.db", "desktop.ini"],
]);

/** Whether it is hidden, such as `.git`, `.ipynb_checkpoints` and the `._` files of macOS. */
export function isHidden(name: string): boolean {
  return name.startsWith(".");
}

/** Whether a system or program left it there, such as `__MACOSX`, `@eaDir`, `lost+found` and `Thumbs.db`. */
export function isLeftover(name: string): boolean {
  return leftovers.has(name.toLowerCase());
}

/** Extensions of what is surely something else, so that it need not be opened to know. */
export const otherExtensions: ReadonlySet<string> = new Set([
  ...[".txt", ".md", ".rst", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".toml"],
  ...[".html", ".htm", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".rtf", ".log", ".ini", ".cfg"],
  ...[".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".svg", ".webp", ".ico"],
  ...[
    ".zip",
    ".tar",
    ".gz",
    ".tgz",
    ".bz2",
    ".xz",
    ".zst",
    ".7z",
    ".rar",
    ".parquet",
    ".arrow",
    ".h5",
  ],
  ...[".npy", ".npz", ".pt", ".pth", ".pkl", ".mat", ".bin", ".db", ".sqlite", ".py", ".ipynb"],
  ...[".js", ".ts", ".sh", ".r", ".m", ".textgrid", ".lab", ".eaf", ".mid", ".midi"],
]);
