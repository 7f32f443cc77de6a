/**
 * A search whose states are expanded by a pool. All states that are open at a time are handed out in parts, and what comes of
 * them is taken in their order: the result is the same with any number of threads. A small search is done before threads have
 * started, and stays here.
 */
import type { Arrival, Expander } from '../explore/search/expander.ts';
import { type Progress, Search, type SearchResult } from '../explore/search/search.ts';
import type { SearchRequest, SearchTask } from './engine.ts';
import type { WorkerPool } from './worker-pool.ts';

/** States in one part: some hundredths of a second. */
const statesInPart = 128;
/** With fewer open states than this, threads would wait for one another. */
const statesForThreads = 4 * statesInPart;

/** Searches a scope. `expander` does what is not worth a thread; `onProgress` is asked now and then whether to stop. */
export async function searchOn(
  pool: WorkerPool,
  { scope, mutant, all }: SearchRequest,
  expander: Expander,
  onProgress: (progress: Progress) => boolean,
): Promise<SearchResult> {
  const search = new Search(scope, expander.open(), { all, states: true });
  while (!search.isOver) {
    if (pool.size === 1 || search.progress.open < statesForThreads) {
      search.take(expander.expand(search.nextPaths(statesInPart)));
      if (onProgress(search.progress)) break;
      // A key press or a line of progress gets its turn.
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    if (await wave()) break;
  }
  return search.result;

  /** Everything that is open; true when the search is to stop. */
  async function wave(): Promise<boolean> {
    const tasks: SearchTask[] = [];
    for (let paths = search.nextPaths(statesInPart); paths.length > 0; paths = search.nextPaths(statesInPart))
      tasks.push({ scope, mutant, paths });
    const stop = new AbortController();
    const early = new Map<number, Arrival[][]>();
    let next = 0;
    await pool.run<SearchTask, Arrival[][]>(
      tasks,
      (index, expanded) => {
        early.set(index, expanded);
        for (let part = early.get(next); part !== undefined && !stop.signal.aborted; part = early.get(next)) {
          early.delete(next++);
          search.take(part);
          if (search.isOver || onProgress(search.progress)) stop.abort();
        }
      },
      stop.signal,
    );
    return stop.signal.aborted;
  }
}
