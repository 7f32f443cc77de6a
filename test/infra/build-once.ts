/** Before any test: builds `dist/`, because the tests of the command line run the program as users do. */
import { buildAll } from '../../scripts/build.mjs';

export default async function setup(): Promise<void> {
  await buildAll();
}
