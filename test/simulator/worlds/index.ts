/** All doubtful worlds. */
import type { DoubtfulWorld } from './doubtfulWorld';
import { ID_WORLDS } from './idWorlds';
import { LINK_WORLDS } from './linkWorlds';
import { REFUSAL_WORLDS } from './refusalWorlds';
import { TASK_WORLDS } from './taskWorlds';

export { CATALOGUE_FORMS } from './catalogueForms';
export type { CatalogueForm } from './catalogueForms';
export { FILE_REFUSAL_WORLDS } from './refusalWorlds';
export type { DoubtfulWorld, Envelope, Outcome } from './doubtfulWorld';

export const DOUBTFUL_WORLDS: readonly DoubtfulWorld[] = [
	...LINK_WORLDS,
	...ID_WORLDS,
	...REFUSAL_WORLDS,
	...TASK_WORLDS,
];
