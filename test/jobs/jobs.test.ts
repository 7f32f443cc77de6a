/**
 * The job files in `docs/jobs`: what they say is what their engines know, and their commands, run here with the values that an engine
 * would put in, give byte for byte what one machine gives.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Job as KubernetesJob } from 'kubernetes-models/batch/v1';
import { PersistentVolumeClaim } from 'kubernetes-models/v1';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { templates } from '../../src/cli/templates.ts';
import { freshFolder } from '../cli/harness.ts';
import { program } from '../infra/program.ts';
import { root } from '../infra/sources.ts';

const text = (file: string): string => readFileSync(`${root}/docs/jobs/${file}`, 'utf8');

/** As a workflow writes it. */
const expression = (name: string): string => `\${{ ${name} }}`;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly env: { readonly CAMPAIGN: string };
  readonly jobs: Readonly<
    Record<
      'shard' | 'merge',
      { readonly needs?: string; readonly strategy?: { readonly matrix: { readonly shard: number[] } }; readonly steps: Step[] }
    >
  >;
}

/** A project with two scenarios, and an `npx` that finds the program that was built. */
function project(): string {
  const cwd = freshFolder();
  mkdirSync(join(cwd, 'scenarios'));
  mkdirSync(join(cwd, 'bin'));
  for (const name of ['lost-ack', 'power-loss']) writeFileSync(join(cwd, 'scenarios', `${name}.yaml`), templates[name]!.yaml);
  const npx = `#!/bin/sh\n[ "$1" = spillway ] || exit 127\nshift\nexec '${process.execPath}' '${root}/dist/cli.js' "$@"\n`;
  writeFileSync(join(cwd, 'bin', 'npx'), npx);
  chmodSync(join(cwd, 'bin', 'npx'), 0o755);
  return cwd;
}

