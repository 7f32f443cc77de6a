/** Fenced blocks of a Markdown document: their language, text and place. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** Offset of `text` in the document. */
  readonly offset: number;
}

export function blocksOf(document: string): Block[] {
  const blocks: Block[] = [];
  const fence = /^(```+)([a-z]*)[^\n]*\n([\s\S]*?)^\1[ \t]*$/gm;
  for (const match of document.matchAll(fence)) {
    const before = document.slice(0, match.index);
    const offset = match.index + match[0].indexOf('\n') + 1;
    blocks.push({ language: match[2] ?? '', text: match[3] ?? '', line: before.split('\n').length, offset });
  }
  return blocks;
}

/** A command of a `console` block, and what the document says that it prints. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

/** `$ command` lines, each with the lines up to the next one. */
export function commandsOf(text: string): Shown[] {
  const parts = text.split(/^\$ /m).slice(1);
  return parts.map((part) => {
    const end = part.indexOf('\n');
    return { command: part.slice(0, end).trim(), output: part.slice(end + 1) };
  });
}

export function printCommands(commands: readonly Shown[]): string {
  return commands.map(({ command, output }) => `$ ${command}\n${output}`).join('');
}

/** A line `…` stands for any lines; everything else must be equal. */
export function agrees(written: string, actual: string): boolean {
  if (!written.includes('\n…\n') && !written.startsWith('…\n')) return written.trimEnd() === actual.trimEnd();
  const parts = written
    .trimEnd()
    .split(/^…$/m)
    .map((part) => part.replace(/^\n|\n$/g, ''));
  let at = 0;
  for (const part of parts) {
    const found = part === '' ? at : actual.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
