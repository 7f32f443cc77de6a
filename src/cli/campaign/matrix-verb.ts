/** `spillway matrix` as a campaign: a task is some seeds of one cell. */
import { contradictions } from '../../report/matrix-cell.ts';
import { matrixChecks } from '../../report/matrix-checks.ts';
import { matrixJson } from '../../report/matrix-json.ts';
import { matrixMarkdown } from '../../report/matrix-markdown.ts';
import { matrixEnding, tableText } from '../../report/matrix-text.ts';
import type { CellTally, CellTask } from '../../scenario/matrix/campaign.ts';
import type { MatrixResult, TableName } from '../../scenario/matrix/result.ts';
import type { Engine, MatrixRequest } from '../engine.ts';
import { ExitCode } from '../exit-codes.ts';
import type { CampaignVerb, Outcome, Reporter, ReporterOptions } from './campaign.ts';
import { cellTally, matrixRequest } from './request-schemas.ts';
import { stoppedText } from './stopped.ts';

type Tallies = Outcome<CellTally>;

function resultOf(request: MatrixRequest, { results }: Tallies, engine: Engine): MatrixResult {
  return { ...engine.matrixAbout(request), tables: request.tables.map((name) => engine.matrixTable(name, request, results)) };
}

/** How the matrix was asked for, as far as it is told again. */
function shownOf({ full, flags, mutant }: MatrixRequest): { full: boolean; flags: string; mutant?: string } {
  return { full, flags, ...(mutant === null ? {} : { mutant }) };
}

/** Each table as soon as its last part is there, then what stands under all of them. */
function text(request: MatrixRequest, { paint, engine }: ReporterOptions): Reporter<CellTally> {
  const tasks = engine.matrixTasks(request);
  const shown = { ...shownOf(request), paint };
  const about = engine.matrixAbout(request);
  const tallies: CellTally[] = [];
  const printed = new Set<TableName>();
  const table = (name: TableName, of: readonly (CellTally | undefined)[]): string => {
    printed.add(name);
    return tableText(engine.matrixTable(name, request, of), about, shown);
  };
  return {
    each: (tally, index) => {
      tallies[index] = tally;
      const own = tasks[index]!.table;
      // One whose last part was never done is not printed until a part of the next one comes.
      const due = request.tables.slice(0, request.tables.indexOf(own)).filter((name) => !printed.has(name));
      if (tasks[index + 1]?.table !== own) due.push(own);
      return due.map((name) => table(name, tallies)).join('');
    },
    end: (outcome) => {
      const left = request.tables.filter((name) => !printed.has(name)).map((name) => table(name, outcome.results));
      return left.join('') + matrixEnding(resultOf(request, outcome, engine), shown) + stoppedText(outcome, paint);
    },
  };
}

/** Bad news first: harm that the rules call impossible, then cells that show nothing because their fault never bit. */
function exitCodeOf({ tables }: MatrixResult): ExitCode {
  const cells = tables.flatMap((table) => table.cells);
  if (cells.some((cell) => contradictions(cell).length > 0)) return ExitCode.broken;
  return cells.some((cell) => cell.applicable && cell.runs > 0 && cell.bit === 0) ? ExitCode.inconclusive : ExitCode.ok;
}

/** The verb. */
export const matrixVerb: CampaignVerb<MatrixRequest, CellTask, CellTally> = {
  name: 'matrix',
  progress: 'progress-matrix',
  request: matrixRequest,
  result: cellTally,
  campaign: (request, engine) => ({
    tasks: engine.matrixTasks(request),
    // What a run costs is the fault's more than the row's.
    weightOf: ({ table, cell, seeds }) => ({ runs: seeds, kind: `${table} ${cell.slice(-1)}` }),
    job: 'matrix',
  }),
  reporters: {
    text,
    markdown: (request, { engine }) => ({
      end: (outcome) => {
        const stopped = stoppedText(outcome).trim();
        return matrixMarkdown(resultOf(request, outcome, engine)) + (stopped === '' ? '' : `\n${stopped}\n`);
      },
    }),
    json: (request, { engine, forMachines }) => ({
      end: (outcome) => {
        const { ended, done, of } = outcome;
        const stopped = ended === 'complete' ? {} : { ended: { by: ended, done, of } };
        const json = { ...matrixJson(resultOf(request, outcome, engine), shownOf(request)), ...stopped };
        return `${JSON.stringify(json, null, forMachines ? undefined : 2)}\n`;
      },
    }),
  },
  forms: { '.md': 'markdown', '.json': 'json', '.txt': 'text', '.xml': 'junit' },
  json: 'json',
  checks: (request, outcome, engine) => matrixChecks(resultOf(request, outcome, engine), request.flags),
  exitCode: (request, outcome, engine) => exitCodeOf(resultOf(request, outcome, engine)),
};
