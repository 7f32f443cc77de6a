/**
 * Which language the command line speaks: `--lang`, wherever it stands, and English without it. The environment has no say, so that a
 * command prints the same everywhere. Known before the flags are read, because help and usage errors are said in it too.
 */
import { type Catalogue, speak } from '../report/messages/catalogue.ts';
import { en } from '../report/messages/en.ts';
import { readName } from './flags.ts';

/** Catalogues by the name of their language; one that nobody asks for is not loaded. */
const catalogues: Readonly<Record<string, () => Promise<Catalogue>>> = {
  en: async () => en,
  zh: async () => (await import('../report/messages/zh.ts')).zh,
};

/** What `--lang` may say. */
export const languages: readonly string[] = Object.keys(catalogues);

/** Speaks what the arguments ask for. @throws BadInput */
export async function speakAsAsked(args: readonly string[]): Promise<void> {
  speak(en);
  const asked = languageOf(args);
  if (asked === null) return;
  const catalogue = await catalogues[readName('not-a-language', asked, languages)]?.();
  if (catalogue !== undefined) speak(catalogue);
}

/** The value of the last `--lang` before `--`; null without any. */
function languageOf(args: readonly string[]): string | null {
  let asked: string | null = null;
  for (const [i, arg] of args.entries()) {
    if (arg === '--') break;
    if (arg === '--lang') asked = args[i + 1] ?? asked;
    else if (arg.startsWith('--lang=')) asked = arg.slice('--lang='.length);
  }
  return asked;
}
