/** Which task an item of the Task operations means. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { DETECT_PROVIDER } from '../../description/taskFields';
import { findProvider } from '../../providers';
import type { VideoProvider } from '../../providers/types';
import { knownColumns, readTaskId, toTaskReference } from '../../providers/taskReference';
import type { TaskReference } from '../../providers/taskReference';
import { InvalidInputError } from '../../task/errors';
import { asText } from '../../task/asText';

/** @throws InvalidInputError */
export function readTaskReference(context: IExecuteFunctions, itemIndex: number): TaskReference {
	const taskId = readTaskId(context.getNodeParameter('taskId', itemIndex, ''));
	const json = context.getInputData()[itemIndex]?.json ?? {};
	// Sheets give numbers, and texts with blanks around them.
	const known = asText(json.taskId).trim() === taskId ? json : {};
	const text = (key: string) => (typeof known[key] === 'string' ? known[key] : undefined);
	const provider = readProvider(context, itemIndex, text('provider'));
	const given = asText(context.getNodeParameter('options.route', itemIndex, '')).trim();
	const routeOfItem = provider && text('provider') === provider.id ? text('route') : undefined;
	return toTaskReference(taskId, provider, given || routeOfItem, knownColumns(known));
}

function readProvider(
	context: IExecuteFunctions,
	itemIndex: number,
	ofItem: string | undefined,
): VideoProvider | undefined {
	const chosen = asText(context.getNodeParameter('taskProvider', itemIndex, DETECT_PROVIDER) ?? DETECT_PROVIDER);
	if (chosen === DETECT_PROVIDER) return ofItem === undefined ? undefined : findProvider(ofItem);
	const provider = findProvider(chosen);
	if (!provider)
		throw new InvalidInputError(`Provider "${chosen}" does not exist`, 'Choose a provider from the list, or Detect.');
	return provider;
}
