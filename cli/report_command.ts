import { Command } from "commander";
import { writeAtomically } from "../run/atomic_file.ts";
import { newestRun } from "../run/run_folder.ts";
import { wholeNumber } from "./options.ts";
import { createTerminal } from "./terminal.ts";

interface ReportValues {
  readonly out?: string;
  readonly clips: number;
}

/** `report`: a page about a run, or about how several compare. */
export function reportCommand(): Command {
  return new Command("report")
    .description("Make a page about a run from its folder, or one that compares several runs")
    .argument("[runs...]", "folders of runs (default: the newest run)")
    .option("--out <file>", "HTML file to write (default: RUN/report.html, or comparison.html)")
    .option("--clips <n>", "wrongly named clips to show, with their sound", wholeNumber(0), 12)
    .action(runReport);
}

async function runReport(runs: string[], { out, clips }: ReportValues): Promise<void> {
  // Loaded here, as the plotting library would make every other command start later.
  const { createReport } = await import("../report/report.ts");
  const runDirs = runs.length > 0 ? runs : [await newestRun()];
  const path = out ?? (runDirs.length === 1 ? `${runDirs[0]}/report.html` : "comparison.html");
  await writeAtomically(path, await createReport(runDirs, { numMistakes: clips }));
  createTerminal().line(`report: ${path}`);
}
