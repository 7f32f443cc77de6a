/** Reads the imports of a source file with the compiler's own parser, and judges them by the floors. */
import { posix } from 'node:path';
import ts from 'typescript';
import type { Floor } from './floors.ts';

export interface Import {
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** True when the import leaves nothing behind at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** Source texts by path from the root: `src/base/assert.ts`. */
export type Sources = Readonly<Record<string, string>>;

/** Every static, dynamic and type import and re-export of a file. */
export function importsOf(path: string, text: string): Import[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    found.push({ from: path, specifier: specifier.text, typeOnly, line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, true);
    else if (ts.isCallExpression(node) && isDynamicImport(node.expression)) add(node, node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isDynamicImport(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined && named !== undefined && ts.isNamedImports(named) && named.elements.every((e) => e.isTypeOnly)
  );
}

/** The folder of `src/` that a path lies in: `src/base/assert.ts` is in `base`. */
function folderOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function allows(list: readonly string[] | undefined, folder: string, path: string): boolean {
  return (list ?? []).some((entry) => entry === folder || path.startsWith(`src/${entry}`));
}

/** What is wrong with one import, or null. */
export function judge(imported: Import, floors: Readonly<Record<string, Floor>>): string | null {
  const folder = folderOf(imported.from);
  const where = `${imported.from}:${imported.line}`;
  const floor = floors[folder];
  if (floor === undefined) return `${where} lies in src/${folder}, a folder that the floors do not know`;
  if (!imported.specifier.startsWith('.')) {
    if (floor.outside === true || floor.packages?.includes(imported.specifier) === true) return null;
    return `${where} imports '${imported.specifier}': src/${folder} runs unchanged in a browser and has no such dependency`;
  }
  if (!imported.specifier.endsWith('.ts')) return `${where} imports '${imported.specifier}' without its extension .ts`;
  const path = posix.normalize(posix.join(posix.dirname(imported.from), imported.specifier));
  const target = folderOf(path);
  if (!path.startsWith('src/')) return `${where} leaves src/: '${imported.specifier}'`;
  if (target === folder || allows(floor.may, target, path)) return null;
  if (imported.typeOnly && allows(floor.mayTypes, target, path)) return null;
  const level = floors[target]?.level ?? '?';
  return `${where} (floor ${floor.level}) may not import ${path} (floor ${level})`;
}

/**
 * Cycles among files, each as the path around it. Imports of types do not count: nothing of them is left at run time, so no module
 * ever finds another half made. (Between floors they do count: see {@link judge}.)
 */
export function cycles(sources: Sources): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push([...path.slice(at), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const imported of importsOf(file, sources[file] ?? '')) {
      if (imported.typeOnly || !imported.specifier.startsWith('.')) continue;
      const target = posix.normalize(posix.join(posix.dirname(file), imported.specifier));
      if (target in sources) visit(target);
    }
    path.pop();
    done.add(file);
  };
  for (const file of Object.keys(sources)) visit(file);
  return found;
}
