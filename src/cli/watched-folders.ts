/**
 * Notices that scenarios change: watches the folders that hold them, each by itself, because a file that an editor saves is often a new
 * one. Several changes at once are one.
 */
import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Changes, as they come. */
export interface WatchedFolders {
  /** Fulfilled when something changed since it was last fulfilled, or when `stop` is aborted. */
  changed(stop: AbortSignal): Promise<void>;
  close(): void;
}

/** Editors and checkouts write in bursts. */
const quietMs = 100;
const ours = /\.(m?[jt]s|ya?ml|json)$/;

/** Watches files and folders, relative to `cwd`, with every folder inside that is no dependency. */
export function watchFolders(cwd: string, names: readonly string[]): WatchedFolders {
  const watchers = new Map<string, FSWatcher>();
  let dirty = false;
  let wake: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const notice = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      dirty = true;
      wake();
    }, quietMs);
  };
  const add = (folder: string): void => {
    if (watchers.has(folder)) return;
    const watcher = watch(folder, (_event, file) => {
      // A folder that comes may hold scenarios already.
      if (file === null || ours.test(file) || isFolder(join(folder, file))) notice();
    });
    // The folder is gone: what stood in it was noticed by the one above.
    watcher.on('error', () => forget(folder));
    watchers.set(folder, watcher);
  };
  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const look = (): void => {
    for (const folder of watchers.keys()) if (!isFolder(folder)) forget(folder);
    for (const name of names) {
      const path = resolve(cwd, name);
      if (isFolder(path)) for (const folder of foldersIn(path)) add(folder);
      else if (isFolder(dirname(path))) add(dirname(path));
    }
  };
  look();
  return {
    changed: async (stop) => {
      look();
      if (!dirty && !stop.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          stop.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      dirty = false;
    },
    close: () => {
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) forget(folder);
    },
  };
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function foldersIn(folder: string): string[] {
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .flatMap((entry) => foldersIn(join(folder, entry.name)));
  return [folder, ...inside];
}
