import type { TaskRef } from '../../task/types';
import type { RefusalForm } from './refusal';

/** What the tasks of one route have of their own. */
export interface TaskForm extends RefusalForm {
	/** Names of the id that only this route has, before all others. */
	idNames?: readonly string[];
	/** The provider's own answer inside CometAPI's wrapper counts before the wrapper. */
	isPayloadFirst?: boolean;
	/** `progress` of the provider's own answer runs from 0 to 1. */
	isProgressFraction?: boolean;
	/** Where the file is when no link is named, or when it does not work. */
	contentPath?(ref: TaskRef): string;
	/** Some of the route's tasks make pictures. */
	mayMakePictures?: boolean;
}
