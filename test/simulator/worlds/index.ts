/** All doubtful worlds, by what is doubtful in them. */
import type { DoubtfulWorld } from './doubtfulWorld';
import {
	FAILURE_WORD_WORLDS,
	OPEN_WORD_WORLDS,
	REASON_WORLDS,
	SUCCESS_WORD_WORLDS,
	TIME_WORLDS,
	UNKNOWN_END_WORLDS,
} from './endWorlds';
import { LATE_FILE_WORLDS, NO_FILE_WORLDS } from './fileWorlds';
import { ID_FORM_WORLDS, ID_PLACE_WORLDS, UNKNOWN_OUTCOME_WORLDS } from './idWorlds';
import { LINK_WORLDS } from './linkWorlds';
import { STRAY_WORLDS, WRAP_WORLDS } from './lookWorlds';
import { KEY_ECHO_WORLDS, NO_CREDIT_WORLDS, REFUSED_CREATE_WORLDS, REFUSED_LOOK_WORLDS } from './refusalWorlds';

export { CATALOGUE_FORMS } from './catalogueForms';
export { combineWorlds } from './combineWorlds';
export { FILE_REFUSAL_WORLDS } from './refusalWorlds';
export type { DoubtfulWorld, Envelope } from './doubtfulWorld';

export type WorldKind =
	| 'idPlace'
	| 'idForm'
	| 'unknownOutcome'
	| 'refusedCreate'
	| 'noCredit'
	| 'keyEcho'
	| 'openWord'
	| 'stray'
	| 'wrap'
	| 'time'
	| 'successWord'
	| 'link'
	| 'lateFile'
	| 'noFile'
	| 'failureWord'
	| 'unknownEnd'
	| 'reason'
	| 'refusedLook';

export const WORLDS_BY_KIND: Readonly<Record<WorldKind, readonly DoubtfulWorld[]>> = {
	idPlace: ID_PLACE_WORLDS,
	idForm: ID_FORM_WORLDS,
	unknownOutcome: UNKNOWN_OUTCOME_WORLDS,
	refusedCreate: REFUSED_CREATE_WORLDS,
	noCredit: NO_CREDIT_WORLDS,
	keyEcho: KEY_ECHO_WORLDS,
	openWord: OPEN_WORD_WORLDS,
	stray: STRAY_WORLDS,
	wrap: WRAP_WORLDS,
	time: TIME_WORLDS,
	successWord: SUCCESS_WORD_WORLDS,
	link: LINK_WORLDS,
	lateFile: LATE_FILE_WORLDS,
	noFile: NO_FILE_WORLDS,
	failureWord: FAILURE_WORD_WORLDS,
	unknownEnd: UNKNOWN_END_WORLDS,
	reason: REASON_WORLDS,
	refusedLook: REFUSED_LOOK_WORLDS,
};

export const DOUBTFUL_WORLDS: readonly DoubtfulWorld[] = Object.values(WORLDS_BY_KIND).flat();