interface Done {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function shell(name: 'bash' | 'sh', script: string, cwd: string, env: Readonly<Record<string, string>>): Done {
  const path = `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`;
  const flags = name === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail', '-c'] : ['-c'];
  const { status, stdout, stderr } = spawnSync(name, [...flags, script], { cwd, env: { PATH: path, ...env }, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('GitHub Actions', () => {
  const workflow = parse(text('github-actions.yml')) as Workflow;
  const { shard, merge } = workflow.jobs;
  const commands = (steps: readonly Step[]): string[] => steps.flatMap(({ run }) => (run?.includes('spillway') ? [run] : []));

  test('hands the parts of every shard to the job that merges', () => {
    const used = (steps: readonly Step[], name: string): Step => steps.find(({ uses }) => uses?.startsWith(name) === true)!;
    const up = used(shard.steps, 'actions/upload-artifact').with!;
    const down = used(merge.steps, 'actions/download-artifact').with!;
    expect(up).toEqual({ name: `part-${expression('matrix.shard')}`, path: 'parts/*.blob' });
    expect(down).toEqual({ pattern: 'part-*', path: 'parts', 'merge-multiple': true });
    expect(merge.needs).toBe('shard');
    expect(shard.strategy!.matrix.shard).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ['as expected', [], 0],
    ['broken', ['--mutant', 'no-dedup'], 1],
  ])('prints what one machine prints: %s', { timeout: 120_000 }, (_name, more, status) => {
    const cwd = project();
    const campaign = ['run', 'scenarios', '--seeds', '7', ...more];
    expect(workflow.env.CAMPAIGN).toMatch(/^run scenarios --seeds \d+$/);
    const env = {
      CAMPAIGN: campaign.join(' '),
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
    };
    const all = shard.strategy!.matrix.shard;
    const [command = '', ...others] = commands(shard.steps);
    expect(others).toEqual([]);
    for (const one of all) {
      const filled = command
        .replaceAll(expression('matrix.shard'), String(one))
        .replaceAll(expression('strategy.job-total'), String(all.length));
      expect(filled).not.toContain('{{');
      expect(shell('bash', filled, cwd, env)).toMatchObject({ code: 0 });
    }
    expect(existsSync(env.GITHUB_STEP_SUMMARY)).toBe(false);
    const [together = ''] = commands(merge.steps);
    const merged = shell('bash', together, cwd, env);
    const flags = ['--reporter', 'text,github,junit=one/junit.xml', '--output-file', 'one/runs.json'];
    const one = program([...campaign, ...flags], { cwd, env: { GITHUB_STEP_SUMMARY: join(cwd, 'one.md') } });
    expect({ code: merged.code, out: merged.out }).toEqual({ code: one.code, out: one.out });
    expect(merged.code).toBe(status);
    for (const [mine, theirs] of [
      ['report/junit.xml', 'one/junit.xml'],
      ['report/runs.json', 'one/runs.json'],
      ['summary.md', 'one.md'],
    ] as const) {
      expect(readFileSync(join(cwd, mine), 'utf8'), mine).toBe(readFileSync(join(cwd, theirs), 'utf8'));
    }
  });
});

interface Container {
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface JobFile {
  readonly kind: string;
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly template: { readonly spec: { readonly restartPolicy: string; readonly containers: readonly Container[] } };
  };
}

describe('Kubernetes', () => {
  const documents = parseAllDocuments(text('kubernetes-indexed-job.yaml')).map((document) => document.toJS() as JobFile);
  const [claim, shards, merge] = documents as [JobFile, JobFile, JobFile];
  const containerOf = ({ spec }: JobFile): Container => spec.template.spec.containers[0]!;
  const envOf = (job: JobFile): Record<string, string> =>
    Object.fromEntries(containerOf(job).env.map(({ name, value }) => [name, value]));

  test('knows every field of the file, and has all it needs', { timeout: 60_000 }, () => {
    for (const job of [shards, merge]) new KubernetesJob(job as never).validate();
    new PersistentVolumeClaim(claim as never).validate();
    expect(unknownFields('batch/v1', 'IJob', shards)).toEqual([]);
    expect(unknownFields('batch/v1', 'IJob', merge)).toEqual([]);
    expect(unknownFields('v1', 'IPersistentVolumeClaim', claim)).toEqual([]);
    const wrong = { ...shards, spec: { ...shards.spec, completionMod: 'Indexed' } };
    expect(unknownFields('batch/v1', 'IJob', wrong)[0]).toContain('completionMod');
    expect(() => new KubernetesJob({ ...merge, spec: { ...merge.spec, backoffLimit: 'none' } } as never).validate()).toThrow();
  });

  test('has one pod for each shard', () => {
    const { completionMode, completions, parallelism, template } = shards.spec;
    expect(completionMode).toBe('Indexed');
    expect(parallelism).toBe(completions);
    expect(envOf(shards)['SHARDS']).toBe(String(completions));
    expect(envOf(merge)['SHARDS']).toBe(String(completions));
    // Kubernetes refuses backoffLimitPerIndex with any other.
    expect(template.spec.restartPolicy).toBe('Never');
    for (const job of [shards, merge]) expect(containerOf(job).volumeMounts[0]?.mountPath).toBe(envOf(job)['PARTS']);
  });

  test('prints what one machine prints, also when a pod dies and is begun again', { timeout: 120_000 }, () => {
    const cwd = project();
    const parts = join(cwd, 'parts');
    const campaign = 'run scenarios --seeds 40';
    const pod = (job: JobFile, more: Readonly<Record<string, string>>, wrap = (script: string) => script): Done => {
      const { command, args } = containerOf(job);
      expect(command).toEqual(['sh', '-c']);
      const env = { ...envOf(job), PARTS: parts, CAMPAIGN: campaign, ...more };
      return shell('sh', wrap(args[0]!), cwd, env);
    };
    const { completions = 0 } = shards.spec;
    for (let index = 0; index < completions; index++) {
      const env = { JOB_COMPLETION_INDEX: String(index) };
      if (index === 3) {
        const shot = (script: string): string =>
          `(${script}) & until [ "$(wc -c 2>/dev/null < $PARTS/3.blob.journal || echo 0)" -gt 30000 ]; do :; done; kill -9 $!; wait $!`;
        expect(pod(shards, env, shot).code).toBe(137);
        expect(readdirSync(parts)).toEqual(['0.blob', '1.blob', '2.blob', '3.blob.journal']);
      }
      const { code, err } = pod(shards, env);
      expect(code).toBe(0);
      expect(/going on: [1-9]\d* of 20 tasks were done before/.test(err)).toBe(index === 3);
    }
    const merged = pod(merge, {});
    const one = program([...campaign.split(' '), '--reporter', 'text,junit=one.xml', '--output-file', 'one.json'], { cwd });
    expect({ code: merged.code, out: merged.out }).toEqual({ code: 0, out: one.out });
    expect(readFileSync(join(parts, 'runs.json'), 'utf8')).toBe(readFileSync(join(cwd, 'one.json'), 'utf8'));
    expect(readFileSync(join(parts, 'junit.xml'), 'utf8')).toBe(readFileSync(join(cwd, 'one.xml'), 'utf8'));
  });
});

/** What the compiler has against the data as a literal of the type: fields that the engine does not know, values of another type. */
function unknownFields(module: string, type: string, data: unknown): string[] {
  const name = `${root}/job-file.ts`;
  const source = `import type { ${type} } from 'kubernetes-models/${module}';\nexport const file: ${type} = ${JSON.stringify(data)};\n`;
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [] },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022 },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => file === name || fileExists(file);
  host.readFile = (file) => (file === name ? source : readFile(file));
  host.getSourceFile = (file, version, ...rest) =>
    file === name ? ts.createSourceFile(name, source, version, true) : getSourceFile(file, version, ...rest);
  const checked = ts.createProgram([name], options, host);
  const file = checked.getSourceFile(name);
  const found = [...checked.getSyntacticDiagnostics(file), ...checked.getSemanticDiagnostics(file)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
