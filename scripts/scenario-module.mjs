/**
 * The scenarios of this repository as the source of one module, so that listing and running them needs neither a compiler nor a
 * folder beside the program. TypeScript scenarios become imports, YAML ones their text. Shared by the build and the tests.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export const scenarioModuleName = 'spillway-scenarios';

/** Files under `scenarios/`, relative to the root: those at its top by name, then those of its folders by number. */
export function listScenarioFiles(root) {
  if (!existsSync(`${root}/scenarios`)) return [];
  return readdirSync(`${root}/scenarios`, { recursive: true })
    .map((file) => `scenarios/${String(file).replaceAll('\\', '/')}`)
    .filter((file) => /\.(ts|ya?ml)$/.test(file))
    .sort((a, b) => a.split('/').length - b.split('/').length || numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
}

function numberOf(file) {
  return Number(/\/(\d+)-[^/]*$/.exec(file)?.[1] ?? 0);
}

/** Source of a module that exports `shipped`: `{ file, definition }` of a TypeScript scenario, `{ file, text }` of a YAML one. */
export function scenarioModule(root) {
  const files = listScenarioFiles(root);
  const lines = files.map((file, i) => {
    const name = JSON.stringify(file);
    if (file.endsWith('.ts'))
      return `import d${i} from ${JSON.stringify(`${root}/${file}`)};\nadd({ file: ${name}, definition: d${i} });`;
    return `add({ file: ${name}, text: ${JSON.stringify(readFileSync(`${root}/${file}`, 'utf8'))} });`;
  });
  return `export const shipped = [];\nfunction add(scenario) { shipped.push(scenario); }\n${lines.join('\n')}\n`;
}
