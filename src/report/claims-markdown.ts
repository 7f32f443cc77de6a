/** `docs/claims.md`: every statement with its verdict, in both languages, and the line that shows it. */
import { type Both, claimSections, type KafkaClaim, verdictWords } from './messages/claims.ts';

/** The whole document. */
export function claimsMarkdown(): string {
  const lines = [
    '# What study notes say of Kafka, and what becomes of it · 关于 Kafka 的常见说法及其检验',
    '',
    'Each statement is confirmed, true only if, outdated since, wrong, or open where Spillway does not simulate what it is about yet. The',
    'line under it shows it: it runs a scenario in every case, and a test runs every line. Generated from `src/report/messages/claims.ts`.',
    '',
    '每一条说法：属实、有条件成立、已过时、错误，或者在 Spillway 尚未模拟时为待定。其下的命令会运行一个场景的所有情形来演示，测试会运行每一条命令。',
    '本文件由 `src/report/messages/claims.ts` 生成。',
  ];
  for (const { title, claims } of claimSections) {
    lines.push('', `## ${title.en} · ${title.zh}`);
    for (const claim of claims) lines.push('', ...claimLines(claim));
  }
  return `${lines.join('\n')}\n`;
}

function claimLines({ id, statement, verdict, version, reason, scenario }: KafkaClaim): string[] {
  const word = verdictWords[verdict];
  const since = (text: string): string => (version === null ? text : `${text} (${version})`);
  const told = (language: keyof Both): string =>
    `${statement[language]} — **${since(word[language])}**${language === 'en' ? '.' : '。'}`;
  const lines = [`### ${id}`, '', `${told('en')} ${reason.en}`, '', `${told('zh')}${reason.zh}`];
  return scenario === null ? lines : [...lines, '', '```sh', replayLine(scenario), '```'];
}

/** What to paste. */
export function replayLine(scenario: string): string {
  return `npx spillway run ${scenario}`;
}
