/** The workflows of `examples/`, as a person imports them: each of our nodes needs its credential chosen. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import type { CredentialReference, WorkflowDefinition } from './host/n8nClient';
import { PACKAGE_NAME, PROJECT_FOLDER } from './host/projectFolder';

const FOLDER = join(PROJECT_FOLDER, 'examples');

export const EXAMPLE_FILES = readdirSync(FOLDER)
	.filter((name) => name.endsWith('.json') && !name.startsWith('tsconfig'))
	.sort();

export function readExample(file: string): WorkflowDefinition {
	return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as WorkflowDefinition;
}

const isOurNode = ({ type }: INode): boolean => type.startsWith(`${PACKAGE_NAME}.`);

/** The workflow with the credential chosen wherever a node asks for one of its type. */
export function withCredential(
	definition: WorkflowDefinition,
	{ id, name, type }: CredentialReference,
): WorkflowDefinition {
	const nodes = definition.nodes.map((node) =>
		node.credentials?.[type] ? { ...node, credentials: { ...node.credentials, [type]: { id, name } } } : node,
	);
	return { ...definition, nodes };
}

/** The workflow with our waiting nodes looking at their tasks every `seconds` (at least 2) from the start. */
export function withPollInterval(definition: WorkflowDefinition, seconds: number): WorkflowDefinition {
	const nodes = definition.nodes.map((node) => {
		const { parameters } = node;
		if (!isOurNode(node) || parameters.waitForCompletion === false) return node;
		const waitingOptions = { ...(parameters.waitingOptions as object | undefined), pollInterval: seconds };
		return { ...node, parameters: { ...parameters, waitingOptions } };
	});
	return { ...definition, nodes };
}
